import type { Engine, Sampling } from '../engine/engine.ts';
import { PROBED_ENGINE } from '../models/engines/probed-engine.ts';
import type { EngineId } from '../models/model-record.ts';
import { AlcoveError, toAlcoveError } from '../platform/errors.ts';
import { isStorageForbidden, memoryDatabaseName } from '../platform/storage-access.ts';
import { ChatStore } from '../storage/chats/chat-store.ts';
import { hasStoredModels } from '../storage/weights/stored-model-ids.ts';
import { ChatRepository } from './chats/chat-repository.ts';
import { Chats } from './chats/chats.ts';
import { databaseNames } from './database-names.ts';
import type { ChatController } from './generation/chat-controller.ts';
import type { Preferences } from './generation/preferences.ts';
import { ToolBox } from './generation/tools/tool-box.ts';
import { Models } from './models/models.ts';
import { RequestLedger } from './request-ledger.ts';
import { createDefaultEngine } from './runtime/create-engine.ts';
import { EnginePool } from './runtime/engine-pool.ts';
import type { RuntimeControls } from './runtime/model-runtime.ts';
import { type Deferred, deferMethods, once, whenDisposed } from './state/deferred-methods.ts';
import { INITIAL_STATE, type SessionState, STATE_IN_MEMORY } from './state/session-state.ts';
import { StateStore } from './state/state-store.ts';

export interface SessionOptions {
  /** Absolute address of catalogue.json. Relative addresses in it are resolved against it. */
  readonly catalogueUrl: string;
  /** Whether the catalogue is another site's: its models get ids of their own. Default: false. */
  readonly isForeignCatalogue?: boolean;
  /** Makes an engine when it is first needed. Default: one that all tabs and sessions of this origin share. */
  readonly createEngine?: (id: EngineId) => Promise<Engine>;
  /** Prefix of the databases' names. Default: `alcove`. */
  readonly databaseName?: string;
  /** The database of the weights, if it is not `${databaseName}-weights`: one in shared storage. */
  readonly weightsDatabaseName?: string;
  /** The database of the chats, if it is not `${databaseName}-chats`: several histories then share the stored models. */
  readonly chatDatabaseName?: string;
  /** False keeps chats in memory, until `dispose` or the end of the page. Default: true. */
  readonly keepsChats?: boolean;
  /**
   * `memory` keeps models, chats and settings only as long as the page, for all its sessions of that `databaseName`. Default:
   * the browser's storage, or memory where the browser forbids the page to store anything.
   */
  readonly storage?: 'memory';
  /** Whether a draft for a new chat is kept over reloads. Default: false, since elements on one page would share it. */
  readonly keepsDrafts?: boolean;
  /** Sampling of every answer, which settings may override. Default: the model's own. */
  readonly sampling?: Sampling;
}

/** The methods of each subject that other code may call. */
const GENERATION = [
  'send',
  'compareNext',
  'keep',
  'readAhead',
  'compact',
  'regenerate',
  'edit',
  'continue',
  'stop',
  'stopAll',
  'answerToolCall',
  'askAgain',
  'selectBranch',
  'deleteMessage',
  'restoreMessage',
  'endUndo',
  'fork',
] as const;
const SETTINGS = [
  'read',
  'setForAll',
  'setForChat',
  'setInstructions',
  'savePersona',
  'deletePersona',
  'exportPersonas',
  'importPersonas',
  'savePrompt',
  'deletePrompt',
  'exportPrompts',
  'importPrompts',
] as const;

/**
 * Owns the shared state: models, chats and generations. It is an instance, never a global, so that a page can hold several.
 * Sessions of one origin still share weights, chats and the loaded model.
 *
 * Components read `state` and call the methods of a subject. The state changes only when an engine or a store reports a
 * result. Code that the first view does not need is fetched during `start`, or by the first call of its methods.
 */
export class Session {
  readonly ledger = new RequestLedger();
  /** The tools that models may call in chats. */
  readonly tools: ToolBox;
  readonly chats: Chats;
  readonly models: Models;
  /** The messages of the open chat and the answers to them. */
  readonly generation: Deferred<ChatController, (typeof GENERATION)[number]>;
  readonly settings: Deferred<Preferences, (typeof SETTINGS)[number]>;
  readonly backends: Deferred<RuntimeControls, keyof RuntimeControls>;
  readonly #state: StateStore<SessionState>;
  readonly #repository: ChatRepository;
  readonly #weightsName: string;
  readonly #pool: EnginePool;
  readonly #openController: () => Promise<ChatController>;
  readonly #disposed = new AbortController();
  #started: Promise<void> | undefined;

