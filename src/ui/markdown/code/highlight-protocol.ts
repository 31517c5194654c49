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

export interface HighlightRequest {
  readonly id: number;
  readonly code: string;
  /** Language id of highlight.js. */
  readonly language: string;
}

export interface HighlightReply {
  readonly id: number;
  /** Repeated `[start, end, kind]` in order, without nesting; `kind` is an index into TOKEN_KINDS. */
  readonly ranges: Uint32Array<ArrayBuffer>;
}
