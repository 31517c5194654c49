/** What a model was given of the documents of a chat, in the order of the prompt. It has places; the documents have the text. */
export interface Reading {
  readonly documents: readonly ReadDocument[];
  readonly passages: readonly ReadPassage[];
  /** Estimate of what all of it takes of the prompt. */
  readonly tokens: number;
}

export interface ReadDocument {
  /** Of the file, in lower-case hexadecimal. */
  readonly sha256: string;
  /** As the user attached it. */
  readonly name: string;
  /** How many the document has. */
  readonly pages: number;
  /** Whether the model was given all of it. */
  readonly isWhole: boolean;
}

export interface ReadPassage {
  /** `[2]` in the prompt and in answers: unique on the path of the chat. */
  readonly number: number;
  /** Index in `documents`. */
  readonly document: number;
  /** Index of the page in the document. */
  readonly page: number;
  /** The page's own number, or what it is called; `''` where it has none. */
  readonly label: string;
  /** Where it is in the page's text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** An estimate. */
  readonly tokens: number;
  /** Of the search; comparable within one reading. Undefined where the whole document was read. */
  readonly score?: number;
}
