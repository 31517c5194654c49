import type { Capabilities, Engine, Sampling } from '../engine/engine.ts';
import type { EngineId, ModelRecord } from '../models/model-record.ts';
import { AlcoveError, toAlcoveError } from '../platform/errors.ts';
import { ChatStore } from '../storage/chats/chat-store.ts';
import { untilUnused } from '../storage/weights/model-lock.ts';
import { hasStoredModels } from '../storage/weights/stored-model-ids.ts';
import { ChatDrafts } from './chats/chat-drafts.ts';
import { ChatLabels } from './chats/chat-labels.ts';
import { ChatRepository } from './chats/chat-repository.ts';
import type { ChatSearch } from './chats/chat-search.ts';
import type { ChatTransfer } from './chats/chat-transfer.ts';
import type { ChatController } from './generation/chat-controller.ts';
import type { CompactionPolicy, ContextPolicy } from './generation/context-policy.ts';
import { runnableModel } from './generation/runnable-model.ts';
import { hasServers } from './models/allowed-hosts.ts';
import type { CustomModels } from './models/custom-models.ts';
import type { CustomServers } from './models/custom-servers.ts';
import type { DeviceBenchmarkRunner } from './models/device-benchmark.ts';
import { ModelRegistry } from './models/model-registry.ts';
import { RequestLedger } from './request-ledger.ts';
import { createDefaultEngine } from './runtime/create-engine.ts';
import { EnginePool } from './runtime/engine-pool.ts';
import type { RuntimeControls } from './runtime/ladder-controls.ts';
import { Lazy } from './state/lazy.ts';
import { INITIAL_STATE, type SessionState } from './state/session-state.ts';
import { StateStore } from './state/state-store.ts';

export interface SessionOptions {
  /** Absolute address of catalogue.json. Relative addresses in it are resolved against it. */
  readonly catalogueUrl: string;
  /** Makes an engine when it is first needed. Default: one shared by all tabs and sessions of this origin. */
  readonly createEngine?: (id: EngineId) => Promise<Engine>;
  /** Prefix of the databases. Default `alcove`. */
  readonly databaseName?: string;
  /** Whether what is typed into a new chat outlasts the page. Default: false, as for one of several on a page. */
  readonly keepsDrafts?: boolean;
  /** For every answer. Default: the model's own. */
  readonly sampling?: Sampling;
}

/**
 * The single owner of what is shared: models, chats, the answer that is being written. An instance, never a global, so
 * that a page can hold several; sessions of one origin share weights, chats and the loaded model all the same.
 *
 * Components read `state` and ask by the methods; only what an engine or a store has reported changes the state.
 */
export class Session {
  /** Every request that the browser made for this page. */
  readonly ledger = new RequestLedger();
  /** How fast this device is. */
  readonly deviceCheck: Pick<DeviceBenchmarkRunner, 'measure'>;
  /** Settings, personas, and what happens when a context window is full. */
  readonly rules: Lazy<ContextPolicy>;
  /** Brings chats out of the browser and into it; loaded when it is first needed. */
  readonly openTransfer: () => Promise<ChatTransfer>;
  /** The reader's own servers; loaded when it is first needed, or at the start if there are any. */
  readonly openServers: () => Promise<CustomServers>;
  /** What is said in the open chat, and its branches; loaded at the end of the start, when the page can be typed into. */
  readonly openChatController: () => Promise<ChatController>;
  /** Looks through the words of all chats. */
  readonly search: Lazy<ChatSearch>;
  /** Pins, archive and tags of the chats. */
  readonly marks: ChatLabels;
  /** What is typed and not sent. */
  readonly drafts: ChatDrafts;
  /** The models that the reader has added. Rejects where its script cannot be fetched. */
  readonly customModels: Promise<CustomModels>;
  /** The ways in which a model can run here, and what to do about them. */
  readonly openRuntimeControls: () => Promise<RuntimeControls>;
  readonly #state = new StateStore<SessionState>(INITIAL_STATE);
  readonly #library: ChatRepository;
  readonly #runner: EnginePool;
  readonly #shelf: ModelRegistry;
  #dialogue: ChatController | undefined;
  #started: Promise<void> | undefined;
  #loading: AbortController | undefined;

