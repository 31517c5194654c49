import type { ModelRecord } from '../../../models/model-record.ts';
import { announceRequests } from '../../../platform/requests.ts';
import type { GenerateRequest } from '../../engine.ts';
import type { FromWorker, LoadOptions, Question, ToWorker } from '../worker-protocol.ts';
import { holdLifeLock } from './life-lock.ts';

/** What an engine's worker runs its one model with. All that it has to say it posts. */
export interface ModelHost {
  load(model: ModelRecord, options: LoadOptions): Promise<void>;
  generate(request: GenerateRequest): Promise<void>;
  /** Posts the reply as the one event of the call. */
  ask(question: Question): Promise<void>;
  interrupt(): void;
  /** Calls back when what does the work has given a sign of life. */
  ping(onAlive: () => void): void;
}

/** The worker's end of the protocol: hands what the page asks to the host, and tells the page that it lives. */
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
