import type { MLCEngine } from '@mlc-ai/web-llm';
import { isOfSource } from '../../../models/catalogue/same-source.ts';
import { refusalOf } from '../../../models/fit/fit-requirements.ts';
import type { ModelRecord } from '../../../models/model-record.ts';
import { AlcoveError, abortError, toWireError, type WireError } from '../../../platform/errors.ts';
import { openWeightStore } from '../../../storage/weights/open-weight-store.ts';
import { holdModel } from '../../../storage/weights/weight-store.ts';
import { unsupported } from '../../capabilities.ts';
import type { GenerateRequest, LoadProgress } from '../../engine.ts';
import { probeDevice } from '../../probe-device.ts';
import type { ModelHost } from '../../worker-engine/worker/serve-model.ts';
import type { FromWorker, LoadOptions, Question } from '../../worker-engine/worker-protocol.ts';
import { webLlmCapabilities } from '../webllm-capabilities.ts';
import { writeAnswer } from './answer.ts';
import { type LoadStage, toGenerateError, toLoadError } from './engine-errors.ts';
import { ModelFiles } from './model-files.ts';
import { installNetworkStandIns } from './network-stand-ins.ts';
import { filledTokens } from './pipeline-fields.ts';
import { reusePrompts } from './reuse-prompts.ts';
import { watchGpu } from './watch-gpu.ts';
import { webLlmRecord } from './webllm-record.ts';

/** Time that a failure waits for the report of a lost device, which often causes it and is reported later. */
const LOSS_NEWS_MS = 250;

/** A step that ends within a second where 32 tokens a second are read: after that a cancel would cost the loaded model. */
const AHEAD_STEP_TOKENS = 32;

/** Runs MLCEngine with one model for this worker's life, and reports with `post`. */
export class WebLlmHost implements ModelHost {
  readonly #post: (message: FromWorker) => void;
  readonly #lost = Promise.withResolvers<void>();
  #engine: MLCEngine | undefined;
  #modelId = '';
  #interrupted = false;
  #reusesPrompts = false;
  #mostStepTokens = Number.POSITIVE_INFINITY;
  #stage: LoadStage = 'files';
  #isLost = false;

  constructor(post: (message: FromWorker) => void) {
    this.#post = post;
    addEventListener('error', (event) => {
      event.preventDefault();
      void this.#fail(event.error ?? event.message);
    });
    addEventListener('unhandledrejection', (event) => {
      event.preventDefault();
      void this.#fail(event.reason);
    });
  }

  async load(model: ModelRecord, { storeName }: LoadOptions): Promise<void> {
    try {
      await this.#load(model, storeName);
    } catch (error) {
      await this.#report(toWireError(toLoadError(error, this.#stage)), false);
    }
  }

