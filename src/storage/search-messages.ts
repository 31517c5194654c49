import type { WireError } from '../errors.ts';

/** What the page asks of the search worker. */
export type SearchCommand =
  | { readonly type: 'open'; readonly databaseName: string }
  | { readonly type: 'find'; readonly callId: number; readonly query: string }
  /** A chat was written or deleted. */
  | { readonly type: 'changed'; readonly id: string };

export type SearchReply =
  | { readonly type: 'found'; readonly callId: number; readonly ids: readonly string[] }
  | { readonly type: 'failed'; readonly callId: number; readonly error: WireError };
