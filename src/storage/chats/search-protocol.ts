import type { Excerpt } from '../../chat/search/excerpt.ts';

export interface SearchMethods {
  readonly open: { readonly input: { readonly databaseName: string }; readonly output: undefined };
  /** Ids of the chats that match. Reports what is found so far while the index is being made. */
  readonly find: {
    readonly input: { readonly query: string };
    readonly progress: readonly string[];
    readonly output: readonly string[];
  };
  readonly excerpts: {
    readonly input: { readonly query: string; readonly ids: readonly string[] };
    readonly output: Excerpts;
  };
  /** A chat was written or deleted. */
  readonly changed: { readonly input: { readonly id: string }; readonly output: undefined };
}

/** Excerpts by the id of their chat. A chat that no longer matches has none. */
export type Excerpts = ReadonlyMap<string, Excerpt>;
