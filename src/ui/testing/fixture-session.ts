import type { OtherPart } from '../../chat/message-parts.ts';
import { addFiles, changeProject, createProject, type Project, removeFile } from '../../chat/project.ts';
import type { Excerpt } from '../../chat/search/excerpt.ts';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import type { DocumentText } from '../../documents/document-text.ts';
import { BASIC_SAMPLING } from '../../engine/capabilities.ts';
import type { Capabilities } from '../../engine/engine.ts';
import type { ImportOptions, ImportReport } from '../../session/chats/chat-transfer.ts';
import type { RequestEntry } from '../../session/request-ledger.ts';
import type { PreferenceState, ServerEntry, SessionState } from '../../session/state/session-state.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { PICTURE, PICTURE_HASH, REPORT, REPORT_HASH } from './fixture-document.ts';
import { NOW } from './fixture-time.ts';

/** A file in which nothing was found. */
export const NOTHING_IMPORTED: ImportReport = {
  source: undefined,
  added: 0,
  merged: 0,
  newMessages: 0,
  changedMessages: 0,
  known: 0,
  projects: 0,
  unread: [],
  unreadMessages: 0,
  missingFiles: 0,
  broken: undefined,
};

const IMPORTED: ImportReport = { ...NOTHING_IMPORTED, source: 'alcove', added: 2 };

const CAPABILITIES: Capabilities = {
  sampling: [...BASIC_SAMPLING, 'repeatPenalty'],
  samplingDefaults: { temperature: 0.6, topP: 0.95, repeatPenalty: 1, frequencyPenalty: 0, presencePenalty: 0 },
  thinkingSwitch: false,
  tools: false,
  responseFormats: [],
  images: false,
  continueLast: false,
  countTokens: false,
  embeddings: false,
  perplexity: false,
  logprobs: undefined,
  toolsWithFormat: false,
  rawPrompt: false,
};

const PREFERENCES: PreferenceState = {
  forAll: { sampling: { temperature: 0.7 } },
  forNext: {},
  personas: [],
  prompts: [],
};

/** A session that is only its state: it records the calls and does nothing, unless a test says what. */
export class FixtureSession implements SessionLike {
  /** The calls so far: `['selectModel', 'toy']`. */
  readonly calls: (readonly [string, ...string[]])[] = [];
  /** What `send` and every other call that can fail does. */
  outcome: () => Promise<void> = async () => {};
  isPrepared = false;
  readonly ledger: SessionLike['ledger'];
  /** The result of an import, or why it fails. */
  importOutcome: (file: Blob, options: ImportOptions) => Promise<ImportReport> = () => Promise.resolve(IMPORTED);
  /** Settings that were set for chats, newest last. */
  readonly own: ChatSettings[] = [];
  found: readonly string[] = [];
  readonly excerpts = new Map<string, Excerpt>();
  /** Resolves when the excerpts may arrive. */
  excerptsCome: Promise<void> = Promise.resolve();
  readonly typed = new Map<string | undefined, string>();
  /** What is attached to the drafts. */
  readonly attached = new Map<string | undefined, readonly OtherPart[]>();
  /** The bytes of attached files, by their SHA-256. */
  readonly files = new Map<string, Blob>([
    [PICTURE_HASH, PICTURE],
    [REPORT_HASH, new Blob(['%PDF-1.7'], { type: 'application/pdf' })],
  ]);
  /** The texts of attached documents, by the SHA-256 of the file. */
  readonly documents = new Map<string, DocumentText>([[REPORT_HASH, REPORT]]);
  /** Resolves when documents have been read, or says why they cannot be. */
  documentsOpen: Promise<void> = Promise.resolve();
  #state: SessionState;
  readonly #listeners = new Set<() => void>();

  constructor(state: SessionState, entries: readonly RequestEntry[] = []) {
    this.#state = { ...state, preferences: PREFERENCES };
    this.ledger = { entries, subscribe: () => () => {} };
  }

  get state(): SessionState {
    return this.#state;
  }

