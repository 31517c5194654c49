import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ConversationSummary } from '../../chat/conversation.ts';
import type { Excerpt } from '../../chat/search/excerpt.ts';
import { type FoldedText, foldText, hasWord, queryWords } from '../../chat/search/folded-text.ts';
import type { SessionLike } from '../contract/session-like.ts';

/** Excerpts per request: more than a screen shows. The next update requests the others. */
const EXCERPTS_AT_ONCE = 16;

/** The current result; `ids` is undefined until the first results arrive. */
interface SearchResult {
  readonly query: string;
  readonly ids: ReadonlySet<string> | undefined;
  readonly isComplete: boolean;
}

type Search = () => SessionLike['chats']['search'] | undefined;

/**
 * Searches the chats: titles at once, messages when the index answers, and excerpts for the rendered rows. The first
 * query of a visit finds the newest chats first. While a changed query runs, the results of the previous one stay.
 */
export class ChatSearchController implements ReactiveController {
  query = '';
  readonly #host: ReactiveControllerHost;
  readonly #search: Search;
  readonly #titles = new WeakMap<ConversationSummary, FoldedText>();
  #result: SearchResult = { query: '', ids: undefined, isComplete: false };
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

  get isDone(): boolean {
    return this.#result.query === this.query && this.#result.isComplete;
  }

  /** Some chats are searched, and others are not yet. */
  get isPartial(): boolean {
    return this.#result.ids !== undefined && !this.#result.isComplete;
  }

  /** Call it when the user is about to search; it loads the index. */
  prepare(): void {
    void this.#search()
      ?.prepare()
      .catch(() => {});
  }

  async search(query: string): Promise<void> {
    this.query = query;
    this.#host.requestUpdate();
    if (!this.isSearching) {
      this.#result = { query, ids: undefined, isComplete: false };
      this.#excerpts.clear();
      return;
    }
    const ids = await this.#search()
      ?.find(query, (part) => this.#setResult(query, part, false))
      // Titles are still searched.
      .catch(() => []);
    this.#setResult(query, ids, true);
  }

  #setResult(query: string, ids: Iterable<string> | undefined, isComplete: boolean): void {
    if (this.query !== query) return;
    this.#result = { query, ids: new Set(ids), isComplete };
    this.#host.requestUpdate();
  }

  /** The chats that match; all chats while the query is empty. */
  matches(chats: readonly ConversationSummary[]): readonly ConversationSummary[] {
    if (!this.isSearching) return chats;
    const words = queryWords(this.query);
    return chats.filter((chat) => this.#result.ids?.has(chat.id) || this.#matchesTitle(chat, words));
  }

  /** The excerpt of a chat's match; `undefined` until it is loaded, and for a match in the title only. */
  excerpt(id: string): Excerpt | undefined {
    if (!this.matchesText(id)) return undefined;
    const known = this.#excerpts.get(id);
    if (known?.query !== this.#result.query) this.#wanted.add(id);
    return known?.excerpt;
  }

  /** The id of the matching message; looks it up where the excerpt is not loaded yet. */
  matchingMessage(id: string): string | undefined | Promise<string | undefined> {
    const known = this.excerpt(id);
    if (known !== undefined || !this.matchesText(id)) return known?.messageId;
    return this.#read([id]).then((found) => found?.get(id)?.messageId);
  }

  /** Whether a message of the chat matches, and not only the title. */
  matchesText(id: string): boolean {
    return this.isSearching && this.#result.ids?.has(id) === true;
  }

  /** Loads the excerpts of the topmost rows first, which the user sees. */
  async #readExcerpts(): Promise<void> {
    const ids = [...this.#wanted].slice(0, EXCERPTS_AT_ONCE);
    this.#wanted.clear();
    if (this.#isReading) return;
    this.#isReading = true;
    const { query } = this.#result;
    const found = await this.#read(ids);
    this.#isReading = false;
    for (const id of ids) this.#excerpts.set(id, { query, excerpt: found?.get(id) });
    this.#host.requestUpdate();
  }

  async #read(ids: readonly string[]): Promise<ReadonlyMap<string, Excerpt> | undefined> {
    const { query } = this.#result;
    return this.#search()
      ?.excerpts(query, ids)
      .catch(() => undefined);
  }

  #matchesTitle(chat: ConversationSummary, words: readonly string[]): boolean {
    const title = this.#titles.get(chat) ?? foldText(chat.title);
    this.#titles.set(chat, title);
    return words.length > 0 && words.every((word) => hasWord(title, word));
  }
}
