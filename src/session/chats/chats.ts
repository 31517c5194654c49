import type { Conversation, ConversationSummary } from '../../chat/conversation.ts';
import type { ChatStore } from '../../storage/chats/chat-store.ts';
import { type Deferred, deferMethods, once, whenDisposed } from '../state/deferred-methods.ts';
import { findModel } from '../state/find-model.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import type { Attachments } from './attachments.ts';
import { ChatDrafts } from './chat-drafts.ts';
import type { ChatRepository } from './chat-repository.ts';
import type { ChatSearch } from './chat-search.ts';
import type { ChatTransfer } from './chat-transfer.ts';
import type { DocumentTexts } from './documents/document-texts.ts';
import type { Projects } from './projects.ts';

export interface ChatsOptions {
  readonly state: StateStore<SessionState>;
  readonly repository: ChatRepository;
  readonly store: ChatStore;
  readonly keepsChats: boolean;
  readonly keepsDrafts: boolean;
  readonly onTypingPause: (chatId: string, text: string) => void;
  /** Ends the generation in a chat, or in all chats. */
  readonly stop: (chatId?: string) => Promise<void>;
  readonly disposed: AbortSignal;
}

const PROJECTS = ['read', 'create', 'change', 'addFiles', 'removeFile', 'delete', 'clear'] as const;

/** Opens, names, sorts and deletes chats. `session.generation` changes their messages. */
export class Chats {
  readonly drafts: ChatDrafts;
  /** The bytes of attached files. */
  readonly files: Deferred<Attachments, 'add' | 'hold' | 'release' | 'read'>;
  /** The texts of attached documents. */
  readonly documents: Deferred<DocumentTexts, 'open' | 'textOf'>;
  readonly search: Deferred<ChatSearch, 'prepare' | 'find' | 'excerpts'>;
  readonly transfer: Deferred<ChatTransfer, 'exportChat' | 'exportAll' | 'import'>;
  readonly projects: Deferred<Projects, (typeof PROJECTS)[number]>;
  readonly #state: StateStore<SessionState>;
  readonly #repository: ChatRepository;
  readonly #stop: ChatsOptions['stop'];

  constructor({ state, repository, store, keepsChats, keepsDrafts, onTypingPause, stop, disposed }: ChatsOptions) {
    this.#state = state;
    this.#repository = repository;
    this.#stop = stop;
    this.drafts = new ChatDrafts(
      keepsChats ? store : undefined,
      keepsDrafts,
      (id) => repository.isDeleted(id),
      onTypingPause,
    );
    disposed.addEventListener('abort', () => this.drafts.dispose());
    const openFiles = async (): Promise<Attachments> => (await repository.openPurge()).attachments;
    this.files = deferMethods(openFiles, ['add', 'hold', 'release', 'read']);
    this.documents = deferMethods(async () => (await openFiles()).openDocuments(), ['open', 'textOf']);
    const openProjects = once(async () => {
      const { Projects } = await import('./projects-and-purge.ts');
      const projects = new Projects(state, keepsChats ? store.name : undefined, openFiles);
      whenDisposed(disposed, () => projects.dispose());
      return projects;
    });
    this.projects = deferMethods(openProjects, PROJECTS);
    const openSearch = once(async () => {
      const { ChatSearch } = await import('./chat-search.ts');
      const search = new ChatSearch(repository, store.name);
      whenDisposed(disposed, () => search.dispose());
      return search;
    });
    this.search = deferMethods(openSearch, ['prepare', 'find', 'excerpts']);
    const openTransfer = once(async () => {
      const { ChatTransfer } = await import('./chat-transfer.ts');
      return new ChatTransfer(
        repository,
        () => state.state.chats.map(({ id, title }) => [id, title]),
        await openProjects(),
      );
    });
    this.transfer = deferMethods(openTransfer, ['exportChat', 'exportAll', 'import']);
  }

  /**
   * Shows an empty chat, and selects the model that is set for new ones if it is stored.
   * @param projectId of the project that it will belong to
   */
  new(projectId?: string): void {
    this.#repository.show(undefined);
    this.#state.set({ newChatProjectId: projectId });
    const entry = findModel(this.#state.state, this.#state.state.preferences?.forAll.modelId);
    if (entry?.weights.status === 'stored') this.#state.set({ selectedModelId: entry.record.id });
  }

  /** Stores a new chat and opens it. */
  add(chat: Conversation): void {
    this.#repository.show(chat);
    this.#repository.put(chat, chat.messages.keys());
  }

  /** All chats, newest first, when they have been read from the store. @throws AlcoveError of the store */
  async list(): Promise<readonly ConversationSummary[]> {
    await this.#repository.listed;
    return this.#state.state.chats;
  }

  /** Reads a chat without opening it. Undefined for an unknown id. @throws AlcoveError `record-broken` */
  async read(id: string): Promise<Conversation | undefined> {
    return this.#repository.read(id);
  }

  /** Opens a chat, and selects its model if it is known. @throws AlcoveError `record-broken` */
  async open(id: string): Promise<void> {
    await this.#repository.open(id);
    this.#state.set({ newChatProjectId: undefined });
    const entry = findModel(this.#state.state, this.#state.state.chat?.modelId);
    if (entry !== undefined) this.#state.set({ selectedModelId: entry.record.id });
  }

  /** @throws AlcoveError of the store */
  async rename(id: string, title: string): Promise<void> {
    await this.#repository.setFields(id, { title, titleIsSet: true });
  }

  /** Ends the generation in a chat and deletes it. @throws AlcoveError of the store */
  async delete(id: string): Promise<void> {
    await this.#stop(id);
    await this.#repository.delete(id);
  }

  /**
   * Ends all generations, and deletes all chats, drafts and projects permanently. Resolves with the number of chats.
   * @throws AlcoveError of the store, with all chats as they were
   */
  async deleteAll(): Promise<number> {
    await this.#stop();
    const count = await this.#repository.deleteAll();
    await this.projects.clear();
    return count;
  }

  /** Undoes `delete`, for a chat that was deleted since the page was loaded. */
  async restore(id: string): Promise<void> {
    await this.#repository.restore(id);
  }

  /** The stored record of a chat that cannot be opened. @throws AlcoveError of the store */
  async readRaw(id: string): Promise<unknown> {
    return this.#repository.loadRaw(id);
  }

  /** Pinned chats are listed first. @throws AlcoveError of the store */
  async pin(id: string, isPinned: boolean): Promise<void> {
    await this.#repository.setFields(id, { pinnedAt: isPinned ? this.#repository.now() : undefined });
  }

  /** Search finds an archived chat, but it is not listed with the others. @throws AlcoveError of the store */
  async archive(id: string, isArchived: boolean): Promise<void> {
    await this.#repository.setFields(id, { archivedAt: isArchived ? this.#repository.now() : undefined });
  }

  /** Moves a chat to a project. @param projectId undefined for none @throws AlcoveError of the store */
  async move(id: string, projectId: string | undefined): Promise<void> {
    await this.#repository.setFields(id, { projectId });
  }

  /** Sets the tags of a chat, without empty and duplicate ones. @throws AlcoveError of the store */
  async tag(id: string, tags: readonly string[]): Promise<void> {
    const names = tags.map((tag) => tag.trim().replace(/\s+/g, ' ').toWellFormed());
    await this.#repository.setFields(id, { tags: [...new Set(names)].filter((name) => name !== '') });
  }
}