  set(change: Partial<SessionState>): void {
    const { preferences = this.#state.preferences } = change;
    this.#state = { ...this.#state, ...change, preferences };
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  readonly chats: SessionLike['chats'] = {
    new: (newChatProjectId) => {
      this.calls.push(['newChat', ...(newChatProjectId === undefined ? [] : [newChatProjectId])]);
      this.set({ chat: undefined, newChatProjectId });
    },
    open: (id) => this.#call('openChat', id),
    rename: (id, title) => this.#call('renameChat', id, title),
    delete: (id) => this.#call('deleteChat', id),
    deleteAll: async () => {
      await this.#call('deleteAllChats');
      return this.state.chats.length;
    },
    restore: (id) => this.#call('restoreChat', id),
    readRaw: async (id) => {
      await this.#call('rawChat', id);
      return {};
    },
    pin: (id, isPinned) => this.#call('pin', id, String(isPinned)),
    archive: (id, isArchived) => this.#call('archive', id, String(isArchived)),
    tag: (id, tags) => this.#call('tag', id, ...tags),
    move: (id, projectId) => this.#call('move', id, ...(projectId === undefined ? [] : [projectId])),
    drafts: {
      read: async (chatId) => this.typed.get(chatId) ?? '',
      write: (chatId, text) => void this.typed.set(chatId, text),
      readAttached: async (chatId) => this.attached.get(chatId) ?? [],
      attach: async (chatId, parts) => void this.attached.set(chatId, parts),
    },
    files: {
      add: async (bytes) => {
        const sha256 = String(this.files.size).padStart(64, '0');
        this.files.set(sha256, bytes);
        return sha256;
      },
      hold: async () => {},
      release: async () => {},
      read: async (sha256) => this.files.get(sha256),
    },
    documents: {
      open: async (sha256, file, _, { onProgress } = {}) => {
        onProgress?.(0.4);
        await this.documentsOpen;
        const text = { kind: 'text' as const, pages: [{ label: '', text: await file.text() }] };
        const known = this.documents.get(sha256);
        this.documents.set(sha256, known ?? text);
        return known ?? text;
      },
      textOf: async (sha256) => this.documents.get(sha256),
    },
    projects: {
      read: async () => this.state.projects ?? [],
      create: async (name) => {
        await this.#call('createProject', name);
        const project = createProject(`project-${this.state.projects?.length ?? 0}`, name, NOW);
        this.set({ projects: [...(this.state.projects ?? []), project] });
        return project;
      },
      change: (id, change) => this.#changeProject(id, (project) => changeProject(project, change, NOW)),
      addFiles: (id, files) =>
        this.#changeProject(id, (project) => {
          const added = files.map(({ name, type: mediaType, size: sizeBytes }, index) => {
            return { name, mediaType, sizeBytes, sha256: String(project.files.length + index).padStart(64, '0') };
          });
          return addFiles(project, added, NOW);
        }),
      removeFile: (id, sha256) => this.#changeProject(id, (project) => removeFile(project, sha256, NOW)),
      delete: async (id) => {
        await this.#call('deleteProject', id);
        this.set({ projects: this.state.projects?.filter((project) => project.id !== id) });
      },
      clear: async () => this.set({ projects: [] }),
    },
    search: {
      prepare: async () => {},
      find: async () => this.found,
      excerpts: () => this.excerptsCome.then(() => this.excerpts),
    },
    transfer: {
      exportChat: async (id) => {
        await this.#call('exportChat', id);
        return new Blob(['{}']);
      },
      exportAll: async (passphrase) => {
        await this.#call('exportAll', ...(passphrase === undefined ? [] : [passphrase]));
        return { file: new Blob(['{}']), chatCount: this.state.chats.length, unread: [] };
      },
      import: (file, options = {}) => this.importOutcome(file, options),
    },
  };

  readonly models: SessionLike['models'] = {
    select: (modelId) => void this.calls.push(['selectModel', modelId]),
    download: (modelId) => this.#call('download', modelId),
    pause: (modelId) => this.#call('pauseDownload', modelId),
    cancel: (modelId) => this.#call('cancelDownload', modelId),
    delete: (modelId) => this.#call('deleteModel', modelId),
    verify: (modelId) => this.#call('verifyModel', modelId),
    requestPersistence: async () => {
      await this.#call('requestPersistence');
      return true;
    },
    measureDevice: () => this.#call('measureDevice'),
    setContextWindow: (modelId, tokens) =>
      this.#call('setContextWindow', modelId, ...(tokens === undefined ? [] : [String(tokens)])),
    prepare: () => {
      this.isPrepared = true;
    },
    capabilities: async () => CAPABILITIES,
    custom: {
      add: async (record) => {
        await this.#call('add', record.id);
        return record.id;
      },
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
    },
    servers: {
      list: async (): Promise<readonly ServerEntry[]> => {
        if (this.state.servers === undefined) this.set({ servers: [] });
        return this.state.servers ?? [];
      },
      add: (address, key) => this.#call('addServer', address, key),
      refresh: (serverId) => this.#call('refreshServer', serverId),
      remove: (serverId) => this.#call('removeServer', serverId),
      detect: async () => [],
    },
  };

