import type { Message } from '../../../chat/conversation.ts';
import type { DocumentText } from '../../../documents/document-text.ts';
import { readDocument } from '../../../documents/read-document.ts';
import { DocumentIndex } from '../../../documents/retrieval/document-index.ts';
import { IndexInMemory, StoredIndex } from '../../../documents/retrieval/index-store.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import { withLock } from '../../../platform/web-locks.ts';
import type { DocumentTexts, FileName, OpenOptions, ReadOptions, TextsForPrompt } from './document-texts.ts';
import { readForPrompt } from './read-for-prompt.ts';

interface DocumentsHost {
  /** False where chats are in memory only: so are the texts of their files then. */
  isKept(): boolean;
  /** SHA-256 of all stored files. */
  storedFiles(): Promise<readonly string[]>;
  readFile(sha256: string): Promise<Blob | undefined>;
}

/** Reads documents in workers; keeps their texts in IndexedDB, or in memory with the chats. */
export class ChatDocuments implements DocumentTexts {
  readonly #name: string;
  readonly #host: DocumentsHost;
  readonly #stored: DocumentIndex;
  readonly #inMemory = new DocumentIndex(new IndexInMemory());
  /** A tab that was closed during a removal may have left texts whose files are gone. */
  readonly #tidied: Promise<void>;

  /** @param databaseName of the index */
  constructor(databaseName: string, host: DocumentsHost) {
    this.#name = databaseName;
    this.#host = host;
    this.#stored = new DocumentIndex(new StoredIndex(databaseName));
    this.#tidied = this.#tidy().catch(() => {});
  }

  get #index(): DocumentIndex {
    return this.#host.isKept() ? this.#stored : this.#inMemory;
  }

  async open(
    sha256: string,
    file: Blob,
    name: string,
    { signal, onProgress }: OpenOptions = {},
  ): Promise<DocumentText> {
    await this.#tidied;
    const index = this.#index;
    // Another chip or tab may be reading the same file.
    return withLock(`${this.#name}-reading:${sha256}`, signal === undefined ? {} : { signal }, async () => {
      const known = await index.textOf(sha256);
      if (known !== undefined) return known;
      const text = await readDocument(file, name, { signal, ...(onProgress !== undefined && { onProgress }) });
      await index.add(sha256, text, signal);
      return text;
    });
  }

  async textOf(sha256: string, name: string, signal?: AbortSignal): Promise<DocumentText | undefined> {
    const known = await this.#index.textOf(sha256);
    if (known !== undefined) return known;
    const file = await this.#host.readFile(sha256);
    return file && this.open(sha256, file, name, signal === undefined ? {} : { signal });
  }

  read(path: readonly Message[], options: ReadOptions): Promise<TextsForPrompt> {
    return readForPrompt(path, options, this.#index, (document) => this.#textOrNone(document, options.signal));
  }

  async remove(hashes: readonly string[]): Promise<void> {
    await this.#stored.remove(hashes);
  }

  dispose(): void {
    this.#stored.close();
    this.#inMemory.close();
  }

  /** A file that cannot be read is named in the prompt; the user has been told why where it was attached. */
  async #textOrNone({ sha256, name }: FileName, signal: AbortSignal): Promise<DocumentText | undefined> {
    try {
      return await this.textOf(sha256, name, signal);
    } catch (error) {
      if (AlcoveError.isInstance(error)) return undefined;
      throw error;
    }
  }

  async #tidy(): Promise<void> {
    if (!this.#host.isKept()) return;
    // In this order: a file is stored before its text.
    const hashes = await this.#stored.hashes();
    const files = new Set(await this.#host.storedFiles());
    await this.#stored.remove(hashes.filter((sha256) => !files.has(sha256)));
  }
}
