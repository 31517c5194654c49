import type { ModelRecord } from '../../../models/model-record.ts';
import { announceRequests } from '../../../platform/requests.ts';
import type { GenerateRequest } from '../../engine.ts';
import type { FromWorker, LoadOptions, Question, ToWorker } from '../worker-protocol.ts';
import { holdLifeLock } from './life-lock.ts';

/** Runs the one model of an engine's worker. It reports everything by posting messages. */
export interface ModelHost {
  load(model: ModelRecord, options: LoadOptions): Promise<void>;
  generate(request: GenerateRequest): Promise<void>;
  /** Posts one reply, then `done`. */
  ask(question: Question): Promise<void>;
  interrupt(): void;
  /** Calls back when the library has given a sign of life. */
  ping(onAlive: () => void): void;
}

/** The worker's end of the protocol: passes the page's calls to the host, and reports to the page that the worker lives. */
export function serveModel(createHost: (post: (message: FromWorker) => void) => ModelHost): void {
  const post = (message: FromWorker): void => postMessage(message);
  const host = createHost(post);
  addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
    switch (data.type) {
      case 'load':
        void host.load(data.model, data);
        break;
      case 'generate':
        void host.generate(data.request);
        break;
      case 'ask':
        void host.ask(data.question);
        break;
      case 'interrupt':
        host.interrupt();
        break;
      case 'ping':
        host.ping(() => post({ type: 'pong' }));
        break;
    }
  });
  announceRequests();
  holdLifeLock((lockName) => post({ type: 'started', lockName }));
}
