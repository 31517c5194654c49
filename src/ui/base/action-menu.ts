import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, query, queryAll, state } from 'lit/decorators.js';
import { customElement } from '../lib/custom-element.ts';
import { pressedKey } from '../lib/pressed-key.ts';
import { baseStyles, dangerStyles } from './base.styles.ts';
import './icon.ts';
import './more-icons.ts';

export interface MenuAction {
  readonly label: string;
  readonly icon: string;
  /** It deletes something. */
  readonly isDangerous?: true;
  readonly act?: () => void;
  /** Shown in the place of the menu, in place of an action. */
  readonly more?: readonly MenuAction[];
}

/** Pixels between the button and its menu, and between the menu and the edge of the window. */
const GAP = 4;

/**
 * @summary A button with three dots that opens a menu. Arrow keys move through it; Escape closes it and returns the
 *   focus to the button.
 */
@customElement('alcove-menu')
export class ActionMenu extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: inline-block;
      }

      button.opener {
        inline-size: 100%;
        block-size: 100%;
        font-size: inherit;
      }

      [role='menu'] {
        position: fixed;
        inset: auto;
        /* Else inherited: message actions take no pointer events while they are hidden. */
        pointer-events: auto;
        min-inline-size: calc(12 * var(--_rem));
        max-inline-size: min(20 * var(--_rem), calc(100vw - 16px));
        max-block-size: calc(100dvh - 16px);
        overflow-y: auto;
        margin: 0;
        padding: 4px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface-raised);
        color: var(--_text);
        box-shadow: var(--_shadow);
      }

      [role='menuitem'] {
        display: flex;
        align-items: center;
        gap: 10px;
        inline-size: 100%;
        min-block-size: 38px;
        padding: 6px 10px;
        border: 0;
        border-radius: 6px;
        background: none;
        font-size: var(--_text-s);
        font-weight: 400;
        line-height: 1.35;
        text-align: start;
        cursor: pointer;
      }

      [role='menuitem']:is(:hover, :focus-visible) {
        background: var(--_hover);
      }

      [role='menuitem']:focus-visible {
        outline-offset: -2px;
      }

      [role='menuitem'] alcove-icon {
        color: var(--_text-muted);
        font-size: calc(0.875 * var(--_rem));
      }

      @media (pointer: coarse) {
        [role='menuitem'] {
          min-block-size: 44px;
        }
      }
    `,
    dangerStyles,
  ];

  /** The button's accessible name: "More for Boat story". */
  @property() label = '';

  @property({ attribute: false }) actions: readonly MenuAction[] = [];

  @state() private isOpen = false;
  /** What the user has opened in the menu. */
  @state() private more: readonly MenuAction[] | undefined;

  @query('[role="menu"]') private readonly list?: HTMLElement | null;

  @queryAll('[role="menuitem"]') private readonly items?: NodeListOf<HTMLElement>;

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.opener')?.focus();
  }

  async #open(at: 0 | -1 = 0): Promise<void> {
    this.isOpen = true;
    this.more = undefined;
    await this.updateComplete;
    const { list } = this;
    if (!list) return;
    list.showPopover();
    this.#position(list);
    [...(this.items ?? [])].at(at)?.focus();
  }

  /** Puts the menu below the button, or above it where there is no room, aligned with the button's end. */
  #position(list: HTMLElement): void {
    const button = this.getBoundingClientRect();
    const { width, height } = list.getBoundingClientRect();
    const isRtl = getComputedStyle(this).direction === 'rtl';
    const start = isRtl ? button.left : button.right - width;
    const left = Math.max(GAP, Math.min(start, innerWidth - width - GAP));
    const below = button.bottom + GAP;
    const top = below + height > innerHeight - GAP ? Math.max(GAP, button.top - height - GAP) : below;
    list.style.left = `${left}px`;
    list.style.top = `${top}px`;
  }

  #close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.focus();
  }

  #onToggle(event: ToggleEvent): void {
    if (event.newState === 'closed') this.isOpen = false;
  }

  #onOpenerKey(event: KeyboardEvent): void {
    const key = pressedKey(event);
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return;
    event.preventDefault();
    void this.#open(key === 'ArrowDown' ? 0 : -1);
  }

  #onKeyDown(event: KeyboardEvent): void {
    const items = [...(this.items ?? [])];
    const at = items.indexOf(this.shadowRoot?.activeElement as HTMLElement);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: items.length - 1,
    };
    const key = pressedKey(event) ?? '';
    const target = steps[key];
    if (target !== undefined) {
      items[(target + items.length) % items.length]?.focus();
    } else if (key === 'Escape') {
      this.#close();
    } else if (key === 'Tab') {
      this.#close();
      return;
    } else {
      return;
    }
    event.preventDefault();
    // Escape closes only the menu, not the dialog or page around it.
    event.stopPropagation();
  }

  async #act({ act, more }: MenuAction): Promise<void> {
    if (more === undefined) {
      this.#close();
      act?.();
      return;
    }
    this.more = more;
    await this.updateComplete;
    if (this.list) this.#position(this.list);
    this.items?.[0]?.focus();
  }

  override render(): TemplateResult {
    return html`<button
        type="button"
        class="icon-button opener"
        aria-label=${this.label}
        title=${this.label}
        aria-haspopup="menu"
        aria-expanded=${this.isOpen}
        @click=${() => this.#open()}
        @keydown=${this.#onOpenerKey}
      >
        <alcove-icon name="more"></alcove-icon>
      </button>
      ${
        this.isOpen
          ? html`<div
            role="menu"
            popover="auto"
            aria-label=${this.label}
            @toggle=${this.#onToggle}
            @keydown=${this.#onKeyDown}
          >
            ${(this.more ?? this.actions).map(
              (
                action,
              ) => html`<button type="button" role="menuitem" class=${action.isDangerous === true ? 'danger' : ''} tabindex="-1" @click=${() => this.#act(action)}>
                <alcove-icon name=${action.icon}></alcove-icon><bdi>${action.label}</bdi>
              </button>`,
            )}
          </div>`
          : nothing
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-menu': ActionMenu;
  }
}
