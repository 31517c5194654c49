import wasm from '@wllama/wllama/esm/wasm/wllama.wasm?file';
import compatWasm from '@wllama/wllama-compat/wasm/wllama.wasm?file';
import type { Backend } from '../../models/backend.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { type BuiltFile, type LoadedFile, loadFile } from '../../platform/built-file.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { createModuleWorker, type WorkerHandle } from '../../platform/module-worker.ts';
import { hasWebAssembly, type LlamaBuild, llamaBuild } from '../../platform/wasm-build.ts';
import type { Capabilities, EmbedCall, Embeddings, EngineProbe } from '../engine.ts';
import { probeDevice } from '../probe-device.ts';
import { type HungAfterMs, WorkerEngine, type WorkerEngineOptions } from '../worker-engine/worker-engine.ts';
import type { LoadOptions } from '../worker-engine/worker-protocol.ts';
import prelude from './worker/inner-prelude.ts?worker-file';
import { expectedCapabilities } from './worker/llama-capabilities.ts';
import workerScript from './worker/wllama-worker.ts?worker-file';

export interface WllamaEngineOptions extends WorkerEngineOptions {
  /** For calls that name no backend; default: the best that this device offers. */
  readonly backend?: Backend;
  /** For tests: a script with faults built in, for the worker that wllama makes. */
  readonly prelude?: BuiltFile;
}

/** llama.cpp answers a ping only between two steps, and a batch or the warm-up may take a minute on one slow core. */
const HUNG_AFTER_MS = { loading: 120_000, generating: 120_000 } as const;

/** llama.cpp as WebAssembly, through wllama: any GGUF file, with or without WebGPU. */
export class WllamaEngine extends WorkerEngine {
  readonly id = 'wllama';
  readonly #createEmbedder: () => EmbeddingModel;
  #embedder: EmbeddingModel | undefined;

  constructor(options: WllamaEngineOptions = {}) {
    const { createWorker, hungAfterMs = HUNG_AFTER_MS, storeName, backend } = options;
    const create = createWorker ?? (() => createModuleWorker(workerScript, 'alcove-wllama'));
    const read = async (embeddings: boolean): Promise<LoadOptions> => {
      const llama = { wasm: await loadWasm(), prelude: await loadFile(options.prelude ?? prelude), embeddings };
      return { storeName, llama, backend };
    };
    super(create, hungAfterMs, () => read(false));
    this.#createEmbedder = () => new EmbeddingModel(create, hungAfterMs, () => read(true));
  }

  async probe(): Promise<EngineProbe> {
    const device = await probeDevice();
    if (hasWebAssembly()) return { supported: true, device };
    return { supported: false, device, reason: new AlcoveError('load-failed', 'no WebAssembly') };
  }

  async embed(call: EmbedCall, signal: AbortSignal): Promise<Embeddings> {
    this.#embedder ??= this.#createEmbedder();
    return this.#embedder.embed(call, signal);
  }

  override async unload(): Promise<void> {
    this.#dropEmbedder();
    await super.unload();
  }

  override dispose(): void {
    this.#dropEmbedder();
    super.dispose();
  }

  protected expectedCapabilities(model: ModelRecord): Capabilities {
    return expectedCapabilities(model);
  }

  #dropEmbedder(): void {
    this.#embedder?.dispose();
    this.#embedder = undefined;
  }
}

/** A second llama.cpp, which computes embeddings: one context cannot do that and write. */
class EmbeddingModel extends WorkerEngine {
  readonly id = 'wllama';

  constructor(createWorker: () => WorkerHandle, hungAfterMs: HungAfterMs, readOptions: () => Promise<LoadOptions>) {
    super(createWorker, hungAfterMs, readOptions);
  }

  async probe(): Promise<EngineProbe> {
    return { supported: true, device: await probeDevice() };
  }

  async embed({ texts, ...target }: EmbedCall, signal: AbortSignal): Promise<Embeddings> {
    const reply = await this.ask(target, { kind: 'embed', texts }, signal, ({ embeddings }) => embeddings);
    if (reply.kind !== 'vectors') throw new AlcoveError('internal', `vectors came as ${reply.kind}`);
    return { vectors: reply.vectors, promptTokens: reply.promptTokens };
  }

  protected expectedCapabilities(model: ModelRecord): Capabilities {
    return expectedCapabilities(model);
  }
}

const WASM: Readonly<Record<LlamaBuild, BuiltFile>> = { default: wasm, compat: compatWasm };

/** Both builds where they are URLs, else the megabytes of the one that this browser runs. */
async function loadWasm(): Promise<{ readonly [Build in LlamaBuild]?: LoadedFile }> {
  const { default: file, compat } = WASM;
  if ('url' in file && 'url' in compat) return { default: file, compat };
  const build = llamaBuild();
  return { [build]: await loadFile(WASM[build]) };
}
