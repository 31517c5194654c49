import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { PERSONA_NAME_LENGTH, type Persona } from '../../chat/settings/persona.ts';
import { SYSTEM_PROMPT_LENGTH } from '../../chat/settings/setting-limits.ts';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { iconButton } from '../base/icon-button.ts';
import { quietButton, textButton } from '../base/text-button.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { plural, sentences } from '../lib/plural.ts';
import { saveFile } from '../lib/save-file.ts';
import { builtInPersonas } from './built-in-personas.ts';
import '../base/confirm-button.ts';
import '../base/icon.ts';

/** The user chose a persona: its system prompt and sampling become the settings. */
export class PersonaSelectEvent extends Event {
  static readonly eventName = 'alcove-persona-select';
  readonly persona: Persona | undefined;

  constructor(persona: Persona | undefined) {
    super(PersonaSelectEvent.eventName);
    this.persona = persona;
  }
}

/**
 * @summary The app's personas and the user's own: choose, create, import and export them.
 * @event alcove-persona-select
 */
@customElement('alcove-personas')
export class PersonasView extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    css`
      :host {
        display: grid;
        gap: 12px;
        container-type: inline-size;
      }

      .all {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 13 * var(--_rem)), 1fr));
        gap: 8px;
      }

      .persona {
        display: grid;
        gap: 2px;
        align-content: start;
        inline-size: 100%;
        block-size: 100%;
        padding-block: 10px;
        padding-inline: 10px 34px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface-raised);
        text-align: start;
        cursor: pointer;
      }

      li {
        position: relative;
      }

      .edit {
        position: absolute;
        inset-block-start: 0;
        inset-inline-end: 0;
        inline-size: 34px;
        block-size: 38px;
        font-size: var(--_text-xs);
        color: var(--_text-muted);
      }

      .persona:hover {
        background: var(--_hover);
      }

      .persona[aria-pressed='true'] {
        border-color: var(--_accent);
        background: var(--_accent-soft);
        box-shadow: inset 0 0 0 1px var(--_accent);
      }

      .persona strong {
        font-size: var(--_text-s);
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .persona span {
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        line-height: 1.4;
      }

      /* On a phone and beside the chat the names are enough; screen readers say the rest. */
      @container (max-width: 24em) {
        .all {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }

        .persona span {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }

      form {
        display: grid;
        gap: 10px;
        padding: 16px;
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
      }

      li {
        display: grid;
        gap: 4px;
        justify-items: start;
      }

      .edited {
        grid-column: 1 / -1;
        justify-items: stretch;
      }

      @media (forced-colors: active) {
        .persona[aria-pressed='true'] {
          outline: 3px solid Highlight;
        }
      }
    `,
  ];

  @property({ attribute: false }) keeper: SessionLike['settings'] | undefined;

  @property({ attribute: false }) personas: readonly Persona[] = [];

  /** The current settings: they tell which persona is chosen, and a new persona is made from them. */
  @property({ attribute: false }) settings: ChatSettings = {};

  /** The persona whose form is open; its id is new for one made from the settings, or from one of the app. */
  @state() private edited: { readonly persona: Persona; readonly of: string | undefined } | undefined;
  @state() private status = '';

  #choose(persona: Persona): void {
    const isChosen = this.settings.personaId === persona.id;
    this.dispatchEvent(new PersonaSelectEvent(isChosen ? undefined : persona));
  }

  /** Saves the settings under a name. */
  #startNaming(): Promise<void> {
    const { systemPrompt = '', sampling } = this.settings;
    const settings = { systemPrompt, ...(sampling !== undefined && { sampling }) };
    return this.#edit({ id: crypto.randomUUID(), name: '', description: '', ...settings });
  }

  /** @param of the persona in whose place the form is shown */
  async #edit(persona: Persona, of?: string): Promise<void> {
    this.edited = { persona, of };
    this.status = '';
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('form input')?.focus();
  }

  async #onSave(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { edited } = this;
    if (!(event.target instanceof HTMLFormElement) || edited === undefined) return;
    const fields = new FormData(event.target);
    const name = String(fields.get('name') ?? '').trim();
    if (name === '') return;
    const persona: Persona = {
      ...edited.persona,
      name,
      description: String(fields.get('description') ?? '').trim(),
      systemPrompt: String(fields.get('systemPrompt') ?? ''),
    };
    this.edited = undefined;
    await this.#try(() => this.keeper?.savePersona(persona), msg(str`“${name}” was saved.`));
    // The chat that uses it follows the change; one that is only edited is not chosen by that.
    if (edited.of === undefined || edited.of === this.settings.personaId)
      this.dispatchEvent(new PersonaSelectEvent(persona));
  }

  async #onImport(event: Event): Promise<void> {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    const file = input.files?.[0];
    input.value = '';
    if (file === undefined || this.keeper === undefined) return;
    const { keeper } = this;
    await this.#try(async () => {
      const { added, unread } = await keeper.importPersonas(file);
      this.status = sentences(
        plural(added, msg('one: # persona was added. | other: # personas were added.')),
        unread === 0
          ? ''
          : plural(
              unread,
              msg('one: # entry of the file is not a persona. | other: # entries of the file are not personas.'),
            ),
      );
    });
  }

  async #onExport(): Promise<void> {
    const file = await this.keeper?.exportPersonas();
    if (file !== undefined) saveFile('alcove-personas.json', file);
  }

  async #try(work: () => Promise<void> | undefined, status?: string): Promise<void> {
    try {
      await work();
      if (status !== undefined) this.status = status;
    } catch {
      this.status = msg('This browser window does not store settings: it applies until the tab is closed.');
    }
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const own = this.personas;
    return html`<ul class="all">
        ${repeat(
          [...own, ...builtInPersonas()],
          ({ id }) => id,
          (persona) => this.#renderPersona(persona, own.includes(persona)),
        )}
      </ul>
      ${this.edited !== undefined && this.edited.of === undefined ? this.#renderForm(this.edited.persona) : this.#renderTools(own)}
      <p class="small" role="status">${this.status}</p>`;
  }

  #renderPersona(persona: Persona, isOwn: boolean): TemplateResult {
    if (this.edited?.of === persona.id) return html`<li class="edited">${this.#renderForm(this.edited.persona)}</li>`;
    return html`<li>
      <button
        type="button"
        class="persona"
        title=${persona.systemPrompt}
        aria-pressed=${this.settings.personaId === persona.id}
        @click=${() => this.#choose(persona)}
      >
        <strong dir="auto">${persona.name}</strong>
        ${persona.description === '' ? nothing : html`<span dir="auto">${persona.description}</span>`}
      </button>
      ${iconButton(
        'pencil',
        isOwn ? msg('Edit') : msg('Edit a copy'),
        () => this.#edit(isOwn ? persona : { ...persona, id: crypto.randomUUID() }, persona.id),
        { classes: 'edit' },
      )}
      ${
        isOwn
          ? html`<alcove-confirm-button
            label=${msg('Delete')}
            question=${msg(str`Delete “${persona.name}”? Chats that use it stay unchanged.`)}
            @alcove-confirm=${() => this.#try(() => this.keeper?.deletePersona(persona.id))}
          ></alcove-confirm-button>`
          : nothing
      }
    </li>`;
  }

  #renderTools(own: readonly Persona[]): TemplateResult {
    return html`<div class="tools controls">
      ${
        this.settings.systemPrompt === undefined
          ? nothing
          : textButton(msg('Save these settings as a persona'), this.#startNaming)
      }
      <label class="button quiet file">
        ${msg('Import personas')}
        <input type="file" accept=".json,application/json" @change=${this.#onImport} />
      </label>
      ${own.length === 0 ? nothing : quietButton(msg('Export my personas'), this.#onExport)}
    </div>`;
  }

  #renderForm(persona: Persona): TemplateResult {
    return html`<form @submit=${this.#onSave}>
      <label class="field">
        <span>${msg('Name')}</span>
        <input name="name" type="text" required maxlength=${PERSONA_NAME_LENGTH} .value=${persona.name} autocomplete="off" dir="auto" />
      </label>
      <label class="field">
        <span>${msg('Description')}</span>
        <input name="description" type="text" maxlength="200" .value=${persona.description} autocomplete="off" dir="auto" />
      </label>
      <label class="field">
        <span>${msg('System prompt')}</span>
        <textarea name="systemPrompt" rows="5" maxlength=${SYSTEM_PROMPT_LENGTH} dir="auto" .value=${persona.systemPrompt}></textarea>
      </label>
      <div class="tools controls">
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
    'alcove-personas': PersonasView;
  }
  interface HTMLElementEventMap {
    'alcove-persona-select': PersonaSelectEvent;
  }
}
