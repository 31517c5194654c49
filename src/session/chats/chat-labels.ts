import type { ChatRepository } from './chat-repository.ts';

/** How a person keeps order among the chats. Throws what the store throws. */
export class ChatLabels {
  readonly #library: ChatRepository;

  constructor(library: ChatRepository) {
    this.#library = library;
  }

  /** A pinned chat stands above the others. */
  pin(id: string, isPinned: boolean): Promise<void> {
    return this.#library.setFields(id, { pinnedAt: isPinned ? Date.now() : undefined });
  }

  /** An archived chat is kept and found, and out of the way. */
  archive(id: string, isArchived: boolean): Promise<void> {
    return this.#library.setFields(id, { archivedAt: isArchived ? Date.now() : undefined });
  }

  /** Tags are kept as they are written, without empty and double ones. */
  tag(id: string, tags: readonly string[]): Promise<void> {
    const names = tags.map((tag) => tag.trim().replace(/\s+/g, ' ').toWellFormed());
    return this.#library.setFields(id, { tags: [...new Set(names)].filter((name) => name !== '') });
  }
}
