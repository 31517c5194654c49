import type { Capabilities, Embeddings, Engine, GenerateRequest, LoadProgress } from '../engine/engine.ts';
import { PROBED_ENGINE } from '../models/engines/probed-engine.ts';
import type { EngineId } from '../models/model-record.ts';
import { AlcoveError } from '../platform/errors.ts';
import { untilUnused } from '../storage/weights/model-lock.ts';
import { databaseNames } from './database-names.ts';
import { Models } from './models/models.ts';
import { runnableModel } from './models/runnable-model.ts';
import { createDefaultEngine } from './runtime/create-engine.ts';
import { EnginePool } from './runtime/engine-pool.ts';
import type { RuntimeEvent } from './runtime/runtime-event.ts';
import { once } from './state/deferred-methods.ts';
import { findModel } from './state/find-model.ts';
import { INITIAL_STATE, type ModelEntry, type SessionState } from './state/session-state.ts';
import { StateStore } from './state/state-store.ts';
import { TurnQueue } from './turn-queue.ts';

export interface ModelSessionOptions {
  /** Absolute address of catalogue.json. Relative addresses in it are resolved against it. */
  readonly catalogueUrl: string;
  /** Makes an engine when it is first needed. Default: one that all tabs and sessions of this origin share. */
  readonly createEngine?: (id: EngineId) => Promise<Engine>;
  /** Prefix of the databases' names. Default: `alcove`. */
  readonly databaseName?: string;
}

/**
 * A session without chats: the models of this origin and what they are asked. It shares weights and the loaded model with
 * the sessions of the same database name, and neither reads nor writes a conversation.
 */
export class ModelSession {
  readonly models: Models;
  readonly #state = new StateStore<SessionState>(INITIAL_STATE);
  readonly #pool: EnginePool;
  readonly #disposed = new AbortController();
  /** A shared engine serves one call of a page at a time. */
  readonly #turns = new TurnQueue();
  /** The model that computes embeddings, which stays loaded beside the one that writes. */
  #embedderId: string | undefined;
  readonly #undo = this.#state.subscribe(() => {
    // There is no interface that could ask: a tab that does not answer is replaced.
    if (this.#state.state.runtime.otherTab !== undefined) void this.#pool.open().then((runtime) => runtime.takeOver());
  });
  readonly #start = once(async () => {
    const probe = this.#pool.engine(PROBED_ENGINE).then((engine) => engine.probe());
    await this.models.start(probe);
    await this.models.browserModelSought;
    await probe;
  });

  constructor({ catalogueUrl, databaseName, createEngine }: ModelSessionOptions) {
    const names = databaseNames(databaseName);
    const create = createEngine ?? ((id: EngineId) => createDefaultEngine(id, names.weights, names.prefix));
    this.#pool = new EnginePool(this.#state, create, names.runHistory);
    this.models = new Models({
      state: this.#state,
      catalogueUrl,
      isForeignCatalogue: false,
      weightsName: names.weights,
      runHistoryName: names.runHistory,
      databasePrefix: names.prefix,
      pool: this.#pool,
      stop: async () => {},
      disposed: this.#disposed.signal,
    });
  }

  get state(): Pick<SessionState, 'models' | 'engine' | 'device'> {
    return this.#state.state;
  }

  subscribe(listener: () => void): () => void {
    return this.#state.subscribe(listener);
  }

  /**
   * Reads the catalogue and the store, and probes the device. After a failure the next call tries again.
   * @throws AlcoveError `catalogue-invalid`, or why the catalogue cannot be fetched
   */
  start(): Promise<void> {
    return this.#start();
  }

  /** @throws AlcoveError `model-unknown` */
  find(modelId: string): ModelEntry {
    const entry = findModel(this.#state.state, modelId);
    if (entry === undefined) throw new AlcoveError('model-unknown', `no model is called ${modelId}`);
    return entry;
  }

  /** @throws AlcoveError `model-unknown`, `model-missing`, or why the model cannot run here; AbortError */
  async load(modelId: string, signal: AbortSignal, onProgress: (progress: LoadProgress) => void): Promise<void> {
    const end = await this.#turns.take(signal);
    let shown: LoadProgress | undefined;
    const undo = this.subscribe(() => {
      const { engine } = this.state;
      if (engine.status !== 'loading' || engine.progress === undefined || engine.progress === shown) return;
      shown = engine.progress;
      onProgress(shown);
    });
    try {
      await this.#pool.load(runnableModel(this.#state.state, modelId), signal);
    } finally {
      undo();
      end();
    }
  }

  /** Writes an answer when the earlier calls have ended. Loads the model first if it is not loaded. */
  async *generate(modelId: string, request: GenerateRequest, signal: AbortSignal): AsyncGenerator<RuntimeEvent> {
    const end = await this.#turns.take(signal);
    try {
      const model = runnableModel(this.#state.state, modelId);
      yield* (await this.#pool.open()).generate(model, request, signal);
    } finally {
      end();
    }
  }

  /** Tokens of a prompt; undefined if its model is not loaded or its engine cannot count. */
  async countTokens(
    modelId: string,
    messages: GenerateRequest['messages'],
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const end = await this.#turns.take(signal);
    try {
      const model = runnableModel(this.#state.state, modelId);
      return await (await this.#pool.open()).countTokens(model, messages);
    } finally {
      end();
    }
  }

  /** Texts as vectors, also by a model that is for nothing else. */
  async embed(modelId: string, texts: readonly string[], signal: AbortSignal): Promise<Embeddings> {
    const end = await this.#turns.take(signal);
    try {
      const { record, fit, weights } = this.find(modelId);
      if (fit.status === 'cannot-run' && fit.code !== 'model-not-for-chat') {
        throw new AlcoveError(fit.code, `${record.id} cannot run here`, { data: fit.data });
      }
      if (weights.status !== 'stored') throw new AlcoveError('model-missing', `${record.id} is not stored`);
      this.#embedderId = record.id;
      return await (await this.#pool.open()).embed(record, texts, signal);
    } finally {
      end();
    }
  }

  /** Deletes the stored weights of a model. @throws AlcoveError `model-in-use` while another tab has it loaded */
  async delete(modelId: string): Promise<void> {
    if (this.#embedderId === modelId) {
      this.#embedderId = undefined;
      await this.models.unload();
      await untilUnused(modelId);
    }
    await this.models.delete(modelId);
  }

  /** What a model can do by its record or, once it is loaded, by its engine. @throws AlcoveError `model-unknown` */
  capabilities(modelId: string): Promise<Capabilities> {
    return this.models.capabilities(modelId);
  }

  /** Ends all calls as cancelled and frees all resources. */
  dispose(): void {
    this.#disposed.abort();
    this.#undo();
    this.#pool.dispose();
  }
}
