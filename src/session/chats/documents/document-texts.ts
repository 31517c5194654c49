import type { DocumentText } from '../../../documents/document-text.ts';
import type { FoundPassage } from '../../../documents/retrieval/passages.ts';

export interface OpenOptions {
  /** Stops the work at once. */
  readonly signal?: AbortSignal;
  /** @param fraction 0 to 1 of what is read */
  readonly onProgress?: (fraction: number) => void;
}

/** The texts of attached documents, by the SHA-256 of the file: each is read once, for all chats and tabs. */
export interface DocumentTexts {
  /**
   * The text of a document. A file that was read before is not read again.
   * @param sha256 of the file, which `files.add` has given: it must be stored, or held, before its text is
   * @throws AlcoveError `document-*`, `worker-failed`, or of the store; AbortError
   */
  open(sha256: string, file: Blob, name: string, options?: OpenOptions): Promise<DocumentText>;

  /** The text of a document that was opened before; undefined if it is not in the index. @throws AlcoveError of the store */
  textOf(sha256: string): Promise<DocumentText | undefined>;

  /** The best passages of documents that were opened, the best first. @throws AlcoveError of the store */
  search(
    query: string,
    hashes: readonly string[],
    count: number,
    signal: AbortSignal,
  ): Promise<readonly FoundPassage[]>;

  /** Forgets the texts of files that were removed. */
  remove(hashes: readonly string[]): Promise<void>;
}
