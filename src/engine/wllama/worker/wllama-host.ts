import { LogLevel, type Wllama } from '@wllama/wllama/esm/index.js';
import { AlcoveError, abortError, isAbortError, toWireError } from '../../../errors.ts';
import type { ModelRecord } from '../../../models/model-record.ts';
import { holdModel, WeightStore } from '../../../storage/weight-store.ts';
import type { GenerateRequest, LoadProgress } from '../../engine.ts';
import { probeDevice } from '../../probe-device.ts';
import type { ModelHost } from '../../worker/serve-model.ts';
import type { FromWorker, LoadOptions } from '../../worker-protocol.ts';
import { writeAnswer } from './answer.ts';
import { createWllama } from './create-wllama.ts';
import { InnerWorker } from './inner-worker.ts';
import { NativeLog } from './native-log.ts';
import { chooseRung } from './rungs.ts';
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

  async generate(request: GenerateRequest): Promise<void> {
    const interrupt = new AbortController();
    this.#interrupt = interrupt;
    this.#log.clear();
    try {
      if (this.#wllama === undefined) throw new AlcoveError('model-not-loaded', 'the worker has no model');
      await writeAnswer(this.#wllama, request, interrupt.signal, (events) => this.#post({ type: 'events', events }));
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
    const settings = chooseRung(way?.rung, way?.threadCount, await probeDevice());
    const store = await WeightStore.open(storeName);
    // Before the store is asked: a deletion in between would be noticed too late. Released by the worker's end.
    await holdModel(model.id);
    const files: StoredGguf = await StoredGguf.open(store, model.id, () => {
      // What follows the last byte: buffers, a GPU's shaders, a first run to warm up.
      const isRead = files.coveredBytes === files.totalBytes;
      this.#progress(isRead ? 'shaders' : 'weights', files.coveredBytes, files.totalBytes);
    });
    this.#progress('weights', 0, files.totalBytes);

    const wllama = createWllama(llama, this.#log);
    const inner = new InnerWorker(wllama, {
      preludeUrl: llama.preludeUrl,
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
      // One conversation at a time.
      n_parallel: 1,
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
    const report = { totalBytes, readBytes, rung: settings.rung, threadCount: wllama.getNumThreads() };
    this.#post({ type: 'loaded', report });
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
