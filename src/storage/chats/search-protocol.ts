import type { Excerpt } from '../../chat/search/excerpt.ts';
import type { WireError } from '../../platform/errors.ts';

/** What the page asks of the search worker. */
export type SearchCommand =
  | { readonly type: 'open'; readonly databaseName: string }
  | { readonly type: 'find'; readonly callId: number; readonly query: string }
  | { readonly type: 'excerpts'; readonly callId: number; readonly query: string; readonly ids: readonly string[] }
  /** A chat was written or deleted. */
  | { readonly type: 'changed'; readonly id: string };

/** What is said in some chats, by their ids. One that does not say it any more has none. */
export type Excerpts = ReadonlyMap<string, Excerpt>;

export type SearchReply =
  /** Comes several times while the index is being made, each time with what is found so far; in the end all is found. */
  | { readonly type: 'found'; readonly callId: number; readonly ids: readonly string[]; readonly isAll: boolean }
  | { readonly type: 'excerpts'; readonly callId: number; readonly excerpts: Excerpts }
  | { readonly type: 'failed'; readonly callId: number; readonly error: WireError };
