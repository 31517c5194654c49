import { createModuleWorker, type WorkerHandle } from '../../../platform/module-worker.ts';
import type { Engine } from '../../engine.ts';
import { WllamaEngine, type WllamaEngineOptions } from '../wllama-engine.ts';
import type { Fault } from './worker/faulty-prelude.ts';
import prelude from './worker/faulty-prelude.ts?worker-file';
import workerScript from './worker/faulty-wllama-worker.ts?worker-file';

const workers = new WeakMap<Engine, WorkerHandle>();

/** A llama.cpp engine whose inner worker fails on request. */
export function createFaultyEngine(options: WllamaEngineOptions): WllamaEngine {
  const engine: WllamaEngine = new WllamaEngine({
    backend: { kind: 'single' },
    ...options,
    prelude,
    createWorker: () => {
      const worker = createModuleWorker(workerScript, 'faulty-wllama');
      workers.set(engine, worker);
      return worker;
    },
  });
  return engine;
}

/** Makes llama.cpp's worker fail now. */
export function strike(engine: Engine, fault: Fault): void {
  const worker = workers.get(engine);
  if (worker === undefined) throw new Error('the engine has no worker');
  worker.postMessage({ fault });
}