  /** @throws AlcoveError `insecure-context` */
  constructor(options: SessionOptions) {
    if (!isSecureContext) throw new AlcoveError('insecure-context', 'Alcove needs https, or localhost');
    const isInMemory = options.storage === 'memory' || isStorageForbidden();
    const inPlace = (name: string): string => (isInMemory ? memoryDatabaseName(name) : name);
    const own = databaseNames(inPlace(options.databaseName ?? 'alcove'));
    const names = { ...own, weights: options.weightsDatabaseName ?? own.weights };
    const state = new StateStore(isInMemory ? STATE_IN_MEMORY : INITIAL_STATE);
    this.#state = state;
    this.tools = new ToolBox(state);
    const disposed = this.#disposed.signal;
    const keepsChats = options.keepsChats ?? true;
    const store = new ChatStore(
      options.chatDatabaseName === undefined ? names.chats : inPlace(options.chatDatabaseName),
    );
    const repository = new ChatRepository(
      state,
      store,
      keepsChats ? store.name : `${store.name} ${crypto.randomUUID()}`,
      keepsChats,
    );
    const createEngine = options.createEngine ?? ((id) => createDefaultEngine(id, names.weights, names.prefix));
    const pool = new EnginePool(state, createEngine, names.runHistory);
    this.#repository = repository;
    this.#weightsName = names.weights;
    this.#pool = pool;
    const openPreferences = once(async () => {
      const { Preferences } = await import('./generation/controller-and-preferences.ts');
      const preferences = new Preferences(state, repository, names.prefix);
      whenDisposed(disposed, () => preferences.dispose());
      return preferences;
    });
    this.settings = deferMethods(openPreferences, SETTINGS);
    this.#openController = once(async () => {
      const [{ ChatController }, runtime, preferences] = await Promise.all([
        import('./generation/controller-and-preferences.ts'),
        pool.open(),
        openPreferences(),
        // Their instructions are part of the first prompt.
        this.chats.projects.read().catch(() => {}),
      ]);
      const engine = {
        generate: runtime.generate.bind(runtime),
        capabilities: runtime.capabilities.bind(runtime),
        storedCapabilities: pool.storedCapabilities.bind(pool),
        countTokens: runtime.countTokens.bind(runtime),
        // Ignore a failure: only the order of a list depends on it.
        markUsed: (modelId: string) => void this.models.markUsed(modelId).catch(() => {}),
      };
      const controller = new ChatController(state, repository, engine, preferences, this.tools, options.sampling);
      whenDisposed(disposed, () => controller.stopAll());
      return controller;
    });
    this.generation = deferMethods(this.#openController, GENERATION);
    this.chats = new Chats({
      state,
      repository,
      store,
      keepsChats,
      keepsDrafts: options.keepsDrafts ?? false,
      onTypingPause: (chatId, text) => void this.generation.readAhead(chatId, text).catch(() => {}),
      stop: (chatId) => (chatId === undefined ? this.generation.stopAll() : this.generation.stop(chatId)),
      disposed,
    });
    this.models = new Models({
      state,
      catalogueUrl: options.catalogueUrl,
      isForeignCatalogue: options.isForeignCatalogue ?? false,
      weightsName: names.weights,
      runHistoryName: names.runHistory,
      databasePrefix: names.prefix,
      pool,
      stop: () => this.generation.stopAll(),
      disposed,
    });
    this.backends = deferMethods(
      () => pool.open(),
      ['tryAgain', 'answer', 'measure', 'stopMeasuring', 'takeOver', 'skipTest', 'dismissChange'],
    );
  }

  get state(): Readonly<SessionState> {
    return this.#state.state;
  }

  /** Calls `listener` after each change of `state`. Returns its undo. */
  subscribe(listener: () => void): () => void {
    return this.#state.subscribe(listener);
  }

  /** Reads the catalogue and the stores, and probes the device. Never throws: `state.start` has the result. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Stops all generations and frees all resources. The state can still be read. */
  dispose(): void {
    this.#disposed.abort();
    this.#pool.dispose();
    this.#repository.dispose();
    this.ledger.dispose();
  }

  async #start(): Promise<void> {
    const device = this.#pool.engine(PROBED_ENGINE).then((engine) => engine.probe());
    // The first message needs settings and controller; it fetches them again if that fails now.
    this.settings.read().catch(() => {});
    const controller = this.#openController().catch(() => {});
    const [models] = await Promise.allSettled([this.models.start(device), this.#repository.start()]);
    if (models.status === 'rejected') {
      this.#state.set({ start: 'failed', startError: toAlcoveError(models.reason, 'catalogue-invalid') });
    } else {
      this.#state.set({ start: 'ready' });
      // Without a stored model no load can have crashed the page.
      if (hasStoredModels(this.#weightsName)) void device.then(() => this.#pool.recoverCrashes());
    }
    await controller;
  }
}
