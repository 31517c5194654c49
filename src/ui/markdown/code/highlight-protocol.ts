/** Kinds of syntax tokens, each with a colour. The worker sends their index, so the order is part of the protocol. */
export const TOKEN_KINDS = [
  'keyword',
  'string',
  'comment',
  'number',
  'function',
  'type',
  'attribute',
  'variable',
  'meta',
  'added',
  'removed',
] as const;

export interface HighlightMethods {
  readonly highlight: {
    /** `language` is a language id of highlight.js. */
    readonly input: { readonly code: string; readonly language: string };
    readonly output: HighlightRanges;
  };
}

/** Repeated `[start, end, kind]` in order, without nesting; `kind` is an index into TOKEN_KINDS. */
export type HighlightRanges = Uint32Array<ArrayBuffer>;
