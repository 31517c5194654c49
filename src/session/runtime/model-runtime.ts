import type {
  Capabilities,
  Embeddings,
  Engine,
  GenerateEvent,
  GenerateRequest,
  LoadProgress,
  Usage,
} from '../../engine/engine.ts';
import { isSameBackend } from '../../models/backend.ts';
import type { RankedBackend } from '../../models/fit/backend-ranking.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, abortError, isAbortError, toAlcoveError, toWireError } from '../../platform/errors.ts';
import { RunHistoryStore } from '../../storage/run-history-store.ts';
import { findModel } from '../state/find-model.ts';
import type { EngineState, SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { BackendLoader, type EngineSource } from './backend-loader.ts';
import { BackendSelector, type NextTry, nameOf, type SelectedBackend } from './backend-selector.ts';
import { CrashGuard } from './crash-guard.ts';
import { ResumableGeneration } from './resumable-generation.ts';
import type { RuntimeEvent } from './runtime-event.ts';
import { SingleFlightLoad } from './single-flight-load.ts';

/** What the user can do about the backend on which a model runs. */
export interface RuntimeControls {
  /** Loads the model again on the backend that was left when it failed, and forgets the failure. */
  tryAgain(modelId: string): Promise<void>;
  /** After a load that crashed the page: load the model again, or on another backend. */
  answer(choice: 'load' | 'other-backend'): Promise<void>;
  /** Measures every backend on which the stored model can run, and keeps the fastest. Resolves when that is loaded. */
  measure(modelId: string): Promise<void>;
  stopMeasuring(): void;
  /** Runs the engine in this tab, in place of the one that does not answer. */
  takeOver(): Promise<void>;
  /** Ends the self-test that an answer waits for. It does not come again on this backend. */
  skipTest(): void;
  /** Hides the note about a change of the backend. */
  dismissChange(): void;
}

/**
 * Runs a model on the best backend that this device has for it. When a backend fails the next one is tried, and the
 * answer that was being written continues there. What is loaded is in the state, as the engines have reported it.
 */
export class ModelRuntime implements RuntimeControls {
  readonly #state: StateStore<SessionState>;
  readonly #engines: EngineSource;
  readonly #store: RunHistoryStore;
  readonly #selector: BackendSelector;
  readonly #guard: CrashGuard;
  readonly #loader: BackendLoader;
  readonly #loads = new SingleFlightLoad<SelectedBackend>();

  constructor(state: StateStore<SessionState>, engines: EngineSource, storeName: string) {
    this.#state = state;
    this.#engines = engines;
    this.#store = new RunHistoryStore(storeName);
    this.#selector = new BackendSelector(state, this.#store);
    this.#guard = new CrashGuard(state, this.#store, this.#selector);
    this.#loader = new BackendLoader(this.#selector, this.#guard, engines);
  }

  /** Reads the run history of this device, and looks for a load that ended the page before this one. */
  async recoverCrashes(): Promise<void> {
    await this.#selector.read();
    await this.#guard.recoverCrashes();
  }

  /**
   * Loads a model, or joins the load of it that is under way; the load of another model is cancelled. An abort of any of
   * the joined calls cancels the load.
   * @returns the variant that was loaded, and its backend
   * @throws AlcoveError of the last backend that was tried; `tab-killed` if the user must be asked first
   */
  async load(model: ModelRecord, signal: AbortSignal): Promise<SelectedBackend> {
    await this.#loader.stopMeasuring();
    try {
      return await this.#loads.run(model.id, signal, (joined) => this.#load(model, joined));
    } catch (error) {
      // The state showed the load before it began.
      const { engine } = this.#state.state;
      if (isAbortError(error) && engine.status === 'loading' && engine.modelId === model.id) this.#setIdle();
      throw error;
    }
  }

  /** What can be done with a model. Loads it first if it is not loaded: only then its engine knows for certain. */
  async capabilities(model: ModelRecord, signal: AbortSignal): Promise<Capabilities> {
    const { record } = this.#running(model) ?? (await this.load(model, signal));
    return (await this.#engines.engine(record.engine)).capabilities(record);
  }

  /** Tokens of a prompt, counted by the engine; undefined if it cannot count, and while the model is not loaded. */
  async countTokens(model: ModelRecord, messages: GenerateRequest['messages']): Promise<number | undefined> {
    const running = this.#running(model);
    if (running === undefined) return undefined;
    const { record, backend } = running;
    const engine = await this.#engines.engine(record.engine);
    const { countTokens } = await engine.capabilities(record);
    const call = { model: record, backend, messages };
    return countTokens ? engine.countTokens(call, new AbortController().signal) : undefined;
  }

  /** Texts as vectors, by the record that is named: another variant's vectors would mean something else. */
  async embed(model: ModelRecord, texts: readonly string[], signal: AbortSignal): Promise<Embeddings> {
    await this.#selector.read();
    const isOf = ({ record, failure }: RankedBackend): boolean => record.id === model.id && failure === undefined;
    const backend = this.#selector.rank(model).find(isOf)?.backend;
    return (await this.#engines.engine(model.engine)).embed({ model, backend, texts }, signal);
  }

  /** Writes an answer with a model, which is loaded first if it is not. */
  async *generate(model: ModelRecord, request: GenerateRequest, signal: AbortSignal): AsyncGenerator<RuntimeEvent> {
    const answer = new ResumableGeneration(request);
    for (;;) {
      const selected = this.#running(model) ?? (await this.load(model, signal));
      const { record, backend } = selected;
      const engine = await this.#engines.engine(record.engine);
      const restart = await answer.resume(engine, record);
      if (restart !== undefined) yield restart;
      let release = await this.#loader.watchFirst(model, selected);
      let usage: Usage | undefined;
      let finish: GenerateEvent | undefined;
      try {
        for await (const event of engine.generate({ model: record, backend, ...answer.request }, signal)) {
          if (event.type === 'load-progress') this.#report(model.id, event);
          else {
            if (this.#state.state.engine.status !== 'ready') this.#set({ status: 'ready', modelId: model.id });
            await release();
            release = async () => {};
          }
          answer.add(event);
          if (event.type === 'finish') finish = event;
          else yield answer.whole(event);
          if (event.type === 'usage') {
            usage = event.usage;
            await this.#loader.noteSpeed(selected, usage);
          }
          // A model whose numbers are NaN writes one token endlessly: the test does not wait for its end.
          if (answer.seemsBroken && this.#loader.isUntested(selected)) break;
        }
        // A cancel of what is read ahead must not count as one of the test.
        if (!request.readAhead) await this.#loader.testOnce(selected, usage, signal);
        if (finish !== undefined) {
          yield finish;
          return;
        }
        if (signal.aborted) throw abortError();
        answer.interrupt(
          toWireError(new AlcoveError('self-test-failed', 'the answer looked broken, the model is not')),
        );
      } catch (error) {
        if (isAbortError(error)) {
          if (this.#state.state.engine.status === 'loading') this.#setIdle();
          throw error;
        }
        const failure = toAlcoveError(error, 'generation-failed');
        if ((await this.#fail(model, selected, failure)) === undefined || request.readAhead) {
          if (answer.takeRefusal()) continue;
          throw failure;
        }
        if (failure.code === 'self-test-failed') answer.distrust();
        answer.interrupt(toWireError(failure));
      } finally {
        await release();
      }
    }
  }

  /** Notes what an engine has lost between calls. */
  async onLoss(engine: Engine, error: AlcoveError): Promise<void> {
    const { engine: state } = this.#state.state;
    const model = state.status === 'ready' ? this.#find(state.modelId) : undefined;
    const running = model && this.#running(model);
    if (model !== undefined && running?.record.engine === engine.id) await this.#fail(model, running, error);
  }

  async unload(): Promise<void> {
    await this.#loader.stopMeasuring();
    await this.#loads.cancel();
    await this.#engines.unloadAllBut(undefined);
    this.#setIdle();
  }

  async tryAgain(modelId: string): Promise<void> {
    const model = this.#find(modelId);
    if (model === undefined) return;
    await this.#selector.forgive(model);
    await this.unload();
    await this.load(model, new AbortController().signal).catch(() => {});
  }

  async answer(choice: 'load' | 'other-backend'): Promise<void> {
    const model = this.#find(await this.#guard.answer(choice));
    if (model !== undefined) await this.load(model, new AbortController().signal).catch(() => {});
  }

  async measure(modelId: string): Promise<void> {
    const model = this.#find(modelId);
    if (model === undefined) return;
    await this.unload();
    await this.#loader.measureAll(model);
    await this.load(model, new AbortController().signal).catch(() => {});
  }

  dismissChange(): void {
    this.#selector.set({ change: undefined });
  }

  async takeOver(): Promise<void> {
    const { otherTab } = this.#state.state.runtime;
    if (otherTab !== undefined) (await this.#engines.engine(otherTab.engine)).takeOver?.();
  }

  skipTest(): void {
    this.#loader.skipTest();
  }

  stopMeasuring(): void {
    void this.#loader.stopMeasuring();
  }

  dispose(): void {
    void this.#loader.stopMeasuring();
    this.#guard.dispose();
    this.#store.close();
  }

  /** Tries one backend after another, the best first, until one works. */
  async #load(model: ModelRecord, signal: AbortSignal): Promise<SelectedBackend> {
    this.#set({ status: 'loading', modelId: model.id, progress: undefined });
    try {
      for (;;) {
        const selected = await this.#selector.select(model);
        this.#selector.set({ running: { modelId: model.id, recordId: selected.record.id, ...nameOf(selected) } });
        try {
          await this.#loader.load(model, selected, signal, (progress) => this.#report(model.id, progress));
          this.#set({ status: 'ready', modelId: model.id });
          return selected;
        } catch (error) {
          if (isAbortError(error)) throw error;
          const failure = toAlcoveError(error, 'load-failed');
          if ((await this.#selector.strike(model, selected, failure)) === undefined) throw error;
        }
      }
    } catch (error) {
      if (isAbortError(error)) this.#setIdle();
      else this.#set({ status: 'failed', modelId: model.id, error: toAlcoveError(error, 'load-failed') });
      throw error;
    }
  }

  /** The variant and the backend of a model that is loaded, by the state. */
  #running(model: ModelRecord): SelectedBackend | undefined {
    const { engine, runtime } = this.#state.state;
    const { running } = runtime;
    if (engine.status !== 'ready' || engine.modelId !== model.id || running?.modelId !== model.id) return undefined;
    if (this.#loader.isMeasuring) return undefined;
    const isRunning = ({ record, backend }: SelectedBackend): boolean =>
      record.id === running.recordId && isSameBackend(backend, running.backend);
    return this.#selector.rank(model).find(isRunning);
  }

  /** A model has failed while it wrote, or between two answers: notes it, and shows it in the state. */
  async #fail(model: ModelRecord, selected: SelectedBackend, error: AlcoveError): Promise<NextTry> {
    const { status } = this.#state.state.engine;
    const next = await this.#selector.strike(model, selected, error);
    if (status === 'ready' && !this.#selector.isLoss(error) && error.code !== 'self-test-failed') return next;
    this.#set({ status: status === 'loading' ? 'failed' : 'lost', modelId: model.id, error });
    return next;
  }

  #find(modelId: string | undefined): ModelRecord | undefined {
    return findModel(this.#state.state, modelId)?.record;
  }

  #report(modelId: string, progress: LoadProgress): void {
    this.#set({ status: 'loading', modelId, progress });
  }

  #setIdle(): void {
    this.#selector.set({ running: undefined });
    this.#set({ status: 'idle' });
  }

  #set(engine: EngineState): void {
    this.#state.set({ engine });
  }
}
