import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { PROMPT_LENGTH, PROMPT_NAME_LENGTH, promptName, type SavedPrompt } from '../../chat/settings/saved-prompt.ts';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import { quietButton, textButton } from '../base/text-button.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { plural, sentences } from '../lib/plural.ts';
import { saveFile } from '../lib/save-file.ts';
import { SubscriptionController } from '../lib/subscription-controller.ts';
import '../base/confirm-button.ts';

/** @summary The user's prompts, which slash commands put into the message field: add, edit, delete, import and export. */
@customElement('alcove-prompts')
export class PromptsView extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    panelStyles,
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

      form {
        display: grid;
        gap: 10px;
        padding: 14px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  /** The prompt whose form is open. */
  @state() private edited: SavedPrompt | undefined;
  @state() private status = '';

  constructor() {
    super();
    new SubscriptionController(this, () => this.session);
  }

  async #edit(prompt: SavedPrompt): Promise<void> {
    this.edited = prompt;
    this.status = '';
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('form input')?.focus();
  }

  async #onSave(event: SubmitEvent, { id }: SavedPrompt): Promise<void> {
    event.preventDefault();
    if (!(event.target instanceof HTMLFormElement)) return;
    const fields = new FormData(event.target);
    const name = promptName(String(fields.get('name') ?? ''));
    const text = String(fields.get('text') ?? '');
    if (name === '' || text.trim() === '') return;
    this.edited = undefined;
    await this.#try(() => this.session?.settings.savePrompt({ id, name, text }), msg(str`“/${name}” was saved.`));
  }

  async #onImport(event: Event): Promise<void> {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    const file = input.files?.[0];
    input.value = '';
    const { session } = this;
    if (file === undefined || session === undefined) return;
    await this.#try(async () => {
      const { added, unread } = await session.settings.importPrompts(file);
      this.status = sentences(
        plural(added, msg('one: # prompt was added. | other: # prompts were added.')),
        unread === 0
          ? ''
          : plural(
              unread,
              msg('one: # entry of the file is not a prompt. | other: # entries of the file are not prompts.'),
            ),
      );
    });
  }

  async #onExport(): Promise<void> {
    const file = await this.session?.settings.exportPrompts();
    if (file !== undefined) saveFile('alcove-prompts.json', file);
  }

  async #try(work: () => Promise<void> | undefined, status?: string): Promise<void> {
    try {
      await work();
      if (status !== undefined) this.status = status;
    } catch {
      this.status = msg('This browser window does not store settings: it applies until the tab is closed.');
    }
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
                html`<li>${edited?.id === prompt.id ? this.#renderForm(edited) : this.#renderPrompt(prompt)}</li>`,
            )}
          </ul>`
      }
      ${isNew ? this.#renderForm(edited) : this.#renderTools(prompts)}
      <p class="small" role="status">${this.status}</p>`;
  }

  #renderPrompt(prompt: SavedPrompt): TemplateResult {
    return html`<div class="prompt">
      <strong dir="auto">/${prompt.name}</strong><span dir="auto">${prompt.text}</span>
      ${quietButton(msg('Edit'), () => this.#edit(prompt))}
      <alcove-confirm-button
        label=${msg('Delete')}
        question=${msg(str`Delete “/${prompt.name}”?`)}
        @alcove-confirm=${() => this.#try(() => this.session?.settings.deletePrompt(prompt.id))}
      ></alcove-confirm-button>
    </div>`;
  }

  #renderTools(prompts: readonly SavedPrompt[]): TemplateResult {
    return html`<div class="controls">
      ${textButton(msg('Add a prompt'), () => this.#edit({ id: crypto.randomUUID(), name: '', text: '' }))}
      <label class="button quiet file">
        ${msg('Import prompts')}
        <input type="file" accept=".json,application/json" @change=${this.#onImport} />
      </label>
      ${prompts.length === 0 ? nothing : quietButton(msg('Export prompts'), this.#onExport)}
    </div>`;
  }

  #renderForm(prompt: SavedPrompt): TemplateResult {
    return html`<form @submit=${(event: SubmitEvent) => this.#onSave(event, prompt)}>
      <label class="field">
        <span>${msg('Name, typed after the slash')}</span>
        <input name="name" type="text" required maxlength=${PROMPT_NAME_LENGTH} .value=${prompt.name} autocomplete="off" dir="auto" />
      </label>
      <label class="field">
        <span>${msg('Text')}</span>
        <textarea name="text" rows="5" required maxlength=${PROMPT_LENGTH} .value=${prompt.text} dir="auto"></textarea>
      </label>
      <div class="controls">
        <button type="submit" class="button primary">${msg('Save')}</button>
        ${quietButton(msg('Cancel'), () => {
          this.edited = undefined;
        })}
      </div>
    </form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-prompts': PromptsView;
  }
}
