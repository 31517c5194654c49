import type { Conversation } from '../../chat/conversation.ts';
import type { Excerpt } from '../../chat/search/excerpt.ts';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { effectiveSettings } from '../../chat/settings/effective-settings.ts';
import type { Capabilities } from '../../engine/engine.ts';
import type { ImportOptions, ImportReport } from '../../session/chats/chat-transfer.ts';
import type { CompactionPolicy } from '../../session/generation/context-policy.ts';
import type { RequestEntry } from '../../session/request-ledger.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import type {
  ChatControllerLike,
  ContextPolicyLike,
  DraftsLike,
  MarksLike,
  PreferencesLike,
  ServersLike,
  SessionLike,
  TransferLike,
} from '../contract/session-like.ts';

const IMPORTED: ImportReport = {
  source: 'alcove',
  added: 2,
  merged: 0,
  known: 0,
  unread: [],
  unreadMessages: 0,
  missingFiles: 0,
  broken: undefined,
};

/** What web-llm can do. */
const CAPABILITIES: Capabilities = {
  sampling: [
    'temperature',
    'topP',
    'frequencyPenalty',
    'presencePenalty',
    'seed',
    'maxTokens',
    'stop',
    'repeatPenalty',
  ],
  thinkingSwitch: false,
  tools: false,
  responseFormats: [],
  images: false,
  continueLast: false,
  countTokens: false,
  embeddings: false,
  perplexity: false,
};

/** Settings and personas in memory. */
export class FixtureContextPolicy implements ContextPolicyLike {
  readonly value = this;
  readonly #listeners = new Set<() => void>();
  #state: PreferencesLike['state'] = { forAll: { sampling: { temperature: 0.7 } }, forNext: {}, personas: [] };
  /** What was set for chats, newest last. */
  readonly own: ChatSettings[] = [];
  readonly preferences: PreferencesLike;

