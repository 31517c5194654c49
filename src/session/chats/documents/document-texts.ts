import type { Message } from '../../../chat/conversation.ts';
import type { Reading } from '../../../chat/reading.ts';
import type { DocumentText } from '../../../documents/document-text.ts';

export interface OpenOptions {
  /** Stops the work at once. */
  readonly signal?: AbortSignal;
  /** @param fraction 0 to 1 of what is read */
  readonly onProgress?: (fraction: number) => void;
}

export interface ReadOptions {
  /** Estimated tokens that the prompt has left for documents which earlier turns were not given. */
  readonly budgetTokens: number;
  /** Documents beside those of the path: the files of the chat's project. */
  readonly files?: readonly FileName[];
  readonly signal: AbortSignal;
}

export interface FileName {
  readonly sha256: string;
  readonly name: string;
}

export interface TextsForPrompt {
  /** What goes before a question, by the question's id. */
  readonly texts: ReadonlyMap<string, string>;
  /** What the last message's question adds; undefined for nothing. */
  readonly read: Reading | undefined;
}

/** The texts of attached documents, by the SHA-256 of the file: each is read once, for all chats and tabs. */
export interface DocumentTexts {
  /**
   * The text of a document. A file that was read before is not read again.
   * @param sha256 of the file, which `files.add` has given: it must be stored, or held, before its text is
   * @throws AlcoveError `document-*`, `worker-failed`, or of the store; AbortError
   */
  open(sha256: string, file: Blob, name: string, options?: OpenOptions): Promise<DocumentText>;

  /**
   * The text of a stored document, which is read if it was not opened before.
   * @returns undefined where file and text are gone
   * @throws as `open`
   */
  textOf(sha256: string, name: string, signal?: AbortSignal): Promise<DocumentText | undefined>;

  /** What the prompt for the last message of a path has of the documents in it. @throws AlcoveError of the store; AbortError */
  read(path: readonly Message[], options: ReadOptions): Promise<TextsForPrompt>;

  /** Forgets the texts of files that were removed. */
  remove(hashes: readonly string[]): Promise<void>;
}
