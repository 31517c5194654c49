import type { DocumentText } from '../../../documents/document-text.ts';
import { readDocument } from '../../../documents/read-document.ts';
import { DocumentIndex } from '../../../documents/retrieval/document-index.ts';
import { IndexInMemory, StoredIndex } from '../../../documents/retrieval/index-store.ts';
import { withLock } from '../../../platform/web-locks.ts';

export interface OpenOptions {
  /** Stops the work at once. */
  readonly signal?: AbortSignal;
  /** @param fraction 0 to 1 of what is read */
  readonly onProgress?: (fraction: number) => void;
}

interface DocumentsHost {
  /** False where chats are in memory only: so are the texts of their files then. */
  isKept(): boolean;
  /** SHA-256 of all stored files. */
  storedFiles(): Promise<readonly string[]>;
}

/** The texts of attached documents, by the SHA-256 of the file: each is read once, for all chats and tabs. */
export class ChatDocuments {
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

  /** The index to search. */
  get index(): DocumentIndex {
    return this.#host.isKept() ? this.#stored : this.#inMemory;
  }

  /**
   * The text of a document. A file that was read before is not read again.
   * @param sha256 of the file, which `files.add` has given: it must be stored, or held, before its text is
   * @throws AlcoveError `document-*`, `worker-failed`, or of the store; AbortError
   */
  async open(
    sha256: string,
    file: Blob,
    name: string,
    { signal, onProgress }: OpenOptions = {},
  ): Promise<DocumentText> {
    await this.#tidied;
    const { index } = this;
    // Another chip or tab may be reading the same file.
    return withLock(`${this.#name}-reading:${sha256}`, signal === undefined ? {} : { signal }, async () => {
      const known = await index.textOf(sha256);
      if (known !== undefined) return known;
      const text = await readDocument(file, name, { signal, ...(onProgress !== undefined && { onProgress }) });
      await index.add(sha256, text, signal);
      return text;
    });
  }

  /** The text of a document that was opened before; undefined if it is not in the index. @throws AlcoveError of the store */
  textOf(sha256: string): Promise<DocumentText | undefined> {
    return this.index.textOf(sha256);
  }

  /** Forgets the texts of files that were removed. */
  async remove(hashes: readonly string[]): Promise<void> {
    await this.#stored.remove(hashes);
  }

  dispose(): void {
    this.#stored.close();
    this.#inMemory.close();
  }

  async #tidy(): Promise<void> {
    if (!this.#host.isKept()) return;
    // In this order: a file is stored before its text.
    const hashes = await this.#stored.hashes();
    const files = new Set(await this.#host.storedFiles());
    await this.#stored.remove(hashes.filter((sha256) => !files.has(sha256)));
  }
}
