import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { withPersona, withSettings } from '../../../chat/settings/effective-settings.ts';
import type { Persona } from '../../../chat/settings/persona.ts';
import { SYSTEM_PROMPT_LENGTH } from '../../../chat/settings/setting-limits.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { chipStyles } from '../../base/chip.styles.ts';
import { formStyles } from '../../base/form.styles.ts';
import { PanelEvent } from '../../contract/events.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { customElement } from '../../lib/custom-element.ts';
import { SubscriptionController } from '../../lib/subscription-controller.ts';
import { builtInPersonas } from '../../settings/built-in-personas.ts';

/** More would push the message field out of view; the settings of the chat have all. */
const MOST_OFFERED = 8;

/**
 * @summary The personas, as chips in an empty chat. The system prompt of the chosen one can be changed for this chat.
 * @event alcove-panel Opens the chat's settings, with all personas.
 */
@customElement('alcove-persona-offer')
export class PersonaOffer extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    chipStyles,
    css`
      :host {
        display: grid;
        gap: 10px;
        margin-block-start: 8px;
      }

      .personas {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }

      .chip {
        padding-inline: 12px;
      }

      .chip[aria-pressed='true'] {
        border-color: var(--_accent);
        background: var(--_accent-soft);
        box-shadow: inset 0 0 0 1px var(--_accent);
      }

      label {
        display: grid;
        gap: 4px;
        color: var(--_text-muted);
        font-size: var(--_text-xs);
      }

      textarea {
        inline-size: 100%;
        max-block-size: 12em;
        color: var(--_text);
        field-sizing: content;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  constructor() {
    super();
    new SubscriptionController(this, () => this.session);
  }

  #choose(persona: Persona | undefined): void {
    const { session } = this;
    const settings = session?.state.preferences?.forNext ?? {};
    void session?.settings.setForChat(undefined, withPersona(settings, persona));
  }

  #edit({ target }: Event): void {
    if (!(target instanceof HTMLTextAreaElement)) return;
    const { session } = this;
    const settings = session?.state.preferences?.forNext ?? {};
    void session?.settings.setForChat(undefined, withSettings(settings, { systemPrompt: target.value }));
  }

  override render(): TemplateResult | typeof nothing {
    const { preferences } = this.session?.state ?? {};
    if (preferences === undefined) return nothing;
    const { personaId, systemPrompt = '' } = preferences.forNext;
    const all = [...preferences.personas, ...builtInPersonas()];
    const chosen = all.find(({ id }) => id === personaId);
    return html`<div class="personas" role="group" aria-label=${msg('Personas')}>
        ${all.slice(0, MOST_OFFERED).map((persona) => this.#renderChip(persona, persona === chosen))}
        ${
          all.length > MOST_OFFERED
            ? html`<button type="button" class="chip" @click=${() => this.dispatchEvent(new PanelEvent('chat'))}>${msg('All personas')}</button>`
            : nothing
        }
      </div>
      ${
        chosen === undefined
          ? nothing
          : html`<label>${msg('System prompt of this chat')}
            <textarea class="field" rows="3" dir="auto" maxlength=${SYSTEM_PROMPT_LENGTH} .value=${systemPrompt} @change=${this.#edit}></textarea>
          </label>`
      }`;
  }

  #renderChip(persona: Persona, isChosen: boolean): TemplateResult {
    return html`<button
      type="button"
      class="chip"
      aria-pressed=${isChosen}
      title=${persona.description ?? ''}
      @click=${() => this.#choose(isChosen ? undefined : persona)}
    ><bdi>${persona.name}</bdi></button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-persona-offer': PersonaOffer;
  }
}
