import type { Backend } from '../../models/backend.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import type { WireError } from '../../platform/errors.ts';
import type { GenerateRequest } from '../engine.ts';
import type { CallEvent, Question } from '../worker-engine/worker-protocol.ts';

/** What a client (one SharedEngine, in any tab or frame) asks of the host. `from` is the client's id. */
export type ClientMessage = { readonly from: string } & (
  | { readonly type: 'hello' }
  | {
      readonly type: 'load';
      readonly callId: number;
      readonly model: ModelRecord;
      readonly way: Backend | undefined;
    }
  /** Names its model, so that any host can serve it, also one that has another model loaded or none. */
  | {
      readonly type: 'generate';
      readonly callId: number;
      readonly model: ModelRecord;
      readonly way: Backend | undefined;
      readonly request: GenerateRequest;
    }
  | {
      readonly type: 'ask';
      readonly callId: number;
      readonly model: ModelRecord;
      readonly way: Backend | undefined;
      readonly question: Question;
    }
  | { readonly type: 'cancel'; readonly callId: number }
  | { readonly type: 'unload' }
  | { readonly type: 'bye' }
);

export type ClientCall = ClientMessage & { readonly type: 'load' | 'generate' | 'ask' };

/** What the host says to one client, or to all that listen. */
export type HostMessage = { readonly to: string } /** The answer to `hello`, and what a new host tells everyone. */ & (
  | { readonly type: 'host'; readonly hostId: string }
  /** The call has left the queue. */
  | { readonly type: 'started'; readonly callId: number }
  | { readonly type: 'event'; readonly callId: number; readonly event: CallEvent }
  | { readonly type: 'done'; readonly callId: number }
  | { readonly type: 'failed'; readonly callId: number; readonly error: WireError }
  | { readonly type: 'unloaded' }
  /** The model was lost while no call was open. */
  | { readonly type: 'lost'; readonly error: WireError }
);

export const EVERYONE = '*';

export function engineChannelName(scope: string): string {
  return `alcove-engine:${scope}`;
}

/** Held by the host, queued for by everyone who might take over. */
export function hostLockName(scope: string): string {
  return `alcove-engine:${scope}`;
}

/** Held by a client for its life, so that the host notices its end. */
export function clientLockName(clientId: string): string {
  return `alcove-engine-client:${clientId}`;
}
