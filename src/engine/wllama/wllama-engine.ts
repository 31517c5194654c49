import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import compatWasmUrl from '@wllama/wllama-compat/wasm/wllama.wasm?url';
import { AlcoveError } from '../../errors.ts';
import type { Rung } from '../../models/run-way.ts';
import { createModuleWorker } from '../../module-worker.ts';
import { hasWebAssembly } from '../../wasm-build.ts';
import type { EngineProbe } from '../engine.ts';
import { probeDevice } from '../probe-device.ts';
import { WorkerEngine, type WorkerEngineOptions } from '../worker-engine.ts';
import preludeUrl from './worker/inner-prelude.ts?worker&url';
import workerUrl from './worker/wllama-worker.ts?worker&url';

export interface WllamaEngineOptions extends WorkerEngineOptions {
  /** What to run on where a load does not say; default: the best that this device offers. */
  readonly rung?: Rung;
  /** For `rung`. */
  readonly threadCount?: number;
  /** For tests: a module with faults built in, for the worker that wllama makes. */
  readonly preludeUrl?: string;
}

/**
 * llama.cpp gives a sign of life between two steps only: a batch of the prompt, or the warm-up. On one slow core a step
 * may take a minute.
 */
const HUNG_AFTER_MS = { loading: 120_000, generating: 120_000 } as const;

/** llama.cpp as WebAssembly, through wllama: any GGUF file, with or without WebGPU. */
export class WllamaEngine extends WorkerEngine {
  readonly id = 'wllama';

  constructor(options: WllamaEngineOptions = {}) {
    const { createWorker, hungAfterMs = HUNG_AFTER_MS, storeName, rung, threadCount } = options;
    const create = createWorker ?? (() => createModuleWorker(workerUrl, 'alcove-wllama'));
    const llama = {
      wasmUrl: absolute(wasmUrl),
      compatWasmUrl: absolute(compatWasmUrl),
      preludeUrl: absolute(options.preludeUrl ?? preludeUrl),
    };
    const way = rung && { rung, ...(threadCount !== undefined && { threadCount }) };
    super(create, hungAfterMs, { storeName, llama, way });
  }

  async probe(): Promise<EngineProbe> {
    const device = await probeDevice();
    if (hasWebAssembly()) return { supported: true, device };
    return { supported: false, device, reason: new AlcoveError('load-failed', 'no WebAssembly') };
  }
}

function absolute(url: string): string {
  return new URL(url, import.meta.url).href;
}
