/** What a stretch of code is; the order is the protocol's. The page gives each a colour. */
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
  /** highlight.js's */
  readonly language: string;
}

export interface HighlightReply {
  readonly id: number;
  /** `[start, end, kind]` over and over, in order, none inside another; kind is an index of TOKEN_KINDS. */
  readonly ranges: Uint32Array<ArrayBuffer>;
}
