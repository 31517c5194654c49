import { msg } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ConversationSummary } from '../../chat/conversation.ts';
import type { Project } from '../../chat/project.ts';
import { baseStyles } from '../base/base.styles.ts';
import type { ProjectActionEvent } from '../contract/project-events.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { formatDayGroup } from '../lib/format.ts';
import { plural } from '../lib/plural.ts';
import { pressedKey } from '../lib/pressed-key.ts';
import { ChatActionEvent } from './chat-action-event.ts';
import { ChatEditController } from './chat-edit-controller.ts';
import { chatListStyles } from './chat-list.styles.ts';
import { chatRow } from './chat-row.ts';
import { ChatSearchController } from './chat-search-controller.ts';
import { ProjectFoldersController, projectFolders } from './project-folders.ts';

/** Chats rendered at first, and added each time the user scrolls near the end. */
const CHATS_PER_STEP = 80;

/**
 * @summary The chat list: projects with their chats, pinned chats, then the others by day, newest first, and the folded archive. The user can open,
 *   rename, pin, tag, archive, delete and search chats.
 * @event alcove-chat-action
 * @event alcove-project-action
 */
@customElement('alcove-chat-list')
export class ChatList extends LitElement {
  static override readonly styles = [baseStyles, chatListStyles];

  @property({ attribute: false }) chats: readonly ConversationSummary[] = [];
  /** Undefined: chats have no projects here. */
  @property({ attribute: false }) projects: readonly Project[] | undefined;
  @property({ attribute: false }) openChatId: string | undefined;
  /** The project whose page is open. */
  @property({ attribute: false }) openProjectId: string | undefined;
  /** Chats in which an answer is being generated or is queued. */
  @property({ attribute: false }) writingIds: readonly string[] = [];
  @property({ attribute: false }) unreadIds: readonly string[] = [];
  @property({ attribute: false }) brokenIds: readonly string[] = [];
  /** Undefined: the chats cannot be searched. */
  @property({ attribute: false }) search: SessionLike['chats']['search'] | undefined;

  /** The chats end with the page. */
  @property({ type: Boolean }) temporary = false;

  @state() private tag: string | undefined;
  @state() private limit = CHATS_PER_STEP;
  @state() private isArchiveOpen = false;

  /** The chat whose row had the focus last. */
  #reachedId: string | undefined;

  /** The chat whose row had the focus before an update. */
  #focused: string | undefined;

