import type { Engine, GenerateRequest, LoadProgress } from '../../engine/engine.ts';
import type { RankedBackend } from '../../models/fit/backend-ranking.ts';
import type { EngineId, ModelRecord } from '../../models/model-record.ts';
import { type AlcoveError, abortError, isAbortError, toAlcoveError, toWireError } from '../../platform/errors.ts';
import { RunHistoryStore } from '../../storage/run-history-store.ts';
import type { EngineState, SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { BackendLoader } from './backend-loader.ts';
import { Ladder, nameOf, type Step } from './backend-selector.ts';
import { CrashGuard } from './crash-guard.ts';
import type { RuntimeControls } from './ladder-controls.ts';
import { CrashQuestions } from './load-questions.ts';
import { BackendMeasurement } from './measuring.ts';
import { ResumableGeneration } from './resumable-generation.ts';
import type { RuntimeEvent } from './runtime-event.ts';
import { SingleFlightLoad } from './single-flight-load.ts';

export interface ModelRuntimeOptions {
  readonly state: StateStore<SessionState>;
  readonly engine: (id: EngineId) => Promise<Engine>;
  /** The engines that were made so far. */
  readonly made: ReadonlyMap<EngineId, Promise<Engine>>;
  /** Of the outcomes. */
  readonly storeName: string;
}

/**
 * Runs a model in the best way that this device has for it. When a way fails the next is taken, and the answer that was
 * being written goes on.
 */
export class ModelRuntime implements RuntimeControls {
  readonly #state: StateStore<SessionState>;
  readonly #store: RunHistoryStore;
  readonly #marks: CrashGuard;
  readonly #ladder: Ladder;
  readonly #loader: BackendLoader;
  readonly #questions: CrashQuestions;
  readonly #measuring: BackendMeasurement;
  readonly #joined = new SingleFlightLoad();
  /** What is to be taken once more, after a failure that passes. */
  #again: { readonly modelId: string; readonly rung: RankedBackend } | undefined;
  /** What is in memory, as far as this session knows. */
  #loaded: { readonly modelId: string; readonly rung: RankedBackend } | undefined;

  constructor({ state, engine, made, storeName }: ModelRuntimeOptions) {
    this.#state = state;
    this.#store = new RunHistoryStore(storeName);
    this.#marks = new CrashGuard(this.#store);
    this.#ladder = new Ladder(state, this.#store);
    this.#loader = new BackendLoader({ ladder: this.#ladder, marks: this.#marks, engine, made });
    this.#questions = new CrashQuestions(state, this.#ladder, this.#marks);
    this.#measuring = new BackendMeasurement(this.#ladder, this.#loader);
  }

  /** Reads what is known of this device, and looks for a load that ended the page before this one. */
  async recoverCrashes(): Promise<void> {
    await this.#ladder.read();
    await this.#questions.recoverCrashes();
  }

  /**
   * Loads a model, or joins the load of it that is under way; one of another model is cancelled. An abort of any of the
   * joined calls cancels the load.
   * @throws AlcoveError of the last way that was tried; `tab-killed` where the reader has to be asked first
   */
  async load(model: ModelRecord, signal: AbortSignal): Promise<void> {
    await this.#measuring.stop();
    try {
      await this.#joined.run(model.id, signal, (joined) => this.#load(model, joined));
    } catch (error) {
      // Cancelled before it began: it was announced all the same.
      const { engine } = this.#state.state;
      if (isAbortError(error) && engine.status === 'loading' && engine.modelId === model.id) this.#unloaded();
      throw error;
    }
  }

  /** Writes an answer with a model, which is loaded first where it is not. */
  async *generate(model: ModelRecord, request: GenerateRequest, signal: AbortSignal): AsyncGenerator<RuntimeEvent> {
    const partial = new ResumableGeneration(request);
    for (;;) {
      if (this.#loaded?.modelId !== model.id || this.#measuring.isRunning) await this.load(model, signal);
      const rung = this.#loaded?.rung;
      if (rung === undefined) throw abortError();
      const engine = await this.#loader.engine(rung);
      const again = await partial.resume(engine, rung.record);
      if (again !== undefined) yield again;
      try {
        for await (const event of engine.generate(partial.request, signal)) {
          if (event.type === 'load-progress') this.#report(model.id, event);
          else if (this.#state.state.engine.status !== 'ready') this.#set({ status: 'ready', modelId: model.id });
          partial.add(event);
          yield partial.whole(event);
          if (event.type === 'usage') await this.#loader.noteSpeed(rung, event.usage);
        }
        return;
      } catch (error) {
        if (isAbortError(error)) {
          if (this.#state.state.engine.status === 'loading') this.#unloaded();
          throw error;
        }
        const failure = toAlcoveError(error, 'generation-failed');
        if ((await this.#lose(model, rung, failure)) === undefined) {
          if (partial.takeRefusal()) continue;
          throw failure;
        }
        partial.interrupt(toWireError(failure));
      }
    }
  }

  /** What happened to an engine between calls. */
  async onLoss(engine: Engine, error: AlcoveError): Promise<void> {
    const loaded = this.#loaded;
    if (loaded === undefined || loaded.rung.record.engine !== engine.id) return;
    const { engine: state, models } = this.#state.state;
    const model = models.find(({ record }) => record.id === loaded.modelId)?.record;
    if (state.status === 'ready') await this.#lose(model ?? loaded.rung.record, loaded.rung, error);
  }

  async unload(): Promise<void> {
    await this.#measuring.stop();
    await this.#joined.cancel();
    await this.#loader.unloadAll();
    this.#unloaded();
  }

  /** Every way gets another chance, and the model is loaded from the top. */
  async tryAgain(modelId: string): Promise<void> {
    const model = this.#find(modelId);
    if (model === undefined) return;
    await this.#ladder.forgive(model);
    await this.unload();
    await this.load(model, new AbortController().signal).catch(() => {});
  }

  async answer(choice: 'load' | 'other-way'): Promise<void> {
    const modelId = await this.#questions.answer(choice);
    const model = this.#find(modelId);
    if (model !== undefined) await this.load(model, new AbortController().signal).catch(() => {});
  }

  async measure(modelId: string): Promise<void> {
    const model = this.#find(modelId);
    if (model === undefined) return;
    await this.unload();
    await this.#measuring.run(model);
    await this.load(model, new AbortController().signal).catch(() => {});
  }

  dismissChange(): void {
    this.#ladder.set({ change: undefined });
  }

  stopMeasuring(): void {
    void this.#measuring.stop();
  }

  dispose(): void {
    void this.#measuring.stop();
    this.#marks.dispose();
    this.#store.close();
  }

  /** From the top of the ladder downwards, until a way is good. */
  async #load(model: ModelRecord, signal: AbortSignal): Promise<void> {
    this.#loaded = undefined;
    this.#set({ status: 'loading', modelId: model.id, progress: undefined });
    try {
      for (;;) {
        const rung = await this.#next(model);
        this.#ladder.set({ running: { modelId: model.id, recordId: rung.record.id, ...nameOf(rung) } });
        try {
          await this.#loader.load(model, rung, signal, (progress) => this.#report(model.id, progress));
          this.#loaded = { modelId: model.id, rung };
          this.#set({ status: 'ready', modelId: model.id });
          return;
        } catch (error) {
          if (isAbortError(error)) throw error;
          if ((await this.#strike(model, rung, toAlcoveError(error, 'load-failed'))) === undefined) throw error;
        }
      }
    } catch (error) {
      if (isAbortError(error)) this.#unloaded();
      else this.#set({ status: 'failed', modelId: model.id, error: toAlcoveError(error, 'load-failed') });
      throw error;
    }
  }

  /** The way that is to be taken once more, else the one that the ladder chooses. */
  async #next(model: ModelRecord): Promise<RankedBackend> {
    const again = this.#again;
    this.#again = undefined;
    return again?.modelId === model.id ? again.rung : this.#ladder.choose(model);
  }

  async #strike(model: ModelRecord, rung: RankedBackend, error: AlcoveError): Promise<Step> {
    const step = await this.#ladder.strike(model, rung, error);
    if (step === 'again') this.#again = { modelId: model.id, rung };
    return step;
  }

  /** The loaded model has failed: notes it, and what it means for the state. */
  async #lose(model: ModelRecord, rung: RankedBackend, error: AlcoveError): Promise<Step> {
    const isKept = this.#state.state.engine.status === 'ready' && !this.#ladder.isLoss(error);
    if (!isKept) this.#loaded = undefined;
    const step = await this.#strike(model, rung, error);
    if (isKept) return step;
    const wasLoading = this.#state.state.engine.status === 'loading';
    this.#set({ status: wasLoading ? 'failed' : 'lost', modelId: model.id, error });
    return step;
  }

  #find(modelId: string | undefined): ModelRecord | undefined {
    return this.#state.state.models.find(({ record }) => record.id === modelId)?.record;
  }

  #report(modelId: string, progress: LoadProgress): void {
    this.#set({ status: 'loading', modelId, progress });
  }

  #unloaded(): void {
    this.#loaded = undefined;
    this.#ladder.set({ running: undefined });
    this.#set({ status: 'idle' });
  }

  #set(engine: EngineState): void {
    this.#state.set({ engine });
  }
}
