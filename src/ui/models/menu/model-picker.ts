import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { SessionState } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { ModelActionEvent, PanelEvent } from '../../contract/events.ts';
import { customElement } from '../../lib/custom-element.ts';
import { listStep } from '../../lib/list-step.ts';
import { pressedKey } from '../../lib/pressed-key.ts';
import { type PickerItem, type PickerSection, pickerSections } from './picker-items.ts';
import '../../base/icon.ts';
import '../../base/view-icons.ts';

/** Pixels between the header's button and the menu, and between the menu and the edge of the window. */
const GAP = 4;

/**
 * @summary The menu behind the header's model: a search field, and below it the models that can answer now and the ways to
 *   others. Arrow keys move through it, Enter chooses, Escape closes it.
 * @event alcove-model-action Cancelable: `select` or `reopen`.
 * @event alcove-panel Opens the list of all models, or the choice of those to compare.
 * @event close The menu was closed.
 */
@customElement('alcove-model-picker')
export class ModelPicker extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      .menu {
        position: fixed;
        inset: auto;
        display: flex;
        flex-direction: column;
        inline-size: min(24 * var(--_rem), calc(100vw - 16px));
        max-block-size: min(30 * var(--_rem), calc(100dvh - 72px));
        margin: 0;
        padding: 0;
        border: 1px solid var(--_border);
        border-radius: var(--_radius-large);
        background: var(--_surface-raised);
        color: var(--_text);
        box-shadow: var(--_shadow);
        overflow: hidden;
      }

      input {
        flex: none;
        min-block-size: 46px;
        padding-inline: 16px;
        border: 0;
        border-block-end: 1px solid var(--_border);
        outline: 0;
        background: none;
        font-size: var(--_text-s);
      }

      /* The line below the field replaces the outline. */
      input:focus-visible {
        outline: 0;
        border-color: var(--_accent);
        box-shadow: 0 1px 0 var(--_accent);
      }

      .options {
        padding: 6px;
        overflow-y: auto;
        overscroll-behavior: contain;
      }

      .options:focus-visible {
        outline: 0;
      }

      .title {
        padding: 8px 10px 4px;
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      [role='group'].ways:not(:first-child) {
        margin-block-start: 6px;
        padding-block-start: 6px;
        border-block-start: 1px solid var(--_border);
      }

      .item {
        display: grid;
        grid-template-columns: calc(1 * var(--_rem)) minmax(0, 1fr) auto;
        align-items: center;
        gap: 10px;
        min-block-size: 44px;
        padding-inline: 10px;
        border-radius: var(--_radius);
        font-size: var(--_text-s);
        line-height: 1.35;
        cursor: pointer;
      }

      .item bdi {
        overflow-wrap: anywhere;
        padding-block: 4px;
        text-align: start;
      }

      .item alcove-icon,
      .detail {
        color: var(--_text-muted);
      }

      .item alcove-icon {
        grid-column: 1;
        font-size: calc(0.875 * var(--_rem));
      }

      .item bdi {
        grid-column: 2;
      }

      .detail {
        font-size: var(--_text-xs);
      }

      .item[aria-current] {
        font-weight: 600;
      }

      .item[aria-selected='true'] {
        background: var(--_hover);
      }

      .none {
        padding: 10px;
        color: var(--_text-muted);
        font-size: var(--_text-s);
      }

      @media (forced-colors: active) {
        .item[aria-selected='true'] {
          outline: 2px solid Highlight;
          outline-offset: -2px;
        }
      }
    `,
  ];

  @property({ attribute: false }) state: SessionState | undefined;

  /** The button that the menu stands below; it gets the focus back. */
  @property({ attribute: false }) anchor: HTMLElement | undefined;

  /** Lets the user open a file as a model; undefined where the page decides which models there are. */
  @property({ attribute: false }) openFile: (() => void) | undefined;

  @state() private text = '';
  @state() private index = 0;

  @query('.menu') private readonly menu?: HTMLElement | null;

  protected override firstUpdated(): void {
    const { menu, anchor } = this;
    if (!menu) return;
    menu.showPopover();
    if (anchor !== undefined) position(menu, anchor);
    // A keyboard on the screen would cover the menu.
    const hasKeyboard = matchMedia('(hover: hover) and (pointer: fine)').matches;
    this.renderRoot.querySelector<HTMLElement>(hasKeyboard ? 'input' : '.options')?.focus();
  }

  protected override updated(): void {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  get #sections(): readonly PickerSection[] {
    if (this.state === undefined) return [];
    return pickerSections(this.state, this.text, {
      select: (modelId) => this.dispatchEvent(new ModelActionEvent('select', modelId)),
      reopen: (modelId) => this.dispatchEvent(new ModelActionEvent('reopen', modelId)),
      compare: () => this.dispatchEvent(new PanelEvent('compare')),
      showAll: () => this.dispatchEvent(new PanelEvent('models')),
      openFile: this.openFile,
    });
  }

  /** Gives the focus back before the act, which may move it. */
  #choose(item: PickerItem | undefined): void {
    if (item === undefined) return;
    this.#close();
    item.act();
  }

  #close(): void {
    this.menu?.hidePopover();
    this.anchor?.focus();
  }

  #onToggle({ newState }: ToggleEvent): void {
    if (newState === 'closed') this.dispatchEvent(new Event('close'));
  }

  #onInput({ target }: Event): void {
    if (!(target instanceof HTMLInputElement)) return;
    this.text = target.value;
    this.index = 0;
  }

  #onKeyDown(event: KeyboardEvent): void {
    const key = pressedKey(event) ?? '';
    const items = this.#sections.flatMap((section) => section.items);
    const next = listStep(key, this.index, items.length);
    if (next !== undefined) this.index = next;
    else if (key === 'Enter') this.#choose(items[this.index]);
    else if (key === 'Escape') this.#close();
    else {
      if (key === 'Tab') this.#close();
      return;
    }
    event.preventDefault();
    // Escape closes only the menu, not the dialog or the page around it.
    event.stopPropagation();
  }

  override render(): TemplateResult {
    const sections = this.#sections;
    let at = -1;
    const isNoModelFound = this.text !== '' && sections.every(({ title }) => title === '');
    return html`<div
      class="menu"
      popover="auto"
      role="dialog"
      aria-label=${msg('Choose a model')}
      @toggle=${this.#onToggle}
      @keydown=${this.#onKeyDown}
    >
      <input
        type="text"
        role="combobox"
        aria-label=${msg('Search models')}
        placeholder=${msg('Search models')}
        aria-expanded="true"
        aria-controls="options"
        aria-autocomplete="list"
        aria-activedescendant=${`item-${this.index}`}
        autocomplete="off"
        spellcheck="false"
        dir="auto"
        @input=${this.#onInput}
      />
      <div class="options" id="options" role="listbox" tabindex="-1" aria-label=${msg('Models')} aria-activedescendant=${`item-${this.index}`}>
        ${isNoModelFound ? html`<p class="none" role="presentation">${msg('No matching models.')}</p>` : nothing}
        ${sections.map(
          ({
            title,
            items,
          }) => html`<div role="group" class=${title === '' ? 'ways' : ''} aria-label=${title === '' ? msg('More') : title}>
            ${title === '' ? nothing : html`<div class="title" aria-hidden="true">${title}</div>`}
            ${items.map((item) => {
              at += 1;
              return this.#renderItem(item, at);
            })}
          </div>`,
        )}
      </div>
    </div>`;
  }

  #renderItem(item: PickerItem, at: number): TemplateResult {
    return html`<div
      class="item"
      id="item-${at}"
      role="option"
      aria-selected=${at === this.index}
      aria-current=${item.isSelected ? 'true' : nothing}
      @pointermove=${() => {
        this.index = at;
      }}
      @click=${() => this.#choose(item)}
    >
      ${item.icon === '' ? nothing : html`<alcove-icon name=${item.icon}></alcove-icon>`}
      <bdi>${item.label}</bdi>
      ${item.detail === '' ? nothing : html`<span class="detail numbers">${item.detail}</span>`}
    </div>`;
  }
}

/** Puts the menu below the button, at its start. */
function position(menu: HTMLElement, anchor: HTMLElement): void {
  const button = anchor.getBoundingClientRect();
  const { width } = menu.getBoundingClientRect();
  const isRtl = getComputedStyle(anchor).direction === 'rtl';
  const start = isRtl ? button.right - width : button.left;
  menu.style.left = `${Math.max(2 * GAP, Math.min(start, innerWidth - width - 2 * GAP))}px`;
  menu.style.top = `${button.bottom + GAP}px`;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-model-picker': ModelPicker;
  }
}