  async generate(request: GenerateRequest): Promise<void> {
    this.#interrupted = false;
    this.#mostStepTokens = request.readAhead ? AHEAD_STEP_TOKENS : Number.POSITIVE_INFINITY;
    const engine = this.#engine;
    try {
      if (engine === undefined) throw new AlcoveError('model-not-loaded', 'the worker has no model');
      // Else web-llm itself would reuse a prompt that continues the last one, without the end of the answer between them.
      if (this.#reusesPrompts) await engine.resetChat(true, this.#modelId);
      await writeAnswer(engine, this.#modelId, request, (events) => this.#post({ type: 'events', events }));
      // A cancel can race with the last token; report it anyway.
      if (this.#interrupted) throw abortError();
      this.#post({ type: 'done' });
    } catch (error) {
      // The GPU throws AbortErrors too: it is a cancel only if one was asked for.
      if (this.#interrupted && error instanceof DOMException) return this.#report(toWireError(error), true);
      const filled = engine === undefined ? 0 : (filledTokens(engine, this.#modelId) ?? 0);
      const failed = toGenerateError(error, filled);
      await this.#report(toWireError(failed.error), failed.usable);
    }
  }

  /** The page knows from the capabilities that web-llm answers no question. */
  async ask({ kind }: Question): Promise<void> {
    await this.#report(toWireError(unsupported(kind)), true);
  }

  interrupt(): void {
    this.#interrupted = true;
    void this.#engine?.interruptGenerate();
  }

  /** MLCEngine runs in this worker, so any answer shows that it lives. */
  ping(onAlive: () => void): void {
    onAlive();
  }

  async #load(model: ModelRecord, storeName: string | undefined): Promise<void> {
    const refusal = refusalOf(model, await probeDevice());
    if (refusal !== undefined) throw new AlcoveError(refusal.code, `${model.id} cannot run`, { data: refusal.data });
    const store = await openWeightStore(storeName);
    // Held before the store is read: a deletion in between would be noticed too late. Released by the worker's end.
    await holdModel(model.id);
    const stored = await store.getModel(model.id);
    if (!stored?.complete || !isOfSource(stored, model))
      throw new AlcoveError('model-missing', `${model.id} is not in the store`);

    let readBytes = 0;
    const files: ModelFiles = new ModelFiles(store, stored, (path, sizeBytes) => {
      this.#stage = stageAfter(path);
      readBytes += sizeBytes;
      this.#progress('weights', Math.min(readBytes, files.totalBytes), files.totalBytes);
    });
    this.#progress('weights', 0, files.totalBytes);
    installNetworkStandIns(files);
    watchGpu({
      onDevice: () => {
        this.#stage = 'device';
      },
      onShaders: () => {
        this.#stage = 'shaders';
        this.#progress('weights', files.totalBytes, files.totalBytes);
        this.#progress('shaders', files.totalBytes, files.totalBytes);
      },
      onLost: (error) => this.#lose(toWireError(error)),
    });
    // Imported only now, so that it finds the stand-ins.
    const { MLCEngine } = await import('@mlc-ai/web-llm');
    const engine = new MLCEngine({
      logLevel: 'ERROR',
      appConfig: {
        cacheBackend: 'cache',
        model_list: [webLlmRecord(model, files)],
      },
    });
    await engine.reload(model.id);
    this.#reusesPrompts = reusePrompts(engine, model.id, {
      throwIfInterrupted: () => {
        if (this.#interrupted) throw abortError();
      },
      mostStepTokens: () => this.#mostStepTokens,
      onRead: (progress) => this.#post({ type: 'events', events: [{ type: 'reading-progress', ...progress }] }),
    });
    this.#engine = engine;
    this.#modelId = model.id;
    await store.markUsed(model.id);
    const capabilities = webLlmCapabilities(model.id);
    this.#post({ type: 'loaded', report: { totalBytes: files.totalBytes, readBytes, capabilities } });
  }

  #progress(phase: LoadProgress['phase'], loadedBytes: number, totalBytes: number): void {
    this.#post({ type: 'load-progress', phase, loadedBytes, totalBytes });
  }

  /** Something failed outside of a call. A loss is reported as such if its report comes in time. */
  async #fail(cause: unknown): Promise<void> {
    await this.#awaitLossNews();
    this.#lose(toWireError(cause instanceof DOMException ? new Error(cause.message) : cause, 'engine-crashed'));
  }

  async #report(error: WireError, usable: boolean): Promise<void> {
    if (!usable) await this.#awaitLossNews();
    if (!this.#isLost) this.#post({ type: 'failed', error, usable });
  }

  #lose(error: WireError): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#post({ type: 'lost', error });
    this.#lost.resolve();
  }

  async #awaitLossNews(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, LOSS_NEWS_MS);
    await Promise.race([promise, this.#lost.promise]);
    clearTimeout(timer);
  }
}

function stageAfter(path: string): LoadStage {
  if (path.endsWith('.wasm')) return 'library';
  return path.endsWith('.bin') ? 'weights' : 'files';
}
