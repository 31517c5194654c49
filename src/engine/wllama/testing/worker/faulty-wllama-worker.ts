import { serveModel } from '../../../worker-engine/worker/serve-model.ts';
import { WllamaHost } from '../../worker/wllama-host.ts';
import type { Fault } from './faulty-prelude.ts';

/** The workers that wllama has created. */
const inner: Worker[] = [];
const { Worker: RealWorker } = globalThis;
globalThis.Worker = class extends RealWorker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    inner.push(this);
  }
};

addEventListener('message', ({ data }: MessageEvent<{ readonly fault?: Fault }>) => {
  if (data.fault !== undefined) for (const worker of inner) worker.postMessage(data);
});

serveModel((post) => new WllamaHost(post));
