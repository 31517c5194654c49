import { type LoadModelParams, LogLevel, type Wllama } from '@wllama/wllama/esm/index.js';
import { llamaKeyType } from '../../../models/engines/wllama.ts';
import { MOST_IMAGE_TOKENS } from '../../../models/gguf/projector.ts';
import type { ModelRecord } from '../../../models/model-record.ts';
import { AlcoveError, abortError, isAbortError, toWireError } from '../../../platform/errors.ts';
import { llamaBuild } from '../../../platform/wasm-build.ts';
import { openWeightStore } from '../../../storage/weights/open-weight-store.ts';
import { holdModel } from '../../../storage/weights/weight-store.ts';
import type { GenerateEvent, GenerateRequest, LoadProgress, PromptMessage } from '../../engine.ts';
import { probeDevice } from '../../probe-device.ts';
import type { ModelHost } from '../../worker-engine/worker/serve-model.ts';
import type { FromWorker, LoadOptions, Question, Reply } from '../../worker-engine/worker-protocol.ts';
import { writeAnswer } from './answer.ts';
import { chooseBackend } from './backend-params.ts';
import { holdBounds, toWllama } from './chat-params.ts';
import { createWllama } from './create-wllama.ts';
import { InnerWorker } from './inner-worker.ts';
import { llamaCapabilities } from './llama-capabilities.ts';
import { NativeLog } from './native-log.ts';
import { StoredGguf } from './stored-gguf.ts';
import { templateHasTools, usesTools, writeToolAnswer } from './tool-answer.ts';
import { toGenerateError, toLoadError } from './wllama-errors.ts';

