import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import { baseStyles, dangerStyles } from '../base/base.styles.ts';
import { dialogStyles } from '../base/dialog.styles.ts';
import { quietButton } from '../base/text-button.ts';
import { customElement } from '../lib/custom-element.ts';
import { plural } from '../lib/plural.ts';
import { pressedKey } from '../lib/pressed-key.ts';

/** @summary Asks before a project is deleted, and whether its chats go with it. */
@customElement('alcove-delete-project')
export class DeleteProjectDialog extends LitElement {
  static override readonly styles = [
    baseStyles,
    dialogStyles,
    dangerStyles,
    css`
      dialog {
        gap: 12px;
        padding: 20px;
        font-size: var(--_text-s);
        line-height: 1.5;
      }

      h2 {
        font-size: calc(1.125 * var(--_rem));
        font-weight: 650;
        overflow-wrap: anywhere;
      }

      label {
        display: flex;
        align-items: center;
        gap: 10px;
        min-block-size: 32px;
        cursor: pointer;
      }

      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];

  @property() name = '';

  @property({ type: Number }) chatCount = 0;

  @query('dialog') private readonly dialog?: HTMLDialogElement | null;

  readonly #answer = Promise.withResolvers<{ readonly withChats: boolean } | undefined>();

  /** Opens the modal dialog. Resolves with the answer; undefined for none, as after Escape. */
  async ask(): Promise<{ readonly withChats: boolean } | undefined> {
    await this.updateComplete;
    this.dialog?.showModal();
    return this.#answer.promise;
  }

  #delete(): void {
    this.#answer.resolve({ withChats: this.renderRoot.querySelector('input')?.checked ?? false });
    this.dialog?.close();
  }

  /** Escape closes the dialog, and not the page below it. */
  #onKeyDown(event: KeyboardEvent): void {
    if (pressedKey(event) === 'Escape') event.stopPropagation();
  }

  #onClose(): void {
    this.#answer.resolve(undefined);
    this.remove();
  }

  override render(): TemplateResult {
    const title = msg(str`Delete the project “${this.name}”?`);
    const { chatCount } = this;
    return html`<dialog aria-label=${title} @close=${this.#onClose} @keydown=${this.#onKeyDown}>
      <h2>${title}</h2>
      <p>${msg('Its instructions and files are deleted permanently. Its chats stay in the list.')}</p>
      ${
        chatCount === 0
          ? nothing
          : html`<label><input type="checkbox" />${plural(chatCount, msg('one: Delete its chat too | other: Delete its # chats too'))}</label>`
      }
      <div class="buttons">
        <button type="button" class="button danger" @click=${this.#delete}>${msg('Delete project')}</button>
        ${quietButton(msg('Cancel'), () => this.dialog?.close())}
      </div>
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-delete-project': DeleteProjectDialog;
  }
}
