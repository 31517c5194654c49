import type { Excerpt } from '../../chat/search/excerpt.ts';
import type { WireError } from '../../platform/errors.ts';

/** Messages from the page to the search worker. */
export type SearchCommand =
  | { readonly type: 'open'; readonly databaseName: string }
  | { readonly type: 'find'; readonly callId: number; readonly query: string }
  | { readonly type: 'excerpts'; readonly callId: number; readonly query: string; readonly ids: readonly string[] }
  /** A chat was written or deleted. */
  | { readonly type: 'changed'; readonly id: string };

/** Excerpts by the id of their chat. A chat that no longer matches has none. */
export type Excerpts = ReadonlyMap<string, Excerpt>;

export type SearchReply =
  /** Sent several times while the index is built, each time with what is found so far, and at last with `isAll`. */
  | { readonly type: 'found'; readonly callId: number; readonly ids: readonly string[]; readonly isAll: boolean }
  | { readonly type: 'excerpts'; readonly callId: number; readonly excerpts: Excerpts }
  | { readonly type: 'failed'; readonly callId: number; readonly error: WireError };
