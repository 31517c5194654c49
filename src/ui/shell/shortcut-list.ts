import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { baseStyles } from '../base/base.styles.ts';
import { dialogStyles } from '../base/dialog.styles.ts';
import { iconButton } from '../base/icon-button.ts';
import { customElement } from '../lib/custom-element.ts';
import { sendsWithEnter } from '../lib/enter-key.ts';
import { applyAppearance, readAppearance } from '../settings/appearance-settings.ts';
import { shortcutKeys, shortcutKeysStyles } from './shortcut-keys.ts';
import { COMMANDS, type Command, SHORTCUTS } from './shortcuts.ts';

/**
 * @summary Lists every keyboard shortcut. The user can turn off those of a single key.
 * @event close The list was closed.
 */
@customElement('alcove-shortcut-list')
export class ShortcutList extends LitElement {
  static override readonly styles = [
    baseStyles,
    dialogStyles,
    shortcutKeysStyles,
    css`
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding-block: 8px;
        padding-inline: 20px 8px;
        border-block-end: 1px solid var(--_border);
      }

      h2 {
        font-size: var(--_text-m);
        font-weight: 650;
      }

      .body {
        padding: 8px 20px 20px;
        overflow-y: auto;
      }

      dl div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 16px;
        min-block-size: 40px;
        font-size: var(--_text-s);
      }

      dd {
        display: flex;
        align-items: center;
        gap: 10px;
      }

      label {
        display: flex;
        align-items: center;
        gap: 10px;
        min-block-size: 44px;
        margin-block-start: 8px;
        padding-block-start: 8px;
        border-block-start: 1px solid var(--_border);
        font-size: var(--_text-s);
        cursor: pointer;
      }
    `,
  ];

  @state() private settings = readAppearance();

  @query('dialog') private readonly dialog?: HTMLDialogElement | null;

  show(): void {
    this.settings = readAppearance();
    this.dialog?.showModal();
  }

  close(): void {
    this.dialog?.close();
  }

  get isOpen(): boolean {
    return this.dialog?.open === true;
  }

  #onSwitch(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.settings = { ...readAppearance(), singleKeys: event.target.checked ? 'on' : 'off' };
    applyAppearance(this.settings);
  }

  override render(): TemplateResult {
    const sends = sendsWithEnter(this.settings.enterKey);
    return html`<dialog
      aria-label=${msg('Keyboard shortcuts')}
      @close=${() => this.dispatchEvent(new Event('close'))}
      @click=${(event: Event) => event.target instanceof HTMLDialogElement && this.close()}
    >
      <div class="head">
        <h2>${msg('Keyboard shortcuts')}</h2>
        ${iconButton('close', msg('Close'), this.close)}
      </div>
      <div class="body">
        <dl>
          ${(Object.keys(COMMANDS) as Command[]).map(
            (command) => html`<div>
              <dt>${COMMANDS[command]()}</dt>
              <dd>${SHORTCUTS[command].map(shortcutKeys)}</dd>
            </div>`,
          )}
          <div>
            <dt>${msg('Send the message')}</dt>
            <dd>${sends ? shortcutKeys({ key: 'enter' }) : nothing} ${shortcutKeys({ key: 'enter', mod: true })}</dd>
          </div>
          <div>
            <dt>${msg('A new line in the message')}</dt>
            <dd>${sends ? nothing : shortcutKeys({ key: 'enter' })} ${shortcutKeys({ key: 'enter', shift: true })}</dd>
          </div>
          <div>
            <dt>${msg('Close the top panel or page')}</dt>
            <dd>${shortcutKeys({ key: 'escape' })}</dd>
          </div>
        </dl>
        <label>
          <input type="checkbox" .checked=${this.settings.singleKeys === 'on'} @change=${this.#onSwitch} />
          ${msg('Single-key shortcuts, ? and /, while you are not typing')}
        </label>
      </div>
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-shortcut-list': ShortcutList;
  }
}
