import type { ModelTarget } from '../../models/backend.ts';
import type { WireError } from '../../platform/errors.ts';
import type { GenerateEvent, GenerateRequest } from '../engine.ts';
import type { Question, Reply } from '../worker-engine/worker-protocol.ts';

/**
 * Version of these messages, which each of them carries: tabs may run different builds. A tab takes only messages of its
 * own version, with two exceptions that stay as they are in every version: `hello` is answered by `host`, and the lock of
 * the host may be stolen. Change it with every change of a message or of what a message carries.
 */
export const WIRE_VERSION = 1;

/** A message as it travels. */
export type Versioned<Message> = Message & { readonly version: number };

/** What a client (one SharedEngine, in any tab or frame) asks of the host. `from` is the client's id. */
export type ClientMessage = { readonly from: string } & (
  | { readonly type: 'hello' }
  | CallMessage
  | { readonly type: 'cancel'; readonly callId: number }
  | { readonly type: 'unload' }
  /** Asks a host that has been silent for a sign of life. */
  | { readonly type: 'ping' }
  | { readonly type: 'bye' }
);

/** A call names its model, so that any host can serve it, also one that has another model loaded or none. */
export type CallMessage = { readonly callId: number } & ModelTarget & CallTask;

export type CallTask =
  | { readonly type: 'load' }
  | { readonly type: 'generate'; readonly request: GenerateRequest }
  | { readonly type: 'ask'; readonly question: Question };

export type ClientCall = ClientMessage & CallMessage;

/** What the host says to one client, or to everyone. `hostId` tells it from one that has been replaced. */
export type HostMessage = { readonly to: string; readonly hostId: string } & HostNews;

export type HostNews =
  /** The answer to `hello`, and the first message of a new host to everyone. */
  | { readonly type: 'host' }
  | { readonly type: 'pong' }
  /** The call has left the queue. */
  | { readonly type: 'started'; readonly callId: number }
  | { readonly type: 'event'; readonly callId: number; readonly event: GenerateEvent }
  | { readonly type: 'reply'; readonly callId: number; readonly reply: Reply }
  | { readonly type: 'done'; readonly callId: number }
  | { readonly type: 'failed'; readonly callId: number; readonly error: WireError }
  | { readonly type: 'unloaded' }
  /** The model was lost while no call was open. */
  | { readonly type: 'lost'; readonly error: WireError };

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
