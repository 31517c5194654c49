import { createModuleWorker } from '../../../platform/module-worker.ts';
import type { Engine } from '../../engine.ts';
import { WllamaEngine, type WllamaEngineOptions } from '../wllama-engine.ts';
import type { Fault } from './worker/faulty-prelude.ts';
import preludeUrl from './worker/faulty-prelude.ts?worker&url';
import workerUrl from './worker/faulty-wllama-worker.ts?worker&url';

const workers = new WeakMap<Engine, Worker>();

/** A llama.cpp engine whose inner worker fails on request. */
export function createFaultyEngine(options: WllamaEngineOptions): WllamaEngine {
  const engine: WllamaEngine = new WllamaEngine({
    backend: { kind: 'single' },
    ...options,
    preludeUrl,
    createWorker: () => {
      const worker = createModuleWorker(workerUrl, 'faulty-wllama');
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
