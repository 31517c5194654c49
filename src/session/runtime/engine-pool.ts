import type { Capabilities, Engine, GenerateRequest } from '../../engine/engine.ts';
import type { EngineId, ModelRecord } from '../../models/model-record.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import type { ModelRuntime } from './model-runtime.ts';
import type { RuntimeEvent } from './runtime-event.ts';

/**
 * Runs models: the session's face of the engines and of the ladder, both of which are fetched when they are first needed,
 * since nothing of them is part of the first view.
 */
export class EnginePool {
  readonly #state: StateStore<SessionState>;
  readonly #createEngine: (id: EngineId) => Promise<Engine>;
  readonly #storeName: string;
  readonly #engines = new Map<EngineId, Promise<Engine>>();
  #ladder: Promise<ModelRuntime> | undefined;

  constructor(state: StateStore<SessionState>, createEngine: (id: EngineId) => Promise<Engine>, storeName: string) {
    this.#state = state;
    this.#createEngine = createEngine;
    this.#storeName = storeName;
  }

  engine(id: EngineId): Promise<Engine> {
    const known = this.#engines.get(id);
    if (known !== undefined) return known;
    const engine = this.#createEngine(id);
    this.#engines.set(id, engine);
    engine.then((made) => this.#follow(made)).catch(() => this.#engines.delete(id));
    return engine;
  }

  /** Looks for a load that ended the page before this one. Never throws. */
  async recoverCrashes(): Promise<void> {
    await (await this.open()).recoverCrashes().catch(() => {});
  }

  /** Loads a model, or joins its load; see ModelRuntime. */
  async load(model: ModelRecord, signal: AbortSignal): Promise<void> {
    this.#announce(model);
    await (await this.open()).load(model, signal);
  }

  /** What can be done with a model; loaded first where it is not, because only then its engine knows for sure. */
  async capabilities(model: ModelRecord, signal: AbortSignal): Promise<Capabilities> {
    if (!this.#isLoaded(model)) await this.load(model, signal);
    return this.storedCapabilities(this.#variantOf(model));
  }

  /** What the record tells of it, without a load. */
  async storedCapabilities(model: ModelRecord): Promise<Capabilities> {
    return (await this.engine(model.engine)).capabilities(model);
  }

  /** Tokens of a prompt, counted by the engine; undefined where it cannot, and while the model is not loaded. */
  async countTokens(model: ModelRecord, messages: GenerateRequest['messages']): Promise<number | undefined> {
    if (!this.#isLoaded(model)) return undefined;
    const variant = this.#variantOf(model);
    const engine = await this.engine(variant.engine);
    const { countTokens } = await engine.capabilities(variant);
    return countTokens ? engine.countTokens(messages, new AbortController().signal) : undefined;
  }

  /** Writes an answer with a model, which is loaded first where it is not. */
  async *generate(model: ModelRecord, request: GenerateRequest, signal: AbortSignal): AsyncGenerator<RuntimeEvent> {
    this.#announce(model);
    yield* (await this.open()).generate(model, request, signal);
  }

  async unload(): Promise<void> {
    await (await this.open()).unload();
  }

  dispose(): void {
    for (const engine of this.#engines.values()) engine.then((made) => made.dispose()).catch(() => {});
    this.#ladder?.then((runner) => runner.dispose()).catch(() => {});
    this.#engines.clear();
  }

  /** The variant of the loaded model that runs. */
  #variantOf(model: ModelRecord): ModelRecord {
    const { models, ladder } = this.#state.state;
    const { modelId, recordId } = ladder.running ?? {};
    const running =
      modelId === model.id && recordId !== model.id && models.find(({ record }) => record.id === recordId);
    return running ? running.record : model;
  }

  #isLoaded(model: ModelRecord): boolean {
    const { engine } = this.#state.state;
    return engine.status === 'ready' && engine.modelId === model.id;
  }

  /** A load is asked for, and what does it may still be on its way. */
  #announce({ id }: ModelRecord): void {
    const { engine } = this.#state.state;
    if ((engine.status === 'ready' || engine.status === 'loading') && engine.modelId === id) return;
    this.#state.set({ engine: { status: 'loading', modelId: id, progress: undefined } });
  }

  #follow(engine: Engine): void {
    engine.subscribe(({ error }) => void this.#ladder?.then((runner) => runner.onLoss(engine, error)));
  }

  /** The ladder; fetched when it is first needed. */
  open(): Promise<ModelRuntime> {
    this.#ladder ??= import('./model-runtime.ts').then(
      ({ ModelRuntime }) =>
        new ModelRuntime({
          state: this.#state,
          engine: (id) => this.engine(id),
          made: this.#engines,
          storeName: this.#storeName,
        }),
    );
    return this.#ladder;
  }
}
