import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { fold } from '../../models/catalogue/browse.ts';
import { baseStyles } from '../base/base.styles.ts';
import { dialogStyles } from '../base/dialog.styles.ts';
import { customElement } from '../lib/custom-element.ts';
import { listStep } from '../lib/list-step.ts';
import { plural } from '../lib/plural.ts';
import { pressedKey } from '../lib/pressed-key.ts';
import { shortcutKeys, shortcutKeysStyles } from './shortcut-keys.ts';
import { type Command, SHORTCUTS } from './shortcuts.ts';
import '../base/icon.ts';

export interface PaletteItem {
  readonly kind: 'command' | 'chat' | 'model';
  readonly label: string;
  readonly icon: string;
  /** The command whose shortcut is shown beside the label. */
  readonly command?: Command;
  perform(): void;
}

/** Items of each kind while nothing is typed. */
const FIRST_PER_KIND = 6;
/** Most items of all kinds together. */
const MOST_ITEMS = 50;

/**
 * @summary A search field that finds commands, chats and models by name.
 * @event close The palette was closed.
 */
@customElement('alcove-command-palette')
export class CommandPalette extends LitElement {
  static override readonly styles = [
    baseStyles,
    dialogStyles,
    shortcutKeysStyles,
    css`
      .field {
        display: flex;
        align-items: center;
        gap: 10px;
        padding-inline: 16px;
        border-block-end: 1px solid var(--_border);
      }

      .field alcove-icon {
        color: var(--_text-muted);
      }

      input {
        flex: 1;
        min-inline-size: 0;
        min-block-size: 52px;
        padding: 0;
        border: 0;
        outline: 0;
        background: none;
      }

      /* The border of the list replaces the outline. */
      input:focus-visible {
        outline: 0;
      }

      .field:focus-within {
        border-color: var(--_accent);
        box-shadow: 0 1px 0 var(--_accent);
      }

      input::placeholder {
        color: var(--_text-muted);
        opacity: 1;
      }

      .list {
        padding: 8px;
        overflow-y: auto;
        overscroll-behavior: contain;
      }

      .group {
        padding: 8px 10px 4px;
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        font-weight: 600;
      }

      .item {
        display: flex;
        align-items: center;
        gap: 10px;
        min-block-size: 44px;
        padding-inline: 10px;
        border-radius: var(--_radius);
        font-size: var(--_text-s);
        cursor: pointer;
      }

      .item alcove-icon {
        color: var(--_text-muted);
        font-size: 0.875rem;
      }

      .item bdi {
        flex: 1;
        min-inline-size: 0;
        overflow: hidden;
        text-align: -webkit-match-parent;
        text-align: match-parent;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .item[aria-selected='true'] {
        background: var(--_accent-soft);
        box-shadow: inset 0 0 0 1px var(--_accent);
      }

      /* Labels take precedence over shortcuts where space is short. */
      @media (width < 30rem) {
        .item .keys {
          display: none;
        }
      }

      .none {
        padding: 12px 10px;
        color: var(--_text-muted);
        font-size: var(--_text-s);
      }

      @media (forced-colors: active) {
        .item[aria-selected='true'] {
          outline: 2px solid Highlight;
        }
      }
    `,
  ];

  @property({ attribute: false }) items: readonly PaletteItem[] = [];

  @state() private query = '';
  @state() private index = 0;

  @query('dialog') private readonly dialog?: HTMLDialogElement | null;

  show(): void {
    this.dialog?.showModal();
  }

  close(): void {
    this.dialog?.close();
  }

  get isOpen(): boolean {
    return this.dialog?.open === true;
  }