  readonly generation: SessionLike['generation'] = {
    send: (text, policy) => this.#call('send', text, ...(policy === undefined ? [] : [policy])),
    compareNext: async (compared) => {
      this.calls.push(['compareNext', ...(compared ?? [])]);
      this.set({ compared });
    },
    keep: async (messageId) => void this.calls.push(['keep', messageId]),
    readAhead: async () => {},
    compact: (messageId, policy) => this.#call('compactContext', messageId, policy),
    regenerate: (messageId) => this.#call('regenerate', messageId),
    edit: (messageId, text, policy) => this.#call('edit', messageId, text, ...(policy === undefined ? [] : [policy])),
    continue: (messageId) => this.#call('continueAnswer', messageId),
    stop: async (_, messageId) => void this.calls.push(messageId === undefined ? ['stop'] : ['stop', messageId]),
    stopAll: async () => void this.calls.push(['stopAll']),
    answerToolCall: async (callId, answer) => void this.calls.push(['answerToolCall', callId, answer]),
    askAgain: async (name) => void this.calls.push(['askAgain', name]),
    selectBranch: async (messageId) => void this.calls.push(['show', messageId]),
    deleteMessage: async (messageId) => void this.calls.push(['delete', messageId]),
    restoreMessage: (chatId, messageId) => this.#call('restore', chatId, messageId),
    endUndo: (chatId, messageId) => this.#call('endUndo', chatId, messageId),
    fork: async (messageId) => void this.calls.push(['fork', messageId]),
  };

  readonly settings: SessionLike['settings'] = {
    read: async () => this.#preferences,
    setForAll: async (forAll) => this.#setPreferences({ forAll }),
    setForChat: async (_, forNext) => {
      this.own.push(forNext);
      this.#setPreferences({ forNext });
    },
    setInstructions: async (instructions) => this.#setPreferences({ instructions }),
    savePersona: async (persona) => {
      const others = this.#preferences.personas.filter(({ id }) => id !== persona.id);
      this.#setPreferences({ personas: [...others, persona] });
    },
    deletePersona: async (id) =>
      this.#setPreferences({ personas: this.#preferences.personas.filter((persona) => persona.id !== id) }),
    exportPersonas: async () => new Blob(['{}']),
    importPersonas: async () => ({ added: 1, unread: 0 }),
    savePrompt: async (prompt) => {
      const others = this.#preferences.prompts.filter(({ id }) => id !== prompt.id);
      this.#setPreferences({ prompts: [...others, prompt] });
    },
    deletePrompt: async (id) =>
      this.#setPreferences({ prompts: this.#preferences.prompts.filter((prompt) => prompt.id !== id) }),
    exportPrompts: async () => new Blob(['{}']),
    importPrompts: async () => ({ added: 1, unread: 0 }),
  };

  readonly backends: SessionLike['backends'] = {
    tryAgain: (modelId) => this.#call('tryAgain', modelId),
    answer: (choice) => this.#call('answer', choice),
    measure: (modelId) => this.#call('measure', modelId),
    stopMeasuring: async () => void this.calls.push(['stopMeasuring']),
    takeOver: async () => void this.calls.push(['takeOver']),
    skipTest: async () => void this.calls.push(['skipTest']),
    dismissChange: async () => void this.calls.push(['dismissChange']),
  };

  get #preferences(): PreferenceState {
    return this.state.preferences ?? PREFERENCES;
  }

  #setPreferences(change: Partial<PreferenceState>): void {
    this.set({ preferences: { ...this.#preferences, ...change } });
  }

  async #changeProject(id: string, change: (project: Project) => Project): Promise<void> {
    await this.outcome();
    this.set({ projects: this.state.projects?.map((project) => (project.id === id ? change(project) : project)) });
  }

  async #call(name: string, ...values: string[]): Promise<undefined> {
    this.calls.push([name, ...values]);
    await this.outcome();
  }
}
