import { type LoadModelParams, LogLevel, type Wllama } from '@wllama/wllama/esm/index.js';
import { llamaKeyType } from '../../../models/fit/memory.ts';
import type { ModelRecord } from '../../../models/model-record.ts';
import { AlcoveError, abortError, isAbortError, toWireError } from '../../../platform/errors.ts';
import { holdModel, WeightStore } from '../../../storage/weights/weight-store.ts';
import type { GenerateRequest, LoadProgress, PromptMessage } from '../../engine.ts';
import { probeDevice } from '../../probe-device.ts';
import type { ModelHost } from '../../worker-engine/worker/serve-model.ts';
import type { FromWorker, LoadOptions, Question, Reply } from '../../worker-engine/worker-protocol.ts';
import { writeAnswer } from './answer.ts';
import { chooseBackend } from './backend-params.ts';
import { toWllama } from './chat-params.ts';
import { createWllama } from './create-wllama.ts';
import { InnerWorker } from './inner-worker.ts';
import { llamaCapabilities } from './llama-capabilities.ts';
import { NativeLog } from './native-log.ts';
import { StoredGguf } from './stored-gguf.ts';
import { toGenerateError, toLoadError } from './wllama-errors.ts';

/** Runs llama.cpp with one model for this worker's life, in the worker that wllama makes, and reports with `post`. */
export class WllamaHost implements ModelHost {
  readonly #post: (message: FromWorker) => void;
  readonly #log = new NativeLog();
  #wllama: Wllama | undefined;
  #inner: InnerWorker | undefined;
  #interrupt = new AbortController();
  #isLost = false;

  constructor(post: (message: FromWorker) => void) {
    this.#post = post;
  }

  async load(model: ModelRecord, options: LoadOptions): Promise<void> {
    try {
      await this.#load(model, options);
    } catch (error) {
      this.#fail(toLoadError(error, this.#log.text), false);
    }
  }