  /** Closes the palette first: the dialog returns the focus, and the command may move it. */
  #perform(item: PaletteItem | undefined): void {
    if (item === undefined) return;
    this.close();
    item.perform();
  }

  #onInput(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.query = event.target.value;
    this.index = 0;
  }

  #onKeyDown(event: KeyboardEvent): void {
    const key = pressedKey(event);
    if (key === undefined) return;
    const matches = this.#matches();
    const next = listStep(key, this.index, matches.length);
    if (next !== undefined) {
      event.preventDefault();
      this.index = next;
    } else if (key === 'Enter') {
      event.preventDefault();
      this.#perform(matches[this.index]);
    }
  }

  protected override updated(): void {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  #matches(): readonly PaletteItem[] {
    const words = fold(this.query).split(' ').filter(Boolean);
    if (words.length === 0) {
      const kinds = Map.groupBy(this.items, ({ kind }) => kind);
      return [...kinds].flatMap(([kind, items]) => (kind === 'command' ? items : items.slice(0, FIRST_PER_KIND)));
    }
    const scored = this.items.flatMap((item) => {
      const label = fold(item.label);
      if (!words.every((word) => label.includes(word))) return [];
      const begins = words.some((word) => label.startsWith(word)) ? 0 : 1;
      return [{ item, begins }];
    });
    const sorted = scored.sort((a, b) => a.begins - b.begins).slice(0, MOST_ITEMS);
    // Items of a kind stay together; kinds are ordered by their best item.
    return [...Map.groupBy(sorted, ({ item }) => item.kind).values()].flatMap((group) => group.map(({ item }) => item));
  }

  override render(): TemplateResult {
    const matches = this.#matches();
    return html`<dialog
      aria-label=${msg('Find a command, a chat or a model')}
      @close=${() => this.dispatchEvent(new Event('close'))}
      @click=${(event: Event) => event.target instanceof HTMLDialogElement && this.close()}
    >
      <div class="field">
        <alcove-icon name="search"></alcove-icon>
        <input
          type="text"
          role="combobox"
          aria-label=${msg('Find a command, a chat or a model')}
          placeholder=${msg('Find a command, a chat or a model')}
          aria-expanded="true"
          aria-controls="list"
          aria-autocomplete="list"
          aria-activedescendant=${matches.length === 0 ? nothing : `item-${this.index}`}
          autocomplete="off"
          spellcheck="false"
          dir="auto"
          .value=${this.query}
          @input=${this.#onInput}
          @keydown=${this.#onKeyDown}
        />
      </div>
      <div class="list" id="list" role="listbox" tabindex="-1" aria-label=${msg('Results')}>
        ${matches.length === 0 ? nothing : this.#renderGroups(matches)}
      </div>
      ${matches.length === 0 ? html`<p class="none">${msg('No results.')}</p>` : nothing}
      <p class="visually-hidden" role="status">
        ${this.query === '' ? nothing : plural(matches.length, msg('one: # result | other: # results'))}
      </p>
    </dialog>`;
  }

  #renderGroups(found: readonly PaletteItem[]): readonly TemplateResult[] {
    const titles = { command: msg('Commands'), chat: msg('Chats'), model: msg('Models on this device') };
    let at = -1;
    return [...Map.groupBy(found, ({ kind }) => kind)].map(
      ([kind, items]) => html`<div role="group" aria-label=${titles[kind]}>
        <div class="group" aria-hidden="true">${titles[kind]}</div>
        ${items.map((item) => {
          at += 1;
          return this.#renderItem(item, at);
        })}
      </div>`,
    );
  }

  #renderItem(item: PaletteItem, at: number): TemplateResult {
    const shortcut = item.command === undefined ? undefined : SHORTCUTS[item.command][0];
    return html`<div
      class="item"
      id="item-${at}"
      role="option"
      aria-selected=${at === this.index}
      @pointermove=${() => {
        this.index = at;
      }}
      @click=${() => this.#perform(item)}
    >
      <alcove-icon name=${item.icon}></alcove-icon>
      <bdi>${item.label}</bdi>
      ${shortcut === undefined ? nothing : html`<span aria-hidden="true">${shortcutKeys(shortcut)}</span>`}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-command-palette': CommandPalette;
  }
}
