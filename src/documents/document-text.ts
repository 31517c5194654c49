/** What is read out of a file: its text, page by page. */

export type DocumentKind =
  | 'text'
  | 'markdown'
  | 'code'
  | 'csv'
  | 'json'
  | 'html'
  | 'pdf'
  | 'docx'
  | 'xlsx'
  | 'pptx'
  | 'epub'
  | 'zip';

/** A page of a PDF, a slide, a sheet, a chapter, or what stands under a heading. */
export interface DocumentPage {
  /** The page's own number, as `iv`, the sheet's or chapter's name, or the heading; `''` where it has none. */
  readonly label: string;
  readonly text: string;
}

export interface DocumentText {
  readonly kind: DocumentKind;
  /** From inside the file; undefined where it names none. */
  readonly title?: string;
  /** In reading order, empty pages too, so that a page's index is its place in the file. */
  readonly pages: readonly DocumentPage[];
  /** Names of the files in an archive that were not read; absent where all were. */
  readonly skipped?: readonly string[];
}

/** Limits on what is read: more would fill the memory, and no model could use it. */
export const DOCUMENT_LIMITS = {
  /** Of the file, and of what is unpacked from it. */
  bytes: 500 * 1024 * 1024,
  pages: 2_000,
  /** Of its text: some 10,000 printed pages. */
  characters: 20_000_000,
  /** In an archive. */
  files: 200,
} as const;
