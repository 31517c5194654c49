import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ConversationSummary } from '../chat/conversation.ts';
import { foldedWords } from '../chat/search-index.ts';
import type { MenuAction } from './action-menu.ts';
import { baseStyles } from './base.styles.ts';
import { formatDayGroup } from './format.ts';
import { plural } from './phrases.ts';
import './action-menu.ts';

export type ChatAction = 'open' | 'rename' | 'delete' | 'pin' | 'unpin' | 'archive' | 'unarchive' | 'tag';

/** Someone asks something of a chat in the list. */
export class ChatActionEvent extends Event {
  static readonly eventName = 'alcove-chat-action';
  readonly action: ChatAction;
  readonly chatId: string;
  /** The new title, for `rename`; the tags with commas between them, for `tag`. */
  readonly title: string;

  constructor(action: ChatAction, chatId: string, title = '') {
    super(ChatActionEvent.eventName, { bubbles: true, composed: true });
    this.action = action;
    this.chatId = chatId;
    this.title = title;
  }
}

/** Chats that are drawn at first, and that are added when the end of what is drawn comes near. */
const STEP = 80;

/**
 * @summary The chats: pinned ones, then by day, newest first, the archive folded at the end. Each can be opened, renamed
 *   in its place, pinned, tagged, archived and deleted; all can be searched.
 * @event alcove-chat-action
 */