/** Runs llama.cpp with one model as long as this worker lives, in the worker that wllama creates, and reports with `post`. */
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

  generate(asked: GenerateRequest): Promise<void> {
    return this.#serve((wllama, signal) => {
      const request = holdBounds(asked);
      const emit = (events: readonly GenerateEvent[]): void => this.#post({ type: 'events', events });
      const hasTools = templateHasTools(wllama.getLoadedContextInfo().metadata['tokenizer.chat_template'] ?? '');
      if (hasTools || !usesTools(request)) return writeAnswer(wllama, request, signal, emit);
      return writeToolAnswer(wllama, request, signal, emit);
    });
  }

  ask(question: Question): Promise<void> {
    return this.#serve(async (wllama, signal) => {
      const reply = await this.#reply(wllama, question, signal);
      this.#post({ type: 'reply', reply });
    });
  }

  async #serve(work: (wllama: Wllama, signal: AbortSignal) => Promise<void>): Promise<void> {
    const interrupt = new AbortController();
    this.#interrupt = interrupt;
    this.#log.clear();
    try {
      if (this.#wllama === undefined) throw new AlcoveError('model-not-loaded', 'the worker has no model');
      await work(this.#wllama, interrupt.signal);
      // A cancel can race with the last token; report it anyway, because the page waits for it.
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

  /** wllama checks the signal before each step. */
  interrupt(): void {
    this.#interrupt.abort();
  }

  ping(onAlive: () => void): void {
    if (this.#inner === undefined) onAlive();
    else this.#inner.ping(onAlive);
  }

  async #load(model: ModelRecord, { storeName, llama, backend }: LoadOptions): Promise<void> {
    if (llama === undefined) throw new AlcoveError('load-failed', 'the load lacks what llama.cpp needs');
    const settings = chooseBackend(backend?.kind, backend?.threadCount, await probeDevice());
    const store = await openWeightStore(storeName);
    // Held before the store is read, so that no deletion can come in between; released when the worker ends.
    await holdModel(model.id);
    const files: StoredGguf = await StoredGguf.open(store, model, storeName, () => {
      // After the last byte llama.cpp allocates buffers, compiles shaders on a GPU and warms up.
      const isRead = files.coveredBytes === files.totalBytes;
      this.#progress(isRead ? 'shaders' : 'weights', files.coveredBytes, files.totalBytes);
    });
    this.#progress('weights', 0, files.totalBytes);

    const wasm = llama.wasm[llamaBuild()];
    if (wasm === undefined) throw new AlcoveError('load-failed', 'the load lacks the build of this browser');
    const wllama = createWllama(wasm, this.#log);
    const inner = new InnerWorker(wllama, {
      prelude: llama.prelude,
      wasm,
      onReturned: (buffer) => files.buffers.giveBack(buffer),
      onDeath: (error) => this.#lose(error),
    });
    this.#inner = inner;
    const loading = wllama.loadModel([...files.blobs], {
      log_level: LogLevel.WARN,
      n_ctx: model.contextWindow,
      n_threads: settings.threadCount,
      n_gpu_layers: settings.gpuLayers,
      ...batchParams(model, settings.batchTokens),
      // An empty step. On a GPU it compiles the shaders; on a processor it would only delay the first answer.
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
    // wllama reports a model that llama.cpp has refused as loaded, with an empty vocabulary.
    if (wllama.getLoadedContextInfo().n_vocab === 0) throw new Error('llama.cpp refused the model');
    if (!inner.isWatching) throw new AlcoveError('load-failed', 'wllama’s worker was not found; see inner-worker.ts');
    // llama.cpp never reads tensors that it has no use for.
    this.#progress('shaders', files.totalBytes, files.totalBytes);
    this.#wllama = wllama;
    await store.markUsed(model.id);
    const { totalBytes, readBytes } = files;
    const { metadata, has_image_input: hasImageInput } = wllama.getLoadedContextInfo();
    const report = {
      totalBytes,
      readBytes,
      backend: { kind: settings.kind, threadCount: wllama.getNumThreads() },
      capabilities: llamaCapabilities({ metadata, hasImageInput }),
    };
    this.#post({ type: 'loaded', report });
  }

  async #reply(wllama: Wllama, question: Question, signal: AbortSignal): Promise<Reply> {
    if (question.kind === 'count-tokens') {
      return { kind: 'token-count', tokens: await this.#countTokens(wllama, question.messages, signal) };
    }
    const vectors: Float32Array[] = [];
    let promptTokens = 0;
    for (const input of question.texts) {
      if (signal.aborted) throw abortError();
      // One by one, so that a cancel takes effect between two texts.
      const { data, usage } = await wllama.createEmbedding({ input });
      promptTokens += usage.prompt_tokens;
      vectors.push(toVector(data[0]?.embedding));
    }
    return { kind: 'vectors', vectors, promptTokens };
  }

  /**
   * wllama 3.13.0 has no call that tokenizes. llama.cpp reports the prompt's length in its first progress event, before it
   * reads the prompt; the answer is cancelled there.
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
      // The prompt is longer than the context window: the error names its length.
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
 * How the processor's KV cache is stored. WebAssembly has no 16-bit floats and converts each key again for each token, which
 * grows with the chat. First token of turn 1 and of turn 10, in ms, their ratio and the cache's size (`npm run bench --
 * llama-turns`, SmolLM2 135M, 2-core Xeon, 25 November 2026, the last row 29 November):
 *
 *     keys f16,  values f16, flash attention (llama.cpp's default)  1,374  2,741  1.995  1
 *     keys f16,  values f16                                         1,453  2,004  1.379  1
 *     keys q8_0, values f16                                         1,419  1,840  1.297  0.77
 *     keys f32,  values f16                                         1,428  1,778  1.245  1.5
 *     keys f32,  values f32                                         1,398  1,547  1.107  2
 *     keys q8_0, values f16, flash attention                        2,655  4,258  1.603  0.77
 *
 * Keys of 8 bits are nearly as fast as those of 32 and take least memory. Values of 8 bits would need flash attention. It
 * costs 1 to 4 % of decoding against llama.cpp's default (29 November, fifteen rounds: 0.982 of it).
 */
function processorAttention(model: ModelRecord): LoadModelParams {
  return { cache_type_k: llamaKeyType(model), flash_attn: false };
}

/** Gemma reads an image in one step, and llama.cpp ends the program where a step is shorter; Gemma's have up to 280 tokens. */
const IMAGE_BATCH_TOKENS = 512;

function batchParams({ imageTokens }: ModelRecord, batchTokens: number): LoadModelParams {
  if (imageTokens === undefined) return { n_batch: batchTokens, n_ubatch: batchTokens };
  const step = Math.max(batchTokens, IMAGE_BATCH_TOKENS);
  // Only for models of which a large image takes more: the others have a size of their own.
  const most = imageTokens >= MOST_IMAGE_TOKENS ? { image_max_tokens: MOST_IMAGE_TOKENS } : {};
  return { n_batch: step, n_ubatch: step, ...most };
}

/** A GGUF's parameters lie within its first bytes, before the tokenizer's long lists. */
const PARAMETER_BYTES = 256 * 1024;

/** llama.cpp must read a text in one step for its embedding. A model that names no pooling gets the mean. */
async function embeddingParams({ blobs, buffers }: StoredGguf, contextWindow: number): Promise<LoadModelParams> {
  const buffer = (await blobs[0]?.slice(0, PARAMETER_BYTES).arrayBuffer()) ?? new ArrayBuffer(0);
  // A copy: TextDecoder refuses a resizable buffer.
  const header = new Uint8Array(buffer).slice();
  buffers.giveBack(buffer);
  const namesPooling = new TextDecoder('latin1').decode(header).includes('.pooling_type');
  const batch = { n_batch: contextWindow, n_ubatch: contextWindow };
  return { embeddings: true, ...batch, ...(!namesPooling && { pooling_type: 'mean' }) };
}

function toVector(embedding: readonly number[] | string | undefined): Float32Array {
  if (typeof embedding !== 'object') throw new AlcoveError('generation-failed', 'llama.cpp gave no vector');
  const norm = Math.hypot(...embedding);
  return Float32Array.from(embedding, (value) => value / norm);
}
