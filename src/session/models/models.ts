import type { ImportedModel } from '../../download/downloader.ts';
import type { Capabilities, EngineProbe } from '../../engine/engine.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { persist } from '../../storage/quota.ts';
import { untilUnused } from '../../storage/weights/model-lock.ts';
import type { EnginePool } from '../runtime/engine-pool.ts';
import { type Deferred, deferMethods, once, whenDisposed } from '../state/deferred-methods.ts';
import { findModel } from '../state/find-model.ts';
import { readLater } from '../state/read-later.ts';
import type { ServerEntry, SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { chooseBrowserModel, isBrowserModelChosen } from './browser-model-choice.ts';
import type { CustomModels } from './custom-models.ts';
import type { CustomServers } from './custom-servers.ts';
import { writeLastModel } from './last-model.ts';
import { ModelRegistry } from './model-registry.ts';
import { runnableModel } from './runnable-model.ts';
import { hasServers } from './server-mark.ts';

export interface ModelsOptions {
  readonly state: StateStore<SessionState>;
  readonly catalogueUrl: string;
  readonly isForeignCatalogue: boolean;
  readonly weightsName: string;
  readonly runHistoryName: string;
  readonly databasePrefix: string;
  readonly pool: EnginePool;
  readonly stop: () => Promise<void>;
  readonly disposed: AbortSignal;
}

const CUSTOM = ['add', 'put', 'remove', 'reopen', 'copyToStore', 'archive', 'importArchive'] as const;

/** Downloads, selects, loads and deletes models. Publishes the results in `state.models` and `state.engine`. */
export class Models {
  readonly custom: Deferred<CustomModels, (typeof CUSTOM)[number]>;
  /** The user's servers. They are listed in `state.servers`, and their models in `state.models`. */
  readonly servers: Deferred<CustomServers, 'list' | 'add' | 'refresh' | 'remove' | 'detect'>;
  /** Resolves when `state.models` has the browser's own model, or the browser has said that it has none. Never rejects. */
  browserModelSought = Promise.resolve();
  readonly #state: StateStore<SessionState>;
  readonly #pool: EnginePool;
  readonly #databasePrefix: string;
  readonly #registry: ModelRegistry;
  readonly #openCustom: () => Promise<CustomModels>;
  readonly #stop: ModelsOptions['stop'];
  readonly #disposed: AbortSignal;
  #loading: AbortController | undefined;
  /** Whether the user has selected a model in this visit. */
  #hasSelected = false;

  constructor({ state, pool, stop, disposed, weightsName, databasePrefix, ...registry }: ModelsOptions) {
    this.#state = state;
    this.#databasePrefix = databasePrefix;
    this.#pool = pool;
    this.#stop = stop;
    this.#disposed = disposed;
    this.#registry = new ModelRegistry({ state, weightsName, databasePrefix, ...registry });
    this.#openCustom = once(async () => {
      const { CustomModels } = await import('./custom-models.ts');
      const models = new CustomModels(weightsName, {
        setCustom: (entries) => this.#registry.setCustom(entries),
        importFiles: (imported) => this.#import(imported),
        deleteWeights: (modelId) => this.#registry.weights.drop(modelId),
      });
      whenDisposed(disposed, () => models.dispose());
      return models;
    });
    this.custom = deferMethods(this.#openCustom, CUSTOM);
    const openServers = once(async () => {
      const [{ CustomServers }, { ServerStore }] = await Promise.all([
        import('./custom-servers.ts'),
        import('../../storage/server-store.ts'),
      ]);
      const store = new ServerStore(databasePrefix);
      whenDisposed(disposed, () => store.close());
      const servers = new CustomServers(store, (...published) => this.#setServers(...published), databasePrefix);
      await servers.start();
      return servers;
    });
    this.servers = deferMethods(openServers, ['list', 'add', 'refresh', 'remove', 'detect']);
    disposed.addEventListener('abort', () => {
      this.#loading?.abort();
      this.#registry.dispose();
    });
  }

  /**
   * Reads the catalogue, what the user has added, and what is stored.
   * @param probe of the device
   * @throws AlcoveError `catalogue-invalid`, or why the catalogue cannot be fetched
   */
  async start(probe: Promise<EngineProbe>): Promise<void> {
    // The browser may take its time to answer: the other models do not wait for it.
    this.browserModelSought = this.#findBrowserModel();
    const readCustom = async (): Promise<void> => (await this.#openCustom()).refresh();
    const readServers = async (): Promise<unknown> => hasServers(this.#databasePrefix) && this.servers.list();
    // If these fail, the models of the catalogue can still be used.
    const others = [readCustom, readServers].map((read) =>
      read().catch((error: unknown) => readLater(error, read, this.#disposed)),
    );
    const [catalogue] = await Promise.allSettled([this.#registry.start(probe), ...others]);
    this.#registry.complete();
    if (catalogue.status === 'rejected') throw catalogue.reason;
  }

  /** Selects the model that the next message goes to. Ignores an id that no model has. */
  select(modelId: string): void {
    const entry = findModel(this.#state.state, modelId);
    if (entry === undefined) return;
    this.#hasSelected = true;
    chooseBrowserModel(entry.record.source.kind === 'browser', this.#databasePrefix);
    this.#state.set({ selectedModelId: modelId });
    const { status } = entry.weights;
    if (status === 'stored' || status === 'closed') writeLastModel(modelId, this.#databasePrefix);
  }

  /** Limits the models to those that the page offers, of the user's own ones too. @param isOffered undefined for all */
  offer(isOffered: ((record: ModelRecord) => boolean) | undefined): void {
    this.#registry.offer(isOffered);
  }

  /** Starts or resumes a download. Its progress and its failure are in the state. @throws AlcoveError `model-unknown` */
  async download(modelId: string): Promise<void> {
    const { record } = this.#known(modelId);
    // Firefox may ask the user, which it does only in answer to a click.
    void this.requestPersistence();
    this.#registry.weights.download(record);
  }

  /** Resolves when the download has paused. Keeps the stored bytes. */
  async pause(modelId: string): Promise<void> {
    await this.#registry.weights.pause(modelId);
  }

  /** Ends a download and deletes the stored bytes. */
  async cancel(modelId: string): Promise<void> {
    await this.#registry.weights.cancel(modelId);
  }

  /** Deletes the stored weights of a model. @throws AlcoveError `model-in-use` while another tab has it loaded */
  async delete(modelId: string): Promise<void> {
    const { engine, runtime } = this.#state.state;
    if (engine.status !== 'idle' && (engine.modelId === modelId || runtime.running?.recordId === modelId)) {
      await this.unload();
      await untilUnused(modelId);
    }
    await this.#registry.weights.delete(modelId);
  }

  /** Compares the stored weights with their hashes. @throws AlcoveError `model-damaged` */
  async verify(modelId: string): Promise<void> {
    await this.#registry.weights.verify(modelId);
  }

  /** Asks the browser not to evict the stored data. Resolves with whether it has agreed. */
  async requestPersistence(): Promise<boolean> {
    const persisted = await persist();
    this.#state.set({ storage: { ...this.#state.state.storage, persisted } });
    return persisted ?? false;
  }

  /** Measures the speed of this device in less than two seconds. @throws AlcoveError if it fails */
  async measureDevice(): Promise<void> {
    await this.#registry.measureDevice();
  }

  /**
   * Loads a stored model now rather than with the first message. The result is in `state.engine`.
   * @throws AlcoveError `model-unknown`, `model-missing`, or why the model cannot run here
   */
  async load(modelId: string): Promise<void> {
    const record = runnableModel(this.#state.state, modelId);
    this.#loading = new AbortController();
    await this.#pool.load(record, this.#loading.signal).catch(() => {});
  }

  /**
   * Sets how many tokens a model reads at once, within what it was trained for and what this device may hold. A loaded model is
   * loaded again now or, if it writes, with its next answer.
   * @param tokens undefined for what fits comfortably
   * @throws AlcoveError `model-unknown`
   */
  async setContextWindow(modelId: string, tokens: number | undefined): Promise<void> {
    this.#known(modelId);
    await this.#registry.chooseContextWindow(modelId, tokens);
    const { engine, runtime, generation } = this.#state.state;
    if (engine.status === 'idle' || generation.status !== 'idle') return;
    if (engine.modelId !== modelId && runtime.running?.recordId !== modelId) return;
    await (await this.#pool.open()).tryAgain(engine.modelId);
  }

  /** Loads the selected model unless it is loaded or cannot be. Called when the user starts to type. */
  prepare(): void {
    const { selectedModelId, engine, generation } = this.#state.state;
    const entry = findModel(this.#state.state, selectedModelId);
    const isReady = engine.status !== 'idle' && engine.modelId === selectedModelId;
    if (entry?.weights.status !== 'stored' || entry.fit.status === 'cannot-run') return;
    if (!isReady && generation.status === 'idle') void this.load(entry.record.id);
  }

  /** Ends all generations and frees the memory of the loaded model. */
  async unload(): Promise<void> {
    await this.#stop();
    this.#loading?.abort();
    await this.#pool.unload();
  }

  /** What a model can do by its record or, once it is loaded, by its engine. @throws AlcoveError `model-unknown` */
  async capabilities(modelId: string): Promise<Capabilities> {
    const capabilities = await this.#pool.storedCapabilities(this.#known(modelId).record);
    if (capabilities.samplingDefaults !== undefined) return capabilities;
    const samplingDefaults = await this.#registry.weights.sampling(modelId).catch(() => undefined);
    return samplingDefaults === undefined ? capabilities : { ...capabilities, samplingDefaults };
  }

  async markUsed(modelId: string): Promise<void> {
    const { selectedModelId } = this.#state.state;
    if (selectedModelId !== undefined) writeLastModel(selectedModelId, this.#databasePrefix);
    await this.#registry.weights.markUsed(modelId);
  }

  async #findBrowserModel(): Promise<void> {
    if (!('LanguageModel' in globalThis)) return;
    const { findBrowserRecord } = await import('../../engine/browser/browser-record.ts');
    const record = await findBrowserRecord();
    if (record === undefined) return;
    this.#registry.setBrowserModel(record, !this.#hasSelected && isBrowserModelChosen(this.#databasePrefix));
  }

  #known(modelId: string): { readonly record: ModelRecord } {
    const entry = findModel(this.#state.state, modelId);
    if (entry === undefined) throw new AlcoveError('model-unknown', `no model is called ${modelId}`);
    return entry;
  }

  #import(imported: ImportedModel): void {
    void this.requestPersistence();
    this.#registry.weights.import(imported);
  }

  /** Publishes the servers. Unloads a model whose server was removed, even if another server at that host has it too. */
  #setServers(records: readonly ModelRecord[], servers: readonly ServerEntry[]): void {
    const before = this.#loadedServer;
    this.#registry.setServerModels(records);
    this.#state.set({ servers });
    if (before !== undefined && this.#loadedServer !== before) void this.unload();
  }

  get #loadedServer(): string | undefined {
    const { engine } = this.#state.state;
    const loaded = engine.status === 'idle' ? undefined : findModel(this.#state.state, engine.modelId);
    return loaded?.record.source.kind === 'custom-server' ? loaded.record.source.serverId : undefined;
  }
}
