import type { Capabilities, Engine, HostStatus } from '../../engine/engine.ts';
import type { EngineId, ModelRecord } from '../../models/model-record.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import type { EngineSource } from './backend-loader.ts';
import type { ModelRuntime } from './model-runtime.ts';

/** The engines of a session and the runtime that uses them. Their code is fetched when it is first needed. */
export class EnginePool implements EngineSource {
  readonly #state: StateStore<SessionState>;
  readonly #createEngine: (id: EngineId) => Promise<Engine>;
  readonly #storeName: string;
  readonly #engines = new Map<EngineId, Promise<Engine>>();
  #runtime: Promise<ModelRuntime> | undefined;

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

  open(): Promise<ModelRuntime> {
    this.#runtime ??= import('./model-runtime.ts').then(
      ({ ModelRuntime }) => new ModelRuntime(this.#state, this, this.#storeName),
    );
    return this.#runtime;
  }

  /** Looks for a load that ended the page before this one. Never throws. */
  async recoverCrashes(): Promise<void> {
    await (await this.open()).recoverCrashes().catch(() => {});
  }

  /** See ModelRuntime. The state shows the load while the runtime is still being fetched. */
  async load(model: ModelRecord, signal: AbortSignal): Promise<void> {
    const { engine } = this.#state.state;
    const isShown = (engine.status === 'ready' || engine.status === 'loading') && engine.modelId === model.id;
    if (!isShown) this.#state.set({ engine: { status: 'loading', modelId: model.id, progress: undefined } });
    await (await this.open()).load(model, signal);
  }

  async unload(): Promise<void> {
    await (await this.open()).unload();
  }

  async storedCapabilities(model: ModelRecord): Promise<Capabilities> {
    return (await this.engine(model.engine)).capabilities(model);
  }

  async unloadAllBut(kept: EngineId | undefined): Promise<void> {
    for (const [id, engine] of this.#engines) if (id !== kept) await (await engine).unload();
  }

  dispose(): void {
    for (const engine of this.#engines.values()) engine.then((made) => made.dispose()).catch(() => {});
    this.#runtime?.then((runtime) => runtime.dispose()).catch(() => {});
    this.#engines.clear();
  }

  #follow(engine: Engine): void {
    engine.subscribe((notice) => {
      if (notice.type === 'lost') void this.#runtime?.then((runtime) => runtime.onLoss(engine, notice.error));
      else this.#setHost(engine.id, notice.status);
    });
  }

  #setHost(engine: EngineId, status: HostStatus): void {
    const { runtime } = this.#state.state;
    if (status !== 'answers') this.#state.set({ runtime: { ...runtime, otherTab: { engine, status } } });
    else if (runtime.otherTab?.engine === engine) this.#state.set({ runtime: { ...runtime, otherTab: undefined } });
  }
}