  constructor() {
    const set = (change: Partial<PreferencesLike['state']>): void => {
      this.#state = { ...this.#state, ...change };
      for (const listener of this.#listeners) listener();
    };
    const current = (): PreferencesLike['state'] => this.#state;
    this.preferences = {
      get state() {
        return current();
      },
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      setForAll: async (forAll) => set({ forAll }),
      savePersona: async (persona) => set({ personas: [...this.#state.personas, persona] }),
      deletePersona: async (id) => set({ personas: this.#state.personas.filter((persona) => persona.id !== id) }),
      exportPersonas: () => new Blob(['{}']),
      importPersonas: async () => ({ added: 1, unread: 0 }),
    };
    this.setOwn = (_, forNext) => {
      this.own.push(forNext);
      set({ forNext });
    };
  }

  readonly setOwn: ContextPolicyLike['setOwn'];

  async load(): Promise<this> {
    return this;
  }

  settingsOf(chat: Conversation | undefined): ChatSettings {
    return effectiveSettings(this.#state.forAll, chat?.settings);
  }
}

/** A session that is only its state: it notes what it is asked and does nothing, unless a test says what. */
export class FixtureSession implements SessionLike {
  /** The calls so far: `['selectModel', 'toy']`. */
  readonly calls: (readonly [string, ...string[]])[] = [];
  /** What `send`, and every other call that may fail, does. */
  outcome: () => Promise<void> = async () => {};
  isPrepared = false;
  readonly deviceCheck = { measure: () => this.#call('measureDevice') };
  readonly ledger: SessionLike['ledger'];
  readonly openRuntimeControls: SessionLike['openRuntimeControls'] = async () => ({
    tryAgain: (modelId) => this.#call('tryAgain', modelId),
    answer: (choice) => this.#call('answer', choice),
    measure: (modelId) => this.#call('measure', modelId),
    stopMeasuring: () => this.calls.push(['stopMeasuring']),
    dismissChange: () => this.calls.push(['dismissChange']),
  });
  /** What an import comes to, or why it fails. */
  importOutcome: (file: Blob, options: ImportOptions) => Promise<ImportReport> = () => Promise.resolve(IMPORTED);
  readonly openTransfer = async (): Promise<TransferLike> => ({
    exportChat: async (id) => {
      await this.#call('exportChat', id);
      return new Blob(['{}']);
    },
    exportAll: async (passphrase) => {
      await this.#call('exportAll', ...(passphrase === undefined ? [] : [passphrase]));
      return { file: new Blob(['{}']), chatCount: this.state.chats.length, unread: [] };
    },
    import: (file, options = {}) => this.importOutcome(file, options),
  });
  readonly customModels: SessionLike['customModels'] = Promise.resolve({
    put: (record) => this.#call('put', record.id),
    remove: (modelId) => this.#call('remove', modelId),
    reopen: (modelId) => this.#call('reopen', modelId),
    copyToStore: (modelId) => this.#call('copyToStore', modelId),
    archive: async (modelId) => {
      await this.#call('archive', modelId);
      return [];
    },
    importArchive: async ({ plan }) => {
      await this.#call('importArchive', plan.record.id);
      return plan.record.id;
    },
  });
  readonly rules = new FixtureContextPolicy();
  /** What `openServers` gives. */
  servers: ServersLike = {
    entries: [],
    subscribe: () => () => {},
    add: (address, key) => this.#call('addServer', address, key),
    refresh: (serverId) => this.#call('refreshServer', serverId),
    remove: (serverId) => this.#call('removeServer', serverId),
    detect: async () => [],
  };
  readonly openServers = async (): Promise<ServersLike> => this.servers;
  #state: SessionState;
  readonly #listeners = new Set<() => void>();

  constructor(state: SessionState, entries: readonly RequestEntry[] = []) {
    this.#state = state;
    this.ledger = { entries, subscribe: () => () => {} };
  }

  get state(): SessionState {
    return this.#state;
  }

  set(change: Partial<SessionState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  selectModel(modelId: string): void {
    this.calls.push(['selectModel', modelId]);
  }

  download(modelId: string): Promise<void> {
    return this.#call('download', modelId);
  }

  pauseDownload(modelId: string): void {
    this.calls.push(['pauseDownload', modelId]);
  }

  cancelDownload(modelId: string): Promise<void> {
    return this.#call('cancelDownload', modelId);
  }

  deleteModel(modelId: string): Promise<void> {
    return this.#call('deleteModel', modelId);
  }

  verifyModel(modelId: string): Promise<void> {
    return this.#call('verifyModel', modelId);
  }

  async requestPersistence(): Promise<boolean> {
    await this.#call('requestPersistence');
    return true;
  }

  newChat(): void {
    this.calls.push(['newChat']);
    this.set({ chat: undefined });
  }

  openChat(id: string): Promise<void> {
    return this.#call('openChat', id);
  }

  renameChat(id: string, title: string): Promise<void> {
    return this.#call('renameChat', id, title);
  }

  async deleteAllChats(): Promise<number> {
    await this.#call('deleteAllChats');
    return this.state.chats.length;
  }

  deleteChat(id: string): Promise<void> {
    return this.#call('deleteChat', id);
  }

  restoreChat(id: string): Promise<void> {
    return this.#call('restoreChat', id);
  }

  async rawChat(id: string): Promise<unknown> {
    await this.#call('rawChat', id);
    return {};
  }

  prepare(): void {
    this.isPrepared = true;
  }

  async capabilities(): Promise<Capabilities> {
    return CAPABILITIES;
  }

  send(text: string, policy?: CompactionPolicy): Promise<void> {
    return this.#call('send', text, ...(policy === undefined ? [] : [policy]));
  }

  compactContext(messageId: string, policy: CompactionPolicy): Promise<void> {
    return this.#call('compactContext', messageId, policy);
  }

  readonly #dialogue: ChatControllerLike = {
    regenerate: (messageId) => this.#call('regenerate', messageId),
    edit: (messageId, text, policy) => this.#call('edit', messageId, text, ...(policy === undefined ? [] : [policy])),
    continueAnswer: (messageId) => this.#call('continueAnswer', messageId),
    show: (messageId) => void this.calls.push(['show', messageId]),
    delete: (messageId) => void this.calls.push(['delete', messageId]),
    restore: (chatId, messageId) => this.#call('restore', chatId, messageId),
    fork: (messageId) => void this.calls.push(['fork', messageId]),
  };

  async openChatController(): Promise<ChatControllerLike> {
    return this.#dialogue;
  }

  /** What a search finds. */
  found: readonly string[] = [];

  /** Where it is said, by chat. */
  readonly excerpts = new Map<string, Excerpt>();

  /** When those come. */
  excerptsCome: Promise<void> = Promise.resolve();

  readonly search = {
    load: async () => ({
      prepare: () => {},
      find: async () => this.found,
      excerpts: () => this.excerptsCome.then(() => this.excerpts),
    }),
  };

  readonly marks: MarksLike = {
    pin: (id, isPinned) => this.#call('pin', id, String(isPinned)),
    archive: (id, isArchived) => this.#call('archive', id, String(isArchived)),
    tag: (id, tags) => this.#call('tag', id, ...tags),
  };

  /** What is typed and not sent, by chat. */
  readonly typed = new Map<string | undefined, string>();

  readonly drafts: DraftsLike = {
    read: async (chatId) => this.typed.get(chatId) ?? '',
    write: (chatId, text) => void this.typed.set(chatId, text),
  };

  stop(): void {
    this.calls.push(['stop']);
  }

  #call(name: string, ...values: string[]): Promise<void> {
    this.calls.push([name, ...values]);
    return this.outcome();
  }
}
