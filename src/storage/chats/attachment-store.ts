import { hashesOf } from '../../chat/message-parts.ts';
import { isFields } from '../../platform/untrusted-json.ts';
import { Database } from '../database.ts';
import { CHAT_SCHEMA_VERSION, type ChatSchema, upgradeChats } from './chat-schema.ts';
import { readDraftParts, readMessage } from './stored-records.ts';

const SWEPT = ['attachments', 'attachmentUses', 'messages', 'drafts', 'unsaved', 'projects'] as const;

/** The bytes of attached files, beside the chats. Each is stored once, however many messages refer to it. */
export class AttachmentStore {
  readonly #database: Database<ChatSchema>;

  /** @param name of the database of the chats */
  constructor(name: string) {
    this.#database = new Database<ChatSchema>(name, CHAT_SCHEMA_VERSION, upgradeChats);
  }

  /** @throws AlcoveError `quota-exceeded`, `storage-unavailable` … */
  async put(sha256: string, bytes: Blob): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction('attachments', 'readwrite', { durability: 'strict' });
      const isKnown = (await transaction.store.getKey(sha256)) !== undefined;
      await Promise.all([isKnown ? undefined : transaction.store.put(bytes, sha256), transaction.done]);
    });
  }

  async get(sha256: string): Promise<Blob | undefined> {
    return this.#database.run((database) => database.get('attachments', sha256));
  }

  /** SHA-256 of all files. */
  async hashes(): Promise<readonly string[]> {
    return this.#database.run((database) => database.getAllKeys('attachments'));
  }

  /**
   * Removes what no message, draft or project refers to. Resolves with the SHA-256 of what was removed.
   * @param held SHA-256 of files that a tab is about to refer to
   */
  async sweep(held: ReadonlySet<string>): Promise<readonly string[]> {
    return this.#database.run(async (database) => {
      if ((await database.count('attachments')) === 0) return [];
      const transaction = database.transaction(SWEPT, 'readwrite');
      const used = new Set(held);
      const note = (hashes: readonly string[]): void => {
        for (const hash of hashes) used.add(hash);
      };
      for (const draft of await transaction.objectStore('drafts').getAll())
        note(hashesOf({ parts: readDraftParts(draft) }));
      for (const name of ['unsaved', 'projects'] as const) {
        for (const record of await transaction.objectStore(name).getAll()) note(hashesIn(record));
      }
      const uses = transaction.objectStore('attachmentUses');
      for (const use of await uses.getAllKeys()) {
        const [sha256, ...key] = use;
        if (used.has(sha256)) continue;
        const message = readMessage(await transaction.objectStore('messages').get(key));
        if (message !== undefined && hashesOf(message).includes(sha256)) used.add(sha256);
        else await uses.delete(use);
      }
      const attachments = transaction.objectStore('attachments');
      const unused = (await attachments.getAllKeys()).filter((sha256) => !used.has(sha256));
      await Promise.all([...unused.map((sha256) => attachments.delete(sha256)), transaction.done]);
      return unused;
    });
  }

  close(): void {
    this.#database.close();
  }
}

/** Hashes anywhere in a record; the form of unsaved changes differs between versions. */
function hashesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(hashesIn);
  if (value instanceof Map) return [...value.values()].flatMap(hashesIn);
  if (!isFields(value)) return [];
  const own = typeof value['sha256'] === 'string' ? [value['sha256']] : [];
  return [...own, ...Object.values(value).flatMap(hashesIn)];
}
