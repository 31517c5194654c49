import type { Excerpt } from '../../chat/search/excerpt.ts';
import type { Capabilities } from '../../engine/engine.ts';
import type { ExportReport, ImportOptions, ImportReport } from '../../session/chats/chat-transfer.ts';
import type { CompactionPolicy, ContextPolicy } from '../../session/generation/context-policy.ts';
import type { Preferences } from '../../session/generation/preferences.ts';
import type { CustomModels } from '../../session/models/custom-models.ts';
import type { FoundServer, ServerEntry } from '../../session/models/custom-servers.ts';
import type { RequestEntry } from '../../session/request-ledger.ts';
import type { RuntimeControls } from '../../session/runtime/ladder-controls.ts';
import type { SessionState } from '../../session/state/session-state.ts';

/** What the interface needs of a session; the session is one, and so is the fixture of the tests. */
export interface SessionLike {
  readonly state: SessionState;
  readonly ledger: LedgerLike;
  /** Settings, personas, and what happens when a context window is full. */
  readonly rules: { load(): Promise<ContextPolicyLike>; readonly value: ContextPolicyLike | undefined };
  /** The ways in which a model can run here. */
  readonly openRuntimeControls: () => Promise<RuntimeControls>;
  /** Brings chats out of the browser and into it; loaded when it is first needed. */
  readonly openTransfer: () => Promise<TransferLike>;
  /** The models that the reader has added, and what goes out of the store and into it. */
  readonly customModels: Promise<CustomModelsLike>;
  readonly deviceCheck: { measure(): Promise<void> };
  /** The reader's own servers; loaded when it is first needed. */
  readonly openServers: () => Promise<ServersLike>;
  /** Returns its undo. */
  subscribe(listener: () => void): () => void;
  selectModel(modelId: string): void;
  download(modelId: string): Promise<void>;
  pauseDownload(modelId: string): void;
  cancelDownload(modelId: string): Promise<void>;
  deleteModel(modelId: string): Promise<void>;
  verifyModel(modelId: string): Promise<void>;
  requestPersistence(): Promise<boolean>;
  /** @throws AlcoveError `model-unknown` */
  capabilities(modelId: string): Promise<Capabilities>;
  newChat(): void;
  openChat(id: string): Promise<void>;
  renameChat(id: string, title: string): Promise<void>;
  deleteChat(id: string): Promise<void>;
  /** For good. Resolves with how many there were. */
  deleteAllChats(): Promise<number>;
  restoreChat(id: string): Promise<void>;
  rawChat(id: string): Promise<unknown>;
  /** A person begins to write: what the answer needs may be made ready. */
  prepare(): void;
  /** @param policy what to do when there is no room; default: what is set */
  send(text: string, policy?: CompactionPolicy): Promise<void>;
  /** Makes room, and asks the question of an answer that failed for want of it again. */
  compactContext(messageId: string, policy: CompactionPolicy): Promise<void>;
  stop(): void;
  openChatController(): Promise<ChatControllerLike>;
  readonly marks: MarksLike;
  readonly search: { load(): Promise<SearchLike> };
  readonly drafts: DraftsLike;
}

/** The messages of the open chat; see ChatController. */
export interface ChatControllerLike {
  regenerate(messageId: string): Promise<void>;
  edit(messageId: string, text: string, policy?: CompactionPolicy): Promise<void>;
  continueAnswer(messageId: string): Promise<void>;
  show(messageId: string): void;
  delete(messageId: string): void;
  restore(chatId: string, messageId: string): Promise<void>;
  fork(messageId: string): void;
}

export interface SearchLike {
  /** Somebody is about to search. */
  prepare(): void;
  /** Ids of the chats that say it. @param onPart called with those that are found so far, where it takes a while */
  find(query: string, onPart?: (ids: readonly string[]) => void): Promise<readonly string[]>;
  /** Where these chats say it. */
  excerpts(query: string, ids: readonly string[]): Promise<ReadonlyMap<string, Excerpt>>;
}

export interface MarksLike {
  pin(id: string, isPinned: boolean): Promise<void>;
  archive(id: string, isArchived: boolean): Promise<void>;
  tag(id: string, tags: readonly string[]): Promise<void>;
}

export interface DraftsLike {
  read(chatId: string | undefined): Promise<string>;
  write(chatId: string | undefined, text: string): void;
}

export type CustomModelsLike = Pick<
  CustomModels,
  'put' | 'remove' | 'reopen' | 'copyToStore' | 'archive' | 'importArchive'
>;

export type ContextPolicyLike = Pick<ContextPolicy, 'settingsOf' | 'setOwn'> & {
  readonly preferences: PreferencesLike;
};

export type PreferencesLike = Pick<
  Preferences,
  'state' | 'subscribe' | 'setForAll' | 'savePersona' | 'deletePersona' | 'exportPersonas' | 'importPersonas'
>;

export interface TransferLike {
  exportChat(id: string): Promise<Blob>;
  exportAll(passphrase?: string): Promise<ExportReport>;
  import(file: Blob, options?: ImportOptions): Promise<ImportReport>;
}

export type ServerEntryLike = ServerEntry;
export type FoundServerLike = FoundServer;

export interface ServersLike {
  readonly entries: readonly ServerEntryLike[];
  subscribe(listener: () => void): () => void;
  add(address: string, key: string): Promise<void>;
  refresh(serverId: string): Promise<void>;
  remove(serverId: string): Promise<void>;
  detect(signal: AbortSignal): Promise<readonly FoundServerLike[]>;
}

export interface LedgerLike {
  /** Oldest first. */
  readonly entries: readonly RequestEntry[];
  subscribe(listener: () => void): () => void;
}
