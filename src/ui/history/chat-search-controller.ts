import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ConversationSummary } from '../../chat/conversation.ts';
import type { Excerpt } from '../../chat/search/excerpt.ts';
import { foldedWords, isSaid } from '../../chat/search/search-index.ts';
import type { SessionLike } from '../contract/session-like.ts';

/** More than a screen shows. The others are asked for again when these are drawn. */
const EXCERPTS_AT_ONCE = 16;

/** What the chats say; `ids` is undefined while it is looked up for the first time. */
interface Found {
  readonly query: string;
  readonly ids: ReadonlySet<string> | undefined;
  readonly isAll: boolean;
}

type Search = () => SessionLike['chats']['search'] | undefined;

/**
 * What is looked for in the chats, and what was found: by titles at once, by what is said as soon as that is known, and
 * where it is said for the chats that are drawn. The first query of a visit finds the newest first. While the next letter
 * is looked up, what was found before it stays.
 */
export class ChatSearchController implements ReactiveController {
  /** What is typed. */
  query = '';
  readonly #host: ReactiveControllerHost;
  readonly #search: Search;
  readonly #titles = new WeakMap<ConversationSummary, readonly string[]>();
  #found: Found = { query: '', ids: undefined, isAll: false };
  readonly #excerpts = new Map<string, { readonly query: string; readonly excerpt: Excerpt | undefined }>();
  readonly #wanted = new Set<string>();
  #isReading = false;

  constructor(host: ReactiveControllerHost, search: Search) {
    this.#host = host;
    this.#search = search;
    host.addController(this);
  }

  hostConnected(): void {}

  hostUpdated(): void {
    if (this.#wanted.size > 0) void this.#readExcerpts();
  }

  get isSearching(): boolean {
    return this.query.trim() !== '';
  }

  /** All that will be found is found. */
  get isDone(): boolean {
    return this.#found.query === this.query && this.#found.isAll;
  }

  /** Some chats are looked through, and the others will be in a while. */
  get goesOn(): boolean {
    return this.#found.ids !== undefined && !this.#found.isAll;
  }

  /** Somebody is about to search: what that takes is made ready. */
  prepare(): void {
    void this.#search()
      ?.prepare()
      .catch(() => {});
  }

  async search(query: string): Promise<void> {
    this.query = query;
    this.#host.requestUpdate();
    if (!this.isSearching) {
      this.#found = { query, ids: undefined, isAll: false };
      this.#excerpts.clear();
      return;
    }
    const ids = await this.#search()
      ?.find(query, (part) => this.#take(query, part, false))
      // The titles are searched all the same.
      .catch(() => []);
    this.#take(query, ids, true);
  }

  #take(query: string, ids: Iterable<string> | undefined, isAll: boolean): void {
    if (this.query !== query) return;
    this.#found = { query, ids: new Set(ids), isAll };
    this.#host.requestUpdate();
  }

  /** Those of the chats that are found; all, as long as nothing is searched for. */
  matches(chats: readonly ConversationSummary[]): readonly ConversationSummary[] {
    if (!this.isSearching) return chats;
    const words = foldedWords(this.query);
    return chats.filter((chat) => this.#found.ids?.has(chat.id) || this.#isTitled(chat, words));
  }

  /** Where a chat says it: `undefined` until that is known, and for one that only its title says. */
  excerpt(id: string): Excerpt | undefined {
    if (!this.says(id)) return undefined;
    const known = this.#excerpts.get(id);
    if (known?.query !== this.#found.query) this.#wanted.add(id);
    return known?.excerpt;
  }

  /** The message of a chat that says it; looked up now, where its excerpt has not come yet. */
  placeIn(id: string): string | undefined | Promise<string | undefined> {
    const known = this.excerpt(id);
    if (known !== undefined || !this.says(id)) return known?.messageId;
    return this.#read([id]).then((found) => found?.get(id)?.messageId);
  }

  /** Whether it is said in a chat, and not in its title alone. */
  says(id: string): boolean {
    return this.isSearching && this.#found.ids?.has(id) === true;
  }

  /** The topmost first: they are what is looked at. */
  async #readExcerpts(): Promise<void> {
    const ids = [...this.#wanted].slice(0, EXCERPTS_AT_ONCE);
    this.#wanted.clear();
    if (this.#isReading) return;
    this.#isReading = true;
    const { query } = this.#found;
    const found = await this.#read(ids);
    this.#isReading = false;
    for (const id of ids) this.#excerpts.set(id, { query, excerpt: found?.get(id) });
    this.#host.requestUpdate();
  }

  async #read(ids: readonly string[]): Promise<ReadonlyMap<string, Excerpt> | undefined> {
    const { query } = this.#found;
    return this.#search()
      ?.excerpts(query, ids)
      .catch(() => undefined);
  }

  #isTitled(chat: ConversationSummary, words: readonly string[]): boolean {
    const said = this.#titles.get(chat) ?? foldedWords(chat.title);
    this.#titles.set(chat, said);
    return words.length > 0 && words.every((word) => isSaid(word, said));
  }
}
