import type { Capabilities, Engine, GenerateEvent, GenerateRequest, LoadProgress } from '../engine/engine.ts';
import { abortError, type ErrorCode, isAbortError, toAlcoveError } from '../errors.ts';
import type { EngineId, ModelRecord } from '../models/model-record.ts';
import type { EngineState, SessionState } from './session-state.ts';
import type { StateStore } from './state-store.ts';

/** After these the model is out of memory; the engine loads it again with the next answer. */
const LOSSES: ReadonlySet<ErrorCode> = new Set(['device-lost', 'out-of-memory', 'engine-crashed', 'engine-hung']);

interface Loading {
  readonly modelId: string;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** Owns the engines, one of each kind, made when first needed, and tells the state what they report. */
export class ModelRunner {
  readonly #state: StateStore<SessionState>;
  readonly #createEngine: (id: EngineId) => Promise<Engine>;
  readonly #engines = new Map<EngineId, Promise<Engine>>();
  #loading: Loading | undefined;

  constructor(state: StateStore<SessionState>, createEngine: (id: EngineId) => Promise<Engine>) {
    this.#state = state;
    this.#createEngine = createEngine;
  }

  engine(id: EngineId): Promise<Engine> {
    const known = this.#engines.get(id);
    if (known !== undefined) return known;
    const engine = this.#createEngine(id);
    this.#engines.set(id, engine);
    engine.then((made) => this.#follow(made)).catch(() => this.#engines.delete(id));
    return engine;
  }

  /**
   * Loads a model, or joins the load of it that is under way; one of another model is cancelled. Ends as the engine's
   * `load` does. An abort of any of the joined calls cancels the load.
   */
  async load(model: ModelRecord, signal: AbortSignal): Promise<void> {
    const other = this.#loading;
    if (other !== undefined && other.modelId !== model.id) {
      other.controller.abort();
      await other.done.catch(() => {});
    }
    if (signal.aborted) throw abortError();
    this.#loading ??= this.#beginLoad(model);
    const { controller, done } = this.#loading;
    const cancel = (): void => controller.abort();
    signal.addEventListener('abort', cancel);
    try {
      await done;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** What can be done with a model; loaded first where it is not, because only then its engine knows for sure. */
  async capabilities(model: ModelRecord, signal: AbortSignal): Promise<Capabilities> {
    if (!this.#isLoaded(model)) await this.load(model, signal);
    return (await this.engine(model.engine)).capabilities(model);
  }

  /** What the record tells of it, without a load. */
  async knownCapabilities(model: ModelRecord): Promise<Capabilities> {
    return (await this.engine(model.engine)).capabilities(model);
  }

  /** Tokens of a prompt, counted by the engine; undefined where it cannot, and while the model is not loaded. */
  async countTokens(model: ModelRecord, messages: GenerateRequest['messages']): Promise<number | undefined> {
    if (!this.#isLoaded(model)) return undefined;
    const engine = await this.engine(model.engine);
    const { countTokens } = await engine.capabilities(model);
    return countTokens ? engine.countTokens(messages, new AbortController().signal) : undefined;
  }

  /** Writes an answer with a model, which is loaded first where it is not. */
  async *generate(model: ModelRecord, request: GenerateRequest, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    if (!this.#isLoaded(model)) await this.load(model, signal);
    const engine = await this.engine(model.engine);
    try {
      for await (const event of engine.generate(request, signal)) {
        if (event.type === 'load-progress') this.#report(model.id, event);
        else if (this.#state.state.engine.status !== 'ready') this.#set({ status: 'ready', modelId: model.id });
        yield event;
      }
    } catch (error) {
      this.#reportFailure(model.id, error);
      throw error;
    }
  }

  async unload(): Promise<void> {
    for (const engine of this.#engines.values()) await (await engine).unload();
    this.#set({ status: 'idle' });
  }

  dispose(): void {
    for (const engine of this.#engines.values()) engine.then((made) => made.dispose()).catch(() => {});
    this.#engines.clear();
  }

  #isLoaded(model: ModelRecord): boolean {
    const { engine } = this.#state.state;
    return (engine.status === 'ready' || engine.status === 'lost') && engine.modelId === model.id;
  }

  #beginLoad(model: ModelRecord): Loading {
    const controller = new AbortController();
    const done = this.#runLoad(model, controller.signal).finally(() => {
      this.#loading = undefined;
    });
    return { modelId: model.id, controller, done };
  }

  async #runLoad(model: ModelRecord, signal: AbortSignal): Promise<void> {
    this.#set({ status: 'loading', modelId: model.id, progress: undefined });
    try {
      const engine = await this.engine(model.engine);
      await this.#unloadOthers(model.engine);
      for await (const progress of engine.load(model, signal)) this.#report(model.id, progress);
      this.#set({ status: 'ready', modelId: model.id });
    } catch (error) {
      this.#set(
        isAbortError(error)
          ? { status: 'idle' }
          : { status: 'failed', modelId: model.id, error: toAlcoveError(error, 'load-failed') },
      );
      throw error;
    }
  }

  #follow(engine: Engine): void {
    engine.subscribe(({ error }) => {
      const { engine: state } = this.#state.state;
      if (state.status === 'ready') this.#set({ status: 'lost', modelId: state.modelId, error });
    });
  }

  async #unloadOthers(id: EngineId): Promise<void> {
    for (const [other, engine] of this.#engines) if (other !== id) await (await engine).unload();
  }

  /** What a failed answer says about the model: still loaded, gone, or not to be loaded. */
  #reportFailure(modelId: string, error: unknown): void {
    const wasLoading = this.#state.state.engine.status === 'loading';
    if (isAbortError(error)) {
      if (wasLoading) this.#set({ status: 'idle' });
      return;
    }
    const failure = toAlcoveError(error, 'generation-failed');
    if (wasLoading) this.#set({ status: 'failed', modelId, error: failure });
    else if (LOSSES.has(failure.code)) this.#set({ status: 'lost', modelId, error: failure });
  }

  #report(modelId: string, progress: LoadProgress): void {
    this.#set({ status: 'loading', modelId, progress });
  }

  #set(engine: EngineState): void {
    this.#state.set({ engine });
  }
}
