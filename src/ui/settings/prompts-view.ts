import { msg, str } from '@lit/localize';
import { css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { PROMPT_LENGTH, PROMPT_NAME_LENGTH, promptName, type SavedPrompt } from '../../chat/settings/saved-prompt.ts';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import { quietButton, textButton } from '../base/text-button.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { SubscriptionController } from '../lib/subscription-controller.ts';
import { SavedRecordsView, savedRecordsStyles } from './saved-records-view.ts';
import '../base/confirm-button.ts';

/** @summary The user's prompts, which slash commands put into the message field: add, edit, delete, import and export. */
@customElement('alcove-prompts')
export class PromptsView extends SavedRecordsView {
  static override readonly styles = [
    baseStyles,
    formStyles,
    panelStyles,
    savedRecordsStyles,
    css`
      ul {
        display: grid;
        gap: 8px;
      }

      .prompt {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        padding: 6px 6px 6px 14px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface-raised);
        font-size: var(--_text-s);
      }

      .prompt span {
        flex: 1 1 calc(12 * var(--_rem));
        min-inline-size: 0;
        overflow: hidden;
        color: var(--_text-muted);
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  /** The prompt whose form is open. */
  @state() private edited: SavedPrompt | undefined;

  constructor() {
    super();
    new SubscriptionController(this, () => this.session);
  }

  #edit(prompt: SavedPrompt): Promise<void> {
    this.edited = prompt;
    return this.focusForm();
  }

  async #onSave(fields: FormData, { id }: SavedPrompt): Promise<void> {
    const name = promptName(String(fields.get('name') ?? ''));
    const text = String(fields.get('text') ?? '');
    if (name === '' || text.trim() === '') return;
    this.edited = undefined;
    await this.store(() => this.session?.settings.savePrompt({ id, name, text }), msg(str`“/${name}” was saved.`));
  }

  override render(): TemplateResult | typeof nothing {
    const { prompts } = this.session?.state.preferences ?? {};
    if (prompts === undefined) return nothing;
    const { edited } = this;
    const isNew = edited !== undefined && prompts.every(({ id }) => id !== edited.id);
    return html`<h2>${msg('Prompts')}</h2>
      <p class="muted small">${msg('Texts that you use often. Type / in the message field to insert one. You are asked for words in double braces, such as {{topic}}; {{date}} becomes today’s date, and {{clipboard}} what you have copied.')}</p>
      ${
        prompts.length === 0
          ? nothing
          : html`<ul>
            ${repeat(
              prompts,
              ({ id }) => id,
              (prompt) =>
                html`<li>${edited?.id === prompt.id ? this.#renderPromptForm(edited) : this.#renderPrompt(prompt)}</li>`,
            )}
          </ul>`
      }
      ${isNew ? this.#renderPromptForm(edited) : this.#renderTools(prompts)}
      ${this.renderStatus()}`;
  }

  #renderPrompt(prompt: SavedPrompt): TemplateResult {
    return html`<div class="prompt">
      <strong dir="auto">/${prompt.name}</strong><span dir="auto">${prompt.text}</span>
      ${quietButton(msg('Edit'), () => this.#edit(prompt))}
      <alcove-confirm-button
        label=${msg('Delete')}
        question=${msg(str`Delete “/${prompt.name}”?`)}
        @alcove-confirm=${() => this.store(() => this.session?.settings.deletePrompt(prompt.id))}
      ></alcove-confirm-button>
    </div>`;
  }

  #renderTools(prompts: readonly SavedPrompt[]): TemplateResult {
    return html`<div class="controls">
      ${textButton(msg('Add a prompt'), () => this.#edit({ id: crypto.randomUUID(), name: '', text: '' }))}
      ${this.renderImport(msg('Import prompts'), (file) => this.session?.settings.importPrompts(file), {
        added: msg('one: # prompt was added. | other: # prompts were added.'),
        unread: msg('one: # entry of the file is not a prompt. | other: # entries of the file are not prompts.'),
      })}
      ${
        prompts.length === 0
          ? nothing
          : this.renderExport(msg('Export prompts'), 'alcove-prompts.json', () =>
              this.session?.settings.exportPrompts(),
            )
      }
    </div>`;
  }

  #renderPromptForm(prompt: SavedPrompt): TemplateResult {
    return this.renderForm(
      html`<label class="field">
          <span>${msg('Name, typed after the slash')}</span>
          <input name="name" type="text" required maxlength=${PROMPT_NAME_LENGTH} .value=${prompt.name} autocomplete="off" dir="auto" />
        </label>
        <label class="field">
          <span>${msg('Text')}</span>
          <textarea name="text" rows="5" required maxlength=${PROMPT_LENGTH} .value=${prompt.text} dir="auto"></textarea>
        </label>`,
      (fields) => this.#onSave(fields, prompt),
      () => {
        this.edited = undefined;
      },
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-prompts': PromptsView;
  }
}