  readonly #edit = new ChatEditController(this);
  readonly #folders = new ProjectFoldersController(this);
  readonly #search = new ChatSearchController(this, () => this.search);
  readonly #ends = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) this.limit += CHATS_PER_STEP;
    },
    { rootMargin: '400px' },
  );

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#ends.disconnect();
  }

  protected override willUpdate(): void {
    this.#focused = this.#rows.find((row) => row.contains(this.shadowRoot?.activeElement ?? null))?.dataset['id'];
  }

  protected override updated(): void {
    this.#setTabStop();
    // The row of a chat that moves to another group, when it is pinned, is rendered there as another element, without the focus.
    if (this.#focused !== undefined && this.shadowRoot?.activeElement === null) {
      this.#rows
        .find(({ dataset }) => dataset['id'] === this.#focused)
        ?.querySelector<HTMLElement>('.chat')
        ?.focus();
    }
    this.#ends.disconnect();
    for (const end of this.renderRoot.querySelectorAll('.end')) this.#ends.observe(end);
  }

  get #rows(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('li:not(.none)')];
  }

  /** All rows are one stop of the Tab key: the one that was reached last, else the open chat, else the first chat. */
  #setTabStop(): void {
    const rows = this.#rows;
    const stop =
      rows.find(({ dataset }) => dataset['id'] !== undefined && dataset['id'] === this.#reachedId) ??
      rows.find(({ classList }) => classList.contains('open')) ??
      rows.find(({ classList }) => !classList.contains('project')) ??
      rows[0];
    for (const row of rows) {
      for (const control of row.querySelectorAll('.chat, .fold, alcove-menu')) {
        if (row === stop) control.removeAttribute('tabindex');
        else control.setAttribute('tabindex', '-1');
      }
    }
  }

  #onFocusIn({ target }: FocusEvent): void {
    const row = target instanceof Element ? target.closest('li') : null;
    if (row === null) return;
    this.#reachedId = row.dataset['id'];
    this.#setTabStop();
  }

  /** Arrow keys move from row to row, and open and close projects. */
  #onKeyDown(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLElement) || !event.target.matches('.chat')) return;
    const { project } = event.target.closest('li')?.dataset ?? {};
    const side = { ArrowRight: 1, ArrowLeft: -1 }[pressedKey(event) ?? ''];
    if (project !== undefined && side !== undefined) {
      event.preventDefault();
      this.#folders.toggle(project, side === (this.matches(':dir(rtl)') ? -1 : 1));
      return;
    }
    const rows = this.#rows.filter((row) => row.checkVisibility());
    const at = rows.findIndex((row) => row.contains(event.target as Node));
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[pressedKey(event) ?? ''];
    if (next === undefined) return;
    event.preventDefault();
    rows[next]?.querySelector<HTMLElement>('.chat')?.focus();
  }

  #onSearch(event: Event): void {
    this.limit = CHATS_PER_STEP;
    void this.#search.search(event.target instanceof HTMLInputElement ? event.target.value : '');
  }

  readonly #ask = (event: ChatActionEvent | ProjectActionEvent): void => {
    this.dispatchEvent(event);
  };

  override render(): TemplateResult {
    if (this.chats.length === 0 && this.brokenIds.length === 0 && !this.projects?.length) {
      return html`${this.#renderTemporary()}${
        this.temporary
          ? nothing
          : html`<p class="none">${msg('Your chats will be listed here. They are kept on this device only.')}</p>`
      }`;
    }
    const { tag } = this;
    const tagged = tag === undefined ? this.chats : this.chats.filter(({ tags }) => tags.includes(tag));
    return html`${this.#renderTemporary()}${this.#renderSearch()}
      <div @focusin=${this.#onFocusIn} @keydown=${this.#onKeyDown}>
        ${this.#search.isSearching ? this.#renderMatches(this.#search.matches(tagged)) : this.#renderAll(tagged)}
        ${this.brokenIds.length === 0 ? nothing : this.#renderBroken()}
      </div>`;
  }

  #renderTemporary(): TemplateResult | typeof nothing {
    if (!this.temporary) return nothing;
    return html`<p class="none">
      ${msg('Temporary chats: they are kept nowhere, and end when you leave this page.')}
      <a href=${location.pathname}>${msg('Back to your chats')}</a>
    </p>`;
  }

  #renderSearch(): TemplateResult {
    const tags = [...new Set(this.chats.flatMap((chat) => chat.tags))].sort((a, b) => a.localeCompare(b));
    return html`<div class="search" role="search" aria-label=${msg('Search all chats')} ?hidden=${this.search === undefined}>
        <input
          type="search"
          aria-label=${msg('Search all chats')}
          placeholder=${msg('Search')}
          dir="auto"
          .value=${this.#search.query}
          @focus=${() => this.#search.prepare()}
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

  #renderMatches(chats: readonly ConversationSummary[]): TemplateResult {
    const isShown = chats.length === 0 || this.#search.isPartial;
    return html`<div class="matches" aria-busy=${!this.#search.isDone}>${this.#renderRows(chats)}</div>
      <p class=${isShown ? 'none' : 'visually-hidden'} role="status">${this.#searchStatus(chats.length)}</p>`;
  }

  /** Announces the number of matches once, when the search is complete. */
  #searchStatus(count: number): string {
    if (this.#search.isPartial) return msg('Searching…');
    if (count > 0) return plural(count, msg('one: # chat found | other: # chats found'));
    return this.#search.isDone ? msg('No matching chats.') : msg('Searching…');
  }

  #renderAll(chats: readonly ConversationSummary[]): TemplateResult {
    const archived = chats.filter(({ archivedAt }) => archivedAt !== undefined);
    const kept = archived.length === 0 ? chats : chats.filter(({ archivedAt }) => archivedAt === undefined);
    return html`${this.projects === undefined ? nothing : this.#renderProjects(this.projects, kept)}
      ${this.#renderGroups(kept.filter(({ projectId }) => !this.projects?.some(({ id }) => id === projectId)))}
      ${
        archived.length === 0
          ? nothing
          : html`<details
            ?open=${this.isArchiveOpen}
            @toggle=${({ target }: Event) => {
              this.isArchiveOpen = target instanceof HTMLDetailsElement && target.open;
            }}
          >
            <summary>${plural(archived.length, msg('one: # archived chat | other: # archived chats'))}</summary>
            ${this.isArchiveOpen ? this.#renderRows(archived) : nothing}
          </details>`
      }`;
  }

  #renderProjects(projects: readonly Project[], chats: readonly ConversationSummary[]): TemplateResult {
    const openId = this.openProjectId ?? this.chats.find(({ id }) => id === this.openChatId)?.projectId;
    return projectFolders(projects, chats, {
      folders: this.#folders,
      openProjectId: openId,
      ask: this.#ask,
      rows: (within) => html`${this.#renderItems(within.slice(0, this.limit))}${this.#renderEnd(within)}`,
    });
  }

  #renderGroups(chats: readonly ConversationSummary[]): TemplateResult {
    const now = Date.now();
    const pinned = chats.filter(({ pinnedAt }) => pinnedAt !== undefined);
    const others = pinned.length === 0 ? chats : chats.filter(({ pinnedAt }) => pinnedAt === undefined);
    const days = [...Map.groupBy(others.slice(0, this.limit), ({ updatedAt }) => formatDayGroup(updatedAt, now))];
    const groups = pinned.length === 0 ? days : [[msg('Pinned'), pinned] as const, ...days];
    return html`${repeat(
      groups,
      ([name]) => name,
      ([name, members]) => html`<section aria-label=${name}>
        <h2>${name}</h2>
        ${this.#renderList(members)}
      </section>`,
    )}
    ${this.#renderEnd(others)}`;
  }

  #renderRows(chats: readonly ConversationSummary[]): TemplateResult {
    return html`${this.#renderList(chats.slice(0, this.limit))}${this.#renderEnd(chats)}`;
  }

  #renderEnd(chats: readonly ConversationSummary[]): TemplateResult | typeof nothing {
    return chats.length > this.limit ? html`<div class="end"></div>` : nothing;
  }

  #renderList(chats: readonly ConversationSummary[]): TemplateResult {
    return html`<ul>${this.#renderItems(chats)}</ul>`;
  }

  #renderItems(chats: readonly ConversationSummary[]): unknown {
    return repeat(
      chats,
      ({ id }) => id,
      (chat) =>
        chatRow(chat, {
          edit: this.#edit,
          search: this.#search,
          isOpen: chat.id === this.openChatId,
          badge: this.#badgeOf(chat.id),
          projects: this.projects ?? [],
          ask: this.#ask,
        }),
    );
  }

  #badgeOf(id: string): string {
    if (this.writingIds.includes(id)) return msg('writing');
    return this.unreadIds.includes(id) ? msg('new') : '';
  }

  #renderBroken(): TemplateResult {
    return html`<section aria-label=${msg('Cannot be read')}>
      <h2>${msg('Cannot be read')}</h2>
      <ul>
        ${this.brokenIds.map(
          (id) => html`<li>
            <button type="button" class="chat" @click=${() => this.#ask(new ChatActionEvent('open', id))}>${msg('A damaged chat')}</button>
          </li>`,
        )}
      </ul>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat-list': ChatList;
  }
}
