import { msg, str } from '@lit/localize';
import { css, html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { PERSONA_NAME_LENGTH, type Persona } from '../../chat/settings/persona.ts';
import { SYSTEM_PROMPT_LENGTH } from '../../chat/settings/setting-limits.ts';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { iconButton } from '../base/icon-button.ts';
import { textButton } from '../base/text-button.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { builtInPersonas } from './built-in-personas.ts';
import { SavedRecordsView, savedRecordsStyles } from './saved-records-view.ts';
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
export class PersonasView extends SavedRecordsView {
  static override readonly styles = [
    baseStyles,
    formStyles,
    savedRecordsStyles,
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
  #edit(persona: Persona, of?: string): Promise<void> {
    this.edited = { persona, of };
    return this.focusForm();
  }

  async #onSave(fields: FormData): Promise<void> {
    const { edited } = this;
    const name = String(fields.get('name') ?? '').trim();
    if (edited === undefined || name === '') return;
    const persona: Persona = {
      ...edited.persona,
      name,
      description: String(fields.get('description') ?? '').trim(),
      systemPrompt: String(fields.get('systemPrompt') ?? ''),
    };
    this.edited = undefined;
    await this.store(() => this.keeper?.savePersona(persona), msg(str`“${name}” was saved.`));
    // The chat that uses it follows the change; one that is only edited is not chosen by that.
    if (edited.of === undefined || edited.of === this.settings.personaId)
      this.dispatchEvent(new PersonaSelectEvent(persona));
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
      ${this.edited !== undefined && this.edited.of === undefined ? this.#renderPersonaForm(this.edited.persona) : this.#renderTools(own)}
      ${this.renderStatus()}`;
  }

  #renderPersona(persona: Persona, isOwn: boolean): TemplateResult {
    if (this.edited?.of === persona.id)
      return html`<li class="edited">${this.#renderPersonaForm(this.edited.persona)}</li>`;
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
            @alcove-confirm=${() => this.store(() => this.keeper?.deletePersona(persona.id))}
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
      ${this.renderImport(msg('Import personas'), (file) => this.keeper?.importPersonas(file), {
        added: msg('one: # persona was added. | other: # personas were added.'),
        unread: msg('one: # entry of the file is not a persona. | other: # entries of the file are not personas.'),
      })}
      ${
        own.length === 0
          ? nothing
          : this.renderExport(msg('Export my personas'), 'alcove-personas.json', () => this.keeper?.exportPersonas())
      }
    </div>`;
  }

  #renderPersonaForm(persona: Persona): TemplateResult {
    return this.renderForm(
      html`<label class="field">
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
        </label>`,
      (fields) => this.#onSave(fields),
      () => {
        this.edited = undefined;
      },
    );
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
