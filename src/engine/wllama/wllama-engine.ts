import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import compatWasmUrl from '@wllama/wllama-compat/wasm/wllama.wasm?url';
import type { Backend, Rung } from '../../models/backend.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { createModuleWorker } from '../../platform/module-worker.ts';
import { hasWebAssembly } from '../../platform/wasm-build.ts';
import type { Capabilities, EngineProbe } from '../engine.ts';
import { probeDevice } from '../probe-device.ts';
import { type HungAfterMs, WorkerEngine, type WorkerEngineOptions } from '../worker-engine/worker-engine.ts';
import type { LoadOptions } from '../worker-engine/worker-protocol.ts';
import preludeUrl from './worker/inner-prelude.ts?worker&url';
import { LLAMA_CAPABILITIES } from './worker/llama-capabilities.ts';
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
 * llama.cpp answers a ping only between two steps, such as a batch of the prompt or the warm-up. On one slow core a step may
 * take a minute.
 */
const HUNG_AFTER_MS = { loading: 120_000, generating: 120_000 } as const;

/** llama.cpp as WebAssembly, through wllama: any GGUF file, with or without WebGPU. */
export class WllamaEngine extends WorkerEngine {
  readonly id = 'wllama';
  readonly #createEmbedder: () => EmbeddingModel;
  #embedder: EmbeddingModel | undefined;

  constructor(options: WllamaEngineOptions = {}) {
    const { createWorker, hungAfterMs = HUNG_AFTER_MS, storeName, rung, threadCount } = options;
    const create = createWorker ?? (() => createModuleWorker(workerUrl, 'alcove-wllama'));
    const llama = {
      wasmUrl: absolute(wasmUrl),
      compatWasmUrl: absolute(compatWasmUrl),
      preludeUrl: absolute(options.preludeUrl ?? preludeUrl),
      embeddings: false,
    };
    const way: Backend | undefined = rung && { rung, ...(threadCount !== undefined && { threadCount }) };
    super(create, hungAfterMs, { storeName, llama, way });
    this.#createEmbedder = () =>
      new EmbeddingModel(create, hungAfterMs, { storeName, llama: { ...llama, embeddings: true }, way });
  }

  async probe(): Promise<EngineProbe> {
    const device = await probeDevice();
    if (hasWebAssembly()) return { supported: true, device };
    return { supported: false, device, reason: new AlcoveError('load-failed', 'no WebAssembly') };
  }

  async embed(model: ModelRecord, texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    this.#embedder ??= this.#createEmbedder();
    return this.#embedder.embed(model, texts, signal);
  }

  override async unload(): Promise<void> {
    this.#dropEmbedder();
    await super.unload();
  }

  override dispose(): void {
    this.#dropEmbedder();
    super.dispose();
  }

  protected expectedCapabilities(): Capabilities {
    return LLAMA_CAPABILITIES;
  }

  #dropEmbedder(): void {
    this.#embedder?.dispose();
    this.#embedder = undefined;
  }
}

/** A second llama.cpp, which makes vectors: one context cannot do that and write. */
class EmbeddingModel extends WorkerEngine {
  readonly id = 'wllama';

  constructor(createWorker: () => Worker, hungAfterMs: HungAfterMs, loadOptions: LoadOptions) {
    super(createWorker, hungAfterMs, loadOptions);
  }

  async probe(): Promise<EngineProbe> {
    return { supported: true, device: await probeDevice() };
  }

  async embed(model: ModelRecord, texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> {
    for await (const step of this.load(model, signal)) void step;
    const reply = await this.ask({ kind: 'embed', texts }, signal, ({ embeddings }) => embeddings);
    if (reply.kind !== 'vectors') throw new AlcoveError('internal', `vectors came as ${reply.kind}`);
    return reply.vectors;
  }

  protected expectedCapabilities(): Capabilities {
    return LLAMA_CAPABILITIES;
  }
}

function absolute(url: string): string {
  return new URL(url, import.meta.url).href;
}
