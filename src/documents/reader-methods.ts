import type { DocumentKind, DocumentText } from './document-text.ts';

export interface DocumentFile {
  readonly file: Blob;
  /** Tells code from prose, never what a file contains. */
  readonly name: string;
}

/** A share, 0 to 1, of what is read. */
type ReadFraction = number;

/** The worker that reads everything that needs no large library. */
export interface DocumentMethods {
  /** By content first. @throws AlcoveError `document-empty`, `document-unsupported`, `document-locked` */
  readonly identify: { readonly input: DocumentFile; readonly output: DocumentKind };
  readonly read: {
    readonly input: DocumentFile & { readonly kind: Exclude<DocumentKind, 'pdf' | 'docx' | 'zip'> };
    readonly progress: ReadFraction;
    readonly output: DocumentText;
  };
  /** Names of the files in an archive, without folders. */
  readonly list: { readonly input: Blob; readonly output: readonly string[] };
  /** One of them, by its place in the list; it takes at most `mostBytes`. */
  readonly unpack: {
    readonly input: { readonly archive: Blob; readonly index: number; readonly mostBytes: number };
    readonly output: Blob;
  };
}

export interface PdfMethods {
  readonly read: { readonly input: Blob; readonly progress: ReadFraction; readonly output: DocumentText };
}

export interface WordMethods {
  /** As HTML, which the first worker reads. */
  readonly read: { readonly input: Blob; readonly output: Blob };
}
