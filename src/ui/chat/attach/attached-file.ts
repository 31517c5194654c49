import type { FilePart } from '../../../chat/message-parts.ts';
import type { DocumentText } from '../../../documents/document-text.ts';
import type { Describable } from '../../errors/error-messages.ts';

/** How much of a document was read. */
export interface DocumentExtent {
  /** Undefined where the file has none, or just one. */
  readonly pages: number | undefined;
  /** 0 where pages are counted. */
  readonly words: number;
  /** Names of the files in an archive that could not be read. */
  readonly skipped: readonly string[];
}

export type FileState =
  /** @property fraction 0 to 1 of what is read; undefined while the bytes are stored */
  | { readonly status: 'reading'; readonly fraction: number | undefined }
  | { readonly status: 'ready'; readonly extent: DocumentExtent | undefined }
  | { readonly status: 'failed'; readonly error: Describable }
  /** The draft names it, but its bytes are not stored. */
  | { readonly status: 'missing' };

/** A file whose bytes were stored here when it was attached or imported. */
export type StoredFilePart = FilePart & { readonly sha256: string };

/** A file in the composer, or in a message. */
export interface AttachedFile {
  readonly id: string;
  readonly type: FilePart['type'];
  readonly name: string;
  readonly sizeBytes: number | undefined;
  /** Undefined while the bytes are not stored. */
  readonly part: FilePart | undefined;
  /** For the thumbnail of a picture. */
  readonly picture: Blob | undefined;
  readonly state: FileState;
}

/** Formats in which a page is what the user counts. */
const PAGED: readonly DocumentText['kind'][] = ['pdf', 'pptx'];

/** Counting the words of a book would hold up the page: they are estimated from its beginning. */
const COUNTED_CHARACTERS = 400_000;

/** A character of a script without spaces counts as a word, as word processors count. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu;

export function extentOf({ kind, pages, skipped = [] }: DocumentText): DocumentExtent {
  const isPaged = PAGED.includes(kind);
  return { pages: isPaged ? pages.length : undefined, words: isPaged ? 0 : wordsOf(pages), skipped };
}

function wordsOf(pages: DocumentText['pages']): number {
  let words = 0;
  let counted = 0;
  let characters = 0;
  for (const { text } of pages) {
    characters += text.length;
    const part = text.slice(0, COUNTED_CHARACTERS - counted);
    counted += part.length;
    words += part.match(WORD)?.length ?? 0;
  }
  if (counted === characters) return words;
  return Math.round((words * characters) / counted / 1_000) * 1_000;
}