  generate(request: GenerateRequest): Promise<void> {
    return this.#serve((wllama, signal) => {
      return writeAnswer(wllama, request, signal, (events) => this.#post({ type: 'events', events }));
    });
  }

  ask(question: Question): Promise<void> {
    return this.#serve(async (wllama, signal) => {
      const reply = await this.#reply(wllama, question, signal);
      this.#post({ type: 'events', events: [{ type: 'reply', reply }] });
    });
  }

  async #serve(work: (wllama: Wllama, signal: AbortSignal) => Promise<void>): Promise<void> {
    const interrupt = new AbortController();
    this.#interrupt = interrupt;
    this.#log.clear();
    try {
      if (this.#wllama === undefined) throw new AlcoveError('model-not-loaded', 'the worker has no model');
      await work(this.#wllama, interrupt.signal);
      // Also when the last token came first: the page waits for a cancel.
      if (interrupt.signal.aborted) throw abortError();
      this.#post({ type: 'done' });
    } catch (error) {
      if (interrupt.signal.aborted && isAbortError(error)) {
        this.#fail(abortError(), true);
      } else {
        const { error: failure, usable } = toGenerateError(error, this.#log.text);
        this.#fail(failure, usable);
      }
    }
  }

  /** wllama looks at it before every step. */
  interrupt(): void {
    this.#interrupt.abort();
  }

  ping(onAlive: () => void): void {
    if (this.#inner === undefined) onAlive();
    else this.#inner.ping(onAlive);
  }

  async #load(model: ModelRecord, { storeName, llama, way }: LoadOptions): Promise<void> {
    if (llama === undefined) throw new AlcoveError('load-failed', 'the load lacks what llama.cpp needs');
    const settings = chooseBackend(way?.rung, way?.threadCount, await probeDevice());
    const store = await WeightStore.open(storeName);
    // Before the store is asked: a deletion in between would be noticed too late. Released by the worker's end.
    await holdModel(model.id);
    const files: StoredGguf = await StoredGguf.open(store, model, storeName, () => {
      // What follows the last byte: buffers, a GPU's shaders, a first run to warm up.
      const isRead = files.coveredBytes === files.totalBytes;
      this.#progress(isRead ? 'shaders' : 'weights', files.coveredBytes, files.totalBytes);
    });
    this.#progress('weights', 0, files.totalBytes);

    const wllama = createWllama(llama, this.#log);
    const inner = new InnerWorker(wllama, {
      preludeUrl: llama.preludeUrl,
      onReturned: (buffer) => files.pool.giveBack(buffer),
      onDeath: (error) => this.#lose(error),
    });
    this.#inner = inner;
    const loading = wllama.loadModel([...files.blobs], {
      log_level: LogLevel.WARN,
      n_ctx: model.contextWindow,
      n_threads: settings.threadCount,
      n_gpu_layers: settings.gpuLayers,
      n_batch: settings.batchTokens,
      n_ubatch: settings.batchTokens,
      // A step with nothing in it. On a GPU it makes the shaders; elsewhere it only puts the first answer off.
      warmup: settings.gpuLayers > 0,
      // One conversation at a time.
      n_parallel: 1,
      ...(settings.gpuLayers === 0 && processorAttention(model)),
      ...(llama.embeddings && (await embeddingParams(files, model.contextWindow))),
    });
    await loading.catch((error: unknown) => {
      throw files.failure ?? error;
    });
    files.close();
    // wllama takes a model that llama.cpp refused for loaded, with nothing in it.
    if (wllama.getLoadedContextInfo().n_vocab === 0) throw new Error('llama.cpp refused the model');
    if (!inner.isWatching) throw new AlcoveError('load-failed', 'this wllama hides its worker; see inner-worker.ts');
    // Of a file with tensors that llama.cpp has no use for, some bytes are never read.
    this.#progress('shaders', files.totalBytes, files.totalBytes);
    this.#wllama = wllama;
    await store.markUsed(model.id);
    const { totalBytes, readBytes } = files;
    const { metadata, has_image_input: hasImageInput } = wllama.getLoadedContextInfo();
    const report = {
      totalBytes,
      readBytes,
      rung: settings.rung,
      threadCount: wllama.getNumThreads(),
      capabilities: llamaCapabilities({ metadata, hasImageInput }),
    };
    this.#post({ type: 'loaded', report });
  }

  async #reply(wllama: Wllama, question: Question, signal: AbortSignal): Promise<Reply> {
    if (question.kind === 'count-tokens') {
      return { kind: 'token-count', tokens: await this.#countTokens(wllama, question.messages, signal) };
    }
    const vectors: Float32Array[] = [];
    for (const input of question.texts) {
      if (signal.aborted) throw abortError();
      // One by one: of several inputs wllama 3.8.1 gives the first result alone, and waits for ever for the rest.
      const { data } = await wllama.createEmbedding({ input });
      vectors.push(toVector(data[0]?.embedding));
    }
    return { kind: 'vectors', vectors };
  }

  /**
   * wllama 3.8.1 has no tokenizer of its own to ask. llama.cpp says how long a prompt is before it reads it, as its first
   * word of progress, and the answer is cancelled there.
   */
  async #countTokens(wllama: Wllama, messages: readonly PromptMessage[], signal: AbortSignal): Promise<number> {
    const counted = new AbortController();
    const request = { messages, continueLast: messages.at(-1)?.role === 'assistant', sampling: { maxTokens: 1 } };
    let tokens: number | undefined;
    try {
      await wllama.createChatCompletion({
        ...(await toWllama(request)),
        stream: true,
        return_progress: true,
        abortSignal: AbortSignal.any([signal, counted.signal]),
        onData: ({ prompt_progress: progress, usage }) => {
          tokens ??= progress?.total ?? usage?.prompt_tokens;
          if (tokens !== undefined) counted.abort();
        },
      });
    } catch (error) {
      if (signal.aborted || (tokens === undefined && isAbortError(error))) throw error;
      // Longer than the context: llama.cpp says by how much.
      if (tokens === undefined) tokens = promptTokensOf(toGenerateError(error, this.#log.text).error);
      if (tokens === undefined) throw error;
    }
    if (tokens === undefined)
      throw new AlcoveError('generation-failed', 'llama.cpp did not say how long the prompt is');
    return tokens;
  }

  #progress(phase: LoadProgress['phase'], loadedBytes: number, totalBytes: number): void {
    this.#post({ type: 'load-progress', phase, loadedBytes, totalBytes });
  }

  #fail(error: Error, usable: boolean): void {
    if (!this.#isLost) this.#post({ type: 'failed', error: toWireError(error), usable });
  }

  #lose(error: AlcoveError): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#post({ type: 'lost', error: toWireError(error) });
  }
}

function promptTokensOf({ code, data }: AlcoveError): number | undefined {
  const { promptTokens } = data;
  return code === 'context-exceeded' && typeof promptTokens === 'number' ? promptTokens : undefined;
}

/**
 * WebAssembly has no 16-bit numbers: to read keys of 16 bits it converts each of them again for each token, which put off
 * the first token of a long chat's tenth turn from 1.8 s to 2.7 s (`npm run bench -- llama-turns`). Keys of 8 bits take a
 * quarter of the room of those of 32, at nearly the same speed. Values stay at 16 bits: at 32 that token took 1.5 s, for
 * twice the cache, and at 8 they would need flash attention.
 */
function processorAttention(model: ModelRecord): LoadModelParams {
  return { cache_type_k: llamaKeyType(model), flash_attn: false };
}

/** Where a GGUF's parameters stand: before the tokenizer's long lists. */
const PARAMETER_BYTES = 256 * 1024;

/** A text is read in one step. A model that was not made for vectors names no pooling, and takes the mean. */
async function embeddingParams({ blobs, pool }: StoredGguf, contextWindow: number): Promise<LoadModelParams> {
  const buffer = (await blobs[0]?.slice(0, PARAMETER_BYTES).arrayBuffer()) ?? new ArrayBuffer(0);
  // It can shrink (buffer-pool.ts); a TextDecoder takes a copy alone.
  const header = new Uint8Array(buffer).slice();
  pool.giveBack(buffer);
  const namesPooling = new TextDecoder('latin1').decode(header).includes('.pooling_type');
  const batch = { n_batch: contextWindow, n_ubatch: contextWindow };
  return { embeddings: true, ...batch, ...(!namesPooling && { pooling_type: 'mean' }) };
}

function toVector(embedding: readonly number[] | string | undefined): Float32Array {
  if (typeof embedding !== 'object') throw new AlcoveError('generation-failed', 'llama.cpp gave no vector');
  const norm = Math.hypot(...embedding);
  return Float32Array.from(embedding, (value) => value / norm);
}
