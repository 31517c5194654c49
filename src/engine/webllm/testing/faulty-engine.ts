import { createModuleWorker, type WorkerHandle } from '../../../platform/module-worker.ts';
import type { Engine } from '../../engine.ts';
import type { WorkerEngineOptions } from '../../worker-engine/worker-engine.ts';
import { WebLlmEngine } from '../webllm-engine.ts';
import type { Fault } from './worker/faulty-webllm-worker.ts';
import workerScript from './worker/faulty-webllm-worker.ts?worker-file';

const workers = new WeakMap<Engine, WorkerHandle>();

/** A web-llm engine whose worker fails on request. */
export function createFaultyEngine(options: WorkerEngineOptions): WebLlmEngine {
  const engine: WebLlmEngine = new WebLlmEngine({
    ...options,
    createWorker: () => {
      const worker = createModuleWorker(workerScript, 'faulty-webllm');
      workers.set(engine, worker);
      return worker;
    },
  });
  return engine;
}

/** Makes the engine's worker fail now. */
export function strike(engine: Engine, fault: Fault): void {
  const worker = workers.get(engine);
  if (worker === undefined) throw new Error('the engine has no worker');
  worker.postMessage({ fault });
}