@customElement('alcove-chat-list')
export class ChatList extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: block;
      }

      h2 {
        padding: 16px 10px 4px;
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        font-weight: 600;
      }

      li {
        position: relative;
        display: flex;
        align-items: center;
        border-radius: var(--_radius);
      }

      li:hover,
      li:has(.tool:focus-visible) {
        background: var(--_hover);
      }

      li.open {
        background: var(--_hover);
        font-weight: 550;
      }

      .chat {
        flex: 1;
        min-inline-size: 0;
        min-block-size: 38px;
        padding: 4px 10px;
        border: 0;
        border-radius: var(--_radius);
        background: none;
        font-size: var(--_text-s);
        font-weight: inherit;
        text-align: start;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        cursor: pointer;
      }

      /* What is too long is cut at the end of its own direction, and stands on the side where the list begins. */
      .chat bdi {
        display: block;
        overflow: hidden;
        text-align: -webkit-match-parent;
        text-align: match-parent;
        text-overflow: ellipsis;
      }

      .tool {
        flex: none;
        inline-size: 32px;
        block-size: 32px;
        font-size: 0.875rem;
      }

      @media (hover: hover) {
        li:not(:hover, :focus-within, .open) .tool {
          position: absolute;
          opacity: 0;
          pointer-events: none;
        }
      }

      .mark {
        flex: none;
        margin-inline-end: 8px;
        color: var(--_accent-text);
        font-size: var(--_text-xs);
        font-weight: 600;
      }

      .tags {
        display: block;
        overflow: hidden;
        color: var(--_text-muted);
        font-size: 0.75rem;
        font-weight: 400;
        line-height: 1.3;
        text-align: -webkit-match-parent;
        text-align: match-parent;
        text-overflow: ellipsis;
      }

      .search {
        position: sticky;
        z-index: 1;
        inset-block-start: 0;
        display: block;
        padding-block: 2px 6px;
        background: var(--_surface-sunken);
      }

      .search input {
        inline-size: 100%;
        border-color: var(--_border);
        background: var(--_surface);
      }

      /* The list scrolls, and would cut off a ring that stands further out. */
      .search input:focus-visible {
        outline-offset: 0;
      }

      .filters {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        padding-block: 2px 4px;
      }

      .filters button {
        min-block-size: 28px;
        padding: 2px 10px;
        border: 1px solid var(--_border);
        border-radius: 14px;
        background: none;
        font-size: var(--_text-xs);
        max-inline-size: 100%;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        cursor: pointer;
      }

      .filters button[aria-pressed='true'] {
        border-color: var(--_accent);
        background: var(--_accent-soft);
      }

      details {
        margin-block-start: 12px;
      }

      summary {
        padding: 6px 10px;
        border-radius: var(--_radius);
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        font-weight: 600;
        cursor: pointer;
      }

      .end {
        block-size: 1px;
      }

      @media (pointer: coarse) {
        .chat {
          min-block-size: 44px;
        }

        .tool {
          inline-size: 44px;
          block-size: 44px;
        }
      }

      input {
        flex: 1;
        min-inline-size: 0;
        min-block-size: 38px;
        padding: 4px 9px;
        border: 1px solid var(--_accent);
        border-radius: var(--_radius);
        background: var(--_surface-raised);
        font-size: var(--_text-s);
      }

      .none {
        padding: 12px 10px;
        color: var(--_text-muted);
        font-size: var(--_text-s);
      }
    `,
  ];

  @property({ attribute: false }) chats: readonly ConversationSummary[] = [];
  @property({ attribute: false }) openChatId: string | undefined;
  /** Chats in which an answer is being written, or waits. */
  @property({ attribute: false }) writingIds: readonly string[] = [];
  @property({ attribute: false }) unreadIds: readonly string[] = [];
  /** Chats whose record cannot be read. */
  @property({ attribute: false }) brokenIds: readonly string[] = [];
  /** Finds the chats that say something. */
  @property({ attribute: false }) find: ((query: string) => Promise<readonly string[]>) | undefined;

  @state() private edited: { readonly id: string; readonly what: 'title' | 'tags' } | undefined;
  @state() private query = '';
  @state() private tag: string | undefined;
  /** Chats that say what is searched for; undefined while they are looked for. */
  @state() private found: ReadonlySet<string> | undefined;
  @state() private limit = STEP;

  readonly #ends = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) this.limit += STEP;
    },
    { rootMargin: '400px' },
  );

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ends.disconnect();
  }

  protected override updated(): void {
    this.#ends.disconnect();
    const end = this.renderRoot.querySelector('.end');
    if (end !== null) this.#ends.observe(end);
  }

  async #onSearch(event: Event): Promise<void> {
    const query = event.target instanceof HTMLInputElement ? event.target.value : '';
    this.query = query;
    this.found = undefined;
    this.limit = STEP;
    if (query.trim() === '') return;
    const ids = await this.find?.(query).catch(() => []);
    if (this.query === query) this.found = new Set(ids);
  }

  #act(action: ChatAction, id: string, title?: string): void {
    this.dispatchEvent(new ChatActionEvent(action, id, title));
  }

  async #startEdit(id: string, what: 'title' | 'tags'): Promise<void> {
    this.edited = { id, what };
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('li input')?.select();
  }

  /** Enter and a click elsewhere keep the new words, Escape the old ones. */
  async #endEdit(event: Event, chat: ConversationSummary, isKept: boolean): Promise<void> {
    const { edited } = this;
    if (edited?.id !== chat.id || !(event.target instanceof HTMLInputElement)) return;
    const words = event.target.value.trim();
    const hadFocus = event.type === 'keydown';
    this.edited = undefined;
    if (isKept && edited.what === 'tags' && words !== chat.tags.join(', ')) this.#act('tag', chat.id, words);
    if (isKept && edited.what === 'title' && words !== '' && words !== chat.title) this.#act('rename', chat.id, words);
    if (!hadFocus) return;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(chat.id)}"] .chat`)?.focus();
  }

  #onKeyDown(event: KeyboardEvent, chat: ConversationSummary): void {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.stopPropagation();
    // Or the name that gets the focus back would be pressed by the same key.
    event.preventDefault();
    void this.#endEdit(event, chat, event.key === 'Enter');
  }

  override render(): TemplateResult {
    if (this.chats.length === 0 && this.brokenIds.length === 0) {
      return html`<p class="none">${msg('Your chats will be listed here. They are kept on this device only.')}</p>`;
    }
    const matches = this.#matches();
    const kept = matches.filter(({ archivedAt }) => archivedAt === undefined);
    const archived = matches.filter(({ archivedAt }) => archivedAt !== undefined);
    return html`${this.#renderSearch()}
      ${matches.length === 0 && this.query !== '' ? html`<p class="none" role="status">${this.#nothingFound()}</p>` : nothing}
      ${this.query === '' ? this.#renderGroups(kept) : this.#renderRows(matches.slice(0, this.limit))}
      ${(this.query === '' ? kept : matches).length > this.limit ? html`<div class="end"></div>` : nothing}
      ${
        archived.length === 0 || this.query !== ''
          ? nothing
          : html`<details>
            <summary>${plural(archived.length, msg('one: # archived chat | other: # archived chats'))}</summary>
            ${this.#renderRows(archived)}
          </details>`
      }
      ${this.brokenIds.length === 0 ? nothing : this.#renderBroken()}`;
  }

  #matches(): readonly ConversationSummary[] {
    const { tag } = this;
    const tagged = tag === undefined ? this.chats : this.chats.filter(({ tags }) => tags.includes(tag));
    if (this.query.trim() === '') return tagged;
    const words = foldedWords(this.query);
    return tagged.filter(({ id, title }) => {
      if (this.found?.has(id)) return true;
      const said = foldedWords(title);
      return words.length > 0 && words.every((word) => said.some((one) => one.startsWith(word)));
    });
  }

  #nothingFound(): string {
    return this.found === undefined ? msg('Searching…') : msg('No chat says this.');
  }

  #renderSearch(): TemplateResult {
    const tags = [...new Set(this.chats.flatMap((chat) => chat.tags))].sort((a, b) => a.localeCompare(b));
    return html`<div class="search" role="search" aria-label=${msg('Search all chats')}>
        <input
          type="search"
          aria-label=${msg('Search all chats')}
          placeholder=${msg('Search')}
          dir="auto"
          .value=${this.query}
          @focus=${() => void this.find?.('')}
          @input=${this.#onSearch}
        />
      </div>
      ${
        tags.length === 0
          ? nothing
          : html`<div class="filters" role="group" aria-label=${msg('Tags')}>
            ${tags.map(
              (tag) => html`<button
                type="button"
                title=${tag}
                aria-pressed=${this.tag === tag}
                @click=${() => {
                  this.tag = this.tag === tag ? undefined : tag;
                }}
              >
                <bdi>${tag}</bdi>
              </button>`,
            )}
          </div>`
      }`;
  }

  #renderGroups(chats: readonly ConversationSummary[]): TemplateResult[] {
    const now = Date.now();
    const pinned = chats.filter(({ pinnedAt }) => pinnedAt !== undefined);
    const others = chats.filter(({ pinnedAt }) => pinnedAt === undefined).slice(0, this.limit);
    const groups = [...Map.groupBy(others, ({ updatedAt }) => formatDayGroup(updatedAt, now))];
    return (pinned.length === 0 ? groups : [[msg('Pinned'), pinned] as const, ...groups]).map(
      ([name, members]) => html`<section aria-label=${name}>
        <h2>${name}</h2>
        ${this.#renderRows(members)}
      </section>`,
    );
  }

  #renderRows(chats: readonly ConversationSummary[]): TemplateResult {
    return html`<ul>
      ${repeat(
        chats,
        ({ id }) => id,
        (chat) => this.#renderChat(chat),
      )}
    </ul>`;
  }

  #renderBroken(): TemplateResult {
    return html`<section aria-label=${msg('Cannot be read')}>
      <h2>${msg('Cannot be read')}</h2>
      <ul>
        ${this.brokenIds.map(
          (id) => html`<li>
            <button type="button" class="chat" @click=${() => this.#act('open', id)}>${msg('A damaged chat')}</button>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #renderChat(chat: ConversationSummary): TemplateResult {
    const title = chat.title || msg('New chat');
    if (this.edited?.id === chat.id) {
      const isTitle = this.edited.what === 'title';
      return html`<li data-id=${chat.id}>
        <input
          aria-label=${isTitle ? msg('Name of the chat') : msg('Tags, with commas between them')}
          placeholder=${isTitle ? '' : msg('Tags, with commas between them')}
          dir="auto"
          .value=${isTitle ? title : chat.tags.join(', ')}
          maxlength="200"
          @keydown=${(event: KeyboardEvent) => this.#onKeyDown(event, chat)}
          @blur=${(event: Event) => this.#endEdit(event, chat, true)}
        />
      </li>`;
    }
    const isOpen = chat.id === this.openChatId;
    return html`<li data-id=${chat.id} class=${isOpen ? 'open' : ''}>
      <button
        type="button"
        class="chat"
        title=${title}
        aria-current=${isOpen ? 'page' : nothing}
        @click=${() => this.#act('open', chat.id)}
      >
        <bdi>${title}</bdi>${chat.tags.length === 0 ? nothing : html`<small class="tags" dir="auto">${chat.tags.join(' · ')}</small>`}
      </button>
      ${this.#renderMark(chat.id)}
      <alcove-menu
        class="icon-button tool"
        label=${msg(str`More for ${title}`)}
        .actions=${this.#menu(chat)}
      ></alcove-menu>
    </li>`;
  }

  #renderMark(id: string): TemplateResult | typeof nothing {
    if (this.writingIds.includes(id)) return html`<span class="mark">${msg('writing')}</span>`;
    return this.unreadIds.includes(id) ? html`<span class="mark">${msg('new')}</span>` : nothing;
  }

  #menu({ id, pinnedAt, archivedAt }: ConversationSummary): MenuAction[] {
    const isPinned = pinnedAt !== undefined;
    const isArchived = archivedAt !== undefined;
    return [
      { label: msg('Rename'), icon: 'pencil', act: () => this.#startEdit(id, 'title') },
      {
        label: isPinned ? msg('Unpin') : msg('Pin'),
        icon: isPinned ? 'unpin' : 'pin',
        act: () => this.#act(isPinned ? 'unpin' : 'pin', id),
      },
      { label: msg('Tags'), icon: 'tag', act: () => this.#startEdit(id, 'tags') },
      {
        label: isArchived ? msg('Take out of the archive') : msg('Archive'),
        icon: isArchived ? 'unarchive' : 'archive',
        act: () => this.#act(isArchived ? 'unarchive' : 'archive', id),
      },
      { label: msg('Delete'), icon: 'trash', act: () => this.#act('delete', id) },
    ];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat-list': ChatList;
  }
  interface HTMLElementEventMap {
    'alcove-chat-action': ChatActionEvent;
  }
}
