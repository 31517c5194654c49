import type { Conversation } from '../../chat/conversation.ts';
import { hashesOf } from '../../chat/message-parts.ts';
import { toHex } from '../../platform/hex.ts';
import { withLock } from '../../platform/web-locks.ts';
import { AttachmentStore } from '../../storage/chats/attachment-store.ts';
import { once, whenDisposed } from '../state/deferred-methods.ts';
import type { DocumentTexts } from './documents/document-texts.ts';
import { MessageLocks } from './message-locks.ts';

interface AttachmentsHost {
  /** False where chats are in memory only: so are their files then. */
  isKept(): boolean;
  /** Resolves with false where a change of any chat could not be stored. */
  isAllSaved(): Promise<boolean>;
}

/**
 * The bytes of attached files, by their SHA-256. They are removed as soon as no message and no draft refers to them. A file
 * that a tab has just read is not referred to yet: the tab holds it until `release`.
 */
export class Attachments {
  /** The texts of those files that are documents. */
  readonly openDocuments = once(async (): Promise<DocumentTexts> => {
    const { ChatDocuments } = await import('./documents/chat-documents.ts');
    const documents = new ChatDocuments(`${this.#databaseName}-documents`, {
      isKept: () => this.#host.isKept(),
      storedFiles: () => this.#store.hashes(),
      readFile: (sha256) => this.read(sha256),
    });
    whenDisposed(this.#disposed.signal, () => documents.dispose());
    return documents;
  });
  readonly #databaseName: string;
  readonly #store: AttachmentStore;
  readonly #host: AttachmentsHost;
  readonly #locks: MessageLocks;
  /** The files of chats that are in memory only, and of chats that this tab has deleted and can restore. */
  readonly #memory = new Map<string, Blob>();
  readonly #held = new Map<string, () => Promise<void>>();
  /** Shared by those who add files, so that nobody else removes what is unused between a file's mark and its storing. */
  readonly #sweepLock: string;
  readonly #disposed = new AbortController();

  constructor(databaseName: string, host: AttachmentsHost, scope: string) {
    this.#databaseName = databaseName;
    this.#store = new AttachmentStore(databaseName);
    this.#host = host;
    this.#locks = new MessageLocks(`${scope}-files-`);
    this.#sweepLock = `${scope}-sweep`;
  }

  /** Stores a file and holds it. Resolves with its SHA-256. @throws AlcoveError `quota-exceeded` … of the store */
  async add(bytes: Blob): Promise<string> {
    const sha256 = await hashOf(bytes);
    this.hold([sha256]);
    try {
      if (!this.#host.isKept()) this.#memory.set(sha256, bytes);
      else await withLock(this.#sweepLock, { mode: 'shared' }, () => this.#store.put(sha256, bytes));
    } catch (error) {
      void this.#unlock([sha256]);
      throw error;
    }
    return sha256;
  }

  /** Keeps files, such as those of a draft, while the user may send them. */
  hold(hashes: readonly string[]): void {
    for (const sha256 of hashes)
      if (!this.#held.has(sha256)) this.#held.set(sha256, this.#locks.hold(sha256, 'shared'));
  }

  /** Ends `hold`, once what refers to the files is stored; removes those that nothing refers to. */
  async release(hashes: readonly string[]): Promise<void> {
    if (!(await this.#host.isAllSaved())) return;
    await this.#unlock(hashes);
    await this.sweep();
  }

  async read(sha256: string): Promise<Blob | undefined> {
    const inMemory = this.#memory.get(sha256);
    return inMemory ?? (this.#host.isKept() ? this.#store.get(sha256) : undefined);
  }

  /** Keeps the files of a chat that is about to be deleted, for its undo. */
  async keepFor(chat: Conversation): Promise<void> {
    for (const sha256 of filesOf(chat)) {
      const bytes = await this.read(sha256);
      if (bytes !== undefined) this.#memory.set(sha256, bytes);
    }
  }

  /** Stores the files of a chat again that was deleted. A full disk leaves them in memory. */
  async restoreFor(chat: Conversation): Promise<void> {
    if (!this.#host.isKept()) return;
    for (const sha256 of filesOf(chat)) {
      const bytes = this.#memory.get(sha256);
      if (bytes !== undefined) await this.#store.put(sha256, bytes);
    }
  }

  /** Forgets the files of deleted chats, which cannot be restored any more. */
  forgetDeleted(): void {
    if (this.#host.isKept()) this.#memory.clear();
  }

  /** Removes what nothing refers to. Never throws: what fails is done at the next start. */
  async sweep(): Promise<void> {
    if (!this.#host.isKept()) return;
    await withLock(this.#sweepLock, {}, async () => {
      // An insecure page has no locks to list.
      const held = await this.#locks.held();
      const removed = await this.#store.sweep(new Set([...held, ...this.#held.keys()]));
      if (removed.length > 0) await (await this.openDocuments()).remove(removed);
    }).catch(() => {});
  }

  dispose(): void {
    void this.#unlock([...this.#held.keys()]);
    this.#disposed.abort();
    this.#store.close();
  }

  async #unlock(hashes: readonly string[]): Promise<void> {
    const released = hashes.map((sha256) => this.#held.get(sha256)?.());
    for (const sha256 of hashes) this.#held.delete(sha256);
    await Promise.all(released);
  }
}

function filesOf({ messages }: Conversation): Set<string> {
  return new Set([...messages.values()].flatMap(hashesOf));
}

async function hashOf(bytes: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await bytes.arrayBuffer());
  return toHex(new Uint8Array(digest));
}