  constructor(options: SessionOptions) {
    const name = options.databaseName ?? 'alcove';
    const weights = `${name}-weights`;
    const serverStore = `${name}-servers`;
    const store = new ChatStore(`${name}-chats`);
    this.#library = new ChatRepository(this.#state, store, store.name);
    this.marks = new ChatLabels(this.#library);
    this.search = new Lazy(async () => {
      const { ChatSearch } = await import('./chats/chat-search.ts');
      return new ChatSearch(this.#library, store.name);
    });
    this.drafts = new ChatDrafts(store, options.keepsDrafts ?? false);
    const createEngine = options.createEngine ?? ((id) => createDefaultEngine(id, weights, serverStore));
    this.#runner = new EnginePool(this.#state, createEngine, `${name}-outcomes`);
    this.openRuntimeControls = () => this.#runner.open();
    this.#shelf = new ModelRegistry(this.#state, options.catalogueUrl, weights);
    this.deviceCheck = { measure: () => this.#shelf.measureDevice() };
    this.openTransfer = () => openTransfer(this.#library, this.#state);
    this.rules = new Lazy(async () =>
      loadRules(`${name}-preferences`, this.#library, this.#runner, await this.openChatController()),
    );
    const servers = new Lazy(() => openServers(serverStore, (records) => this.#setServerModels(records)));
    this.openServers = () => servers.load();
    const engine = {
      generate: this.#runner.generate.bind(this.#runner),
      canContinue: async (record: ModelRecord) => {
        const engine = await this.#runner.engine(record.engine);
        return (await engine.capabilities(record)).continueLast;
      },
      capabilities: this.#runner.capabilities.bind(this.#runner),
      // Only the order of a list depends on it.
      markUsed: ({ id }: ModelRecord) => void this.#shelf.markUsed(id).catch(() => {}),
    };
    this.openChatController = async () => {
      const { ChatController } = await import('./generation/chat-controller.ts');
      this.#dialogue ??= new ChatController(this.#state, this.#library, engine, this.rules, options.sampling);
      return this.#dialogue;
    };
    this.customModels = import('./models/custom-models.ts').then(
      ({ CustomModels }) => new CustomModels(weights, this.#shelf),
    );
  }

  get state(): Readonly<SessionState> {
    return this.#state.state;
  }

  /** `listener` is called after each change of `state`. Returns its undo. */
  subscribe(listener: () => void): () => void {
    return this.#state.subscribe(listener);
  }

  /** Reads the catalogue, the chats, what is stored and what the device can do. Never throws: see `state.start`. */
  start(): Promise<void> {
    this.#started ??= this.#start();
    return this.#started;
  }

  /** Stops what runs and lets everything go. The state stays readable. */
  dispose(): void {
    this.#dialogue?.stopAll();
    this.#loading?.abort();
    this.drafts.dispose();
    this.search.value?.dispose();
    this.#shelf.dispose();
    this.customModels.then((models) => models.dispose()).catch(() => {});
    this.#runner.dispose();
    this.#library.dispose();
    this.ledger.dispose();
    this.rules.value?.preferences.dispose();
  }

  // Models

  /** The model that the next message goes to. */
  selectModel(modelId: string): void {
    this.#shelf.select(modelId);
  }

  /** Starts a download, or goes on with one. How it fares is in the state. @throws AlcoveError `model-unknown` */
  async download(modelId: string): Promise<void> {
    this.#shelf.download(modelId);
  }

  /** Resolves when the download stands still; what is stored stays. */
  pauseDownload(modelId: string): Promise<void> {
    return this.#shelf.pause(modelId);
  }

  /** Ends a download and drops what it has stored. */
  cancelDownload(modelId: string): Promise<void> {
    return this.#shelf.cancel(modelId);
  }

  /** @throws AlcoveError `model-in-use` while another tab has it loaded */
  async deleteModel(modelId: string): Promise<void> {
    const { engine, ladder } = this.state;
    if (engine.status !== 'idle' && (engine.modelId === modelId || ladder.running?.recordId === modelId)) {
      await this.unloadModel();
      await untilUnused(modelId);
    }
    await this.#shelf.delete(modelId);
  }

  /** A server that was forgotten is asked no more, also where another at the same host has the same model. */
  #setServerModels(records: readonly ModelRecord[]): void {
    const before = this.#loadedServer;
    this.#shelf.setServerModels(records);
    if (before !== undefined && this.#loadedServer !== before) void this.unloadModel();
  }

  get #loadedServer(): string | undefined {
    const { engine, models } = this.state;
    const loaded = engine.status !== 'idle' && models.find(({ record }) => record.id === engine.modelId);
    return loaded && loaded.record.source.kind === 'own-server' ? loaded.record.source.serverId : undefined;
  }

  /** Reads what is stored of a model and compares its hashes. @throws AlcoveError `model-damaged` */
  verifyModel(modelId: string): Promise<void> {
    return this.#shelf.verify(modelId);
  }

  /** Asks the browser not to evict what is stored. Resolves with its answer. */
  requestPersistence(): Promise<boolean> {
    return this.#shelf.requestPersistence();
  }

  /**
   * Loads a stored model now rather than with the first message. How it went, is in `state.engine`.
   * @throws AlcoveError `model-unknown`, `model-missing`, or why the model cannot run here
   */
  async loadModel(modelId: string): Promise<void> {
    const record = runnableModel(this.state, modelId);
    this.#loading = new AbortController();
    await this.#runner.load(record, this.#loading.signal).catch(() => {});
  }

  /** Loads the selected model if it can be and is not: called when a person begins to write, so that it is ready. */
  prepare(): void {
    const { selectedModelId, engine, generation, models } = this.state;
    const entry = models.find(({ record }) => record.id === selectedModelId);
    const isReady = engine.status !== 'idle' && engine.modelId === selectedModelId;
    if (entry?.weights.status !== 'stored' || entry.fit.verdict === 'cannot-run') return;
    if (!isReady && generation.status === 'idle') void this.loadModel(entry.record.id);
  }

  async unloadModel(): Promise<void> {
    this.#dialogue?.stopAll();
    this.#loading?.abort();
    await this.#runner.unload();
  }

  // Chats

  newChat(): void {
    this.#library.show(undefined);
    const { forAll } = this.rules.value?.preferences.state ?? {};
    const entry = this.state.models.find(({ record }) => record.id === forAll?.modelId);
    if (entry?.weights.status === 'stored') this.selectModel(entry.record.id);
  }

  /** @throws AlcoveError `record-broken` */
  async openChat(id: string): Promise<void> {
    await this.#library.open(id);
    const { chat, models } = this.state;
    if (chat?.modelId !== undefined && models.some(({ record }) => record.id === chat.modelId)) {
      this.selectModel(chat.modelId);
    }
  }

  renameChat(id: string, title: string): Promise<void> {
    return this.#library.setFields(id, { title, titleIsSet: true });
  }

  async deleteChat(id: string): Promise<void> {
    this.#dialogue?.stop(id);
    await this.#library.delete(id);
  }

  /** Ends all answers, and deletes all chats and drafts for good. Resolves with how many chats there were. */
  deleteAllChats(): Promise<number> {
    this.#dialogue?.stopAll();
    return this.#library.deleteAll();
  }

  /** Undoes a delete of this visit. */
  restoreChat(id: string): Promise<void> {
    return this.#library.restore(id);
  }

  /** What is stored of a chat that cannot be opened. */
  rawChat(id: string): Promise<unknown> {
    return this.#library.loadRaw(id);
  }

  /** What can be done with a model: what its record tells, once it is loaded what it does. @throws AlcoveError `model-unknown` */
  async capabilities(modelId: string): Promise<Capabilities> {
    const entry = this.state.models.find(({ record }) => record.id === modelId);
    if (entry === undefined) throw new AlcoveError('model-unknown', `no model ${modelId}`);
    return this.#runner.storedCapabilities(entry.record);
  }

  /** @throws Error before the end of `start`: see `openDialogue` */
  get dialogue(): ChatController {
    if (this.#dialogue === undefined) throw new Error('the session has not started');
    return this.#dialogue;
  }

  /** See ChatController. */
  async send(text: string, policy?: CompactionPolicy): Promise<void> {
    // Without a pause where it can be: what is sent is on the screen at once.
    await (this.#dialogue ?? (await this.openChatController())).send(text, policy);
  }

  /** See `Dialogue.retry`. */
  async compactContext(messageId: string, policy: CompactionPolicy): Promise<void> {
    await (await this.openChatController()).retry(messageId, policy);
  }

  /** See ChatController. */
  async regenerate(messageId: string): Promise<void> {
    await (await this.openChatController()).regenerate(messageId);
  }

  /** Shows the branch of a sibling. */
  selectSibling(messageId: string): void {
    void this.openChatController().then((dialogue) => dialogue.show(messageId));
  }

  /** Asks for the answer in the open chat to end. */
  stop(): void {
    this.#dialogue?.stop();
  }

  async #start(): Promise<void> {
    // Where they cannot be read, the others can be used all the same.
    const custom = this.customModels.then((models) => models.refresh()).catch(() => {});
    const device = this.#runner.engine('webllm').then((engine) => engine.probe());
    const servers = hasServers() ? this.openServers() : undefined;
    // Mostly there when the first message is sent, which nothing here waits for; where it cannot be fetched, that tries again.
    this.rules.load().catch(() => {});
    const [catalogue] = await Promise.allSettled([this.#shelf.start(device), this.#library.start(), custom, servers]);
    if (catalogue.status === 'rejected') {
      this.#state.set({ start: 'failed', startError: toAlcoveError(catalogue.reason, 'catalogue-invalid') });
    } else {
      this.#state.set({ start: 'ready' });
      // With no model here there is nothing to look for.
      if (hasStoredModels()) void device.then(() => this.#runner.recoverCrashes());
    }
    await this.openChatController().catch(() => {});
  }
}

async function loadRules(
  name: string,
  library: ChatRepository,
  runner: EnginePool,
  dialogue: ChatController,
): Promise<ContextPolicy> {
  const [{ ContextPolicy }, { Preferences }] = await Promise.all([
    import('./generation/context-policy.ts'),
    import('./generation/preferences.ts'),
  ]);
  const preferences = new Preferences(name);
  await preferences.start();
  return new ContextPolicy(preferences, library, {
    countTokens: runner.countTokens.bind(runner),
    writeSummary: dialogue.writeSummary.bind(dialogue),
  });
}

async function openTransfer(library: ChatRepository, state: StateStore<SessionState>): Promise<ChatTransfer> {
  const { ChatTransfer } = await import('./chats/chat-transfer.ts');
  return new ChatTransfer(library, () => state.state.chats.map(({ id, title }) => [id, title]));
}

async function openServers(name: string, publish: (records: readonly ModelRecord[]) => void): Promise<CustomServers> {
  const { openServers: open } = await import('./models/custom-servers.ts');
  return open(name, publish);
}
