import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import userIcon from 'lucide-static/icons/user-round.svg?raw';
import { effectiveSettings } from '../../../chat/settings/effective-settings.ts';
import type { SessionState } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { chipStyles } from '../../base/chip.styles.ts';
import { addIcons } from '../../base/icon.ts';
import { PanelEvent } from '../../contract/events.ts';
import { customElement } from '../../lib/custom-element.ts';
import { builtInPersonas } from '../../settings/built-in-personas.ts';

addIcons({ user: userIcon });

/**
 * @summary Says above the composer which persona or system prompt the next answer follows. A click opens its settings.
 * @event alcove-panel
 */
@customElement('alcove-persona-chip')
export class PersonaChip extends LitElement {
  static override readonly styles = [
    baseStyles,
    chipStyles,
    css`
      :host {
        display: flex;
      }
    `,
  ];

  @property({ attribute: false }) state: SessionState | undefined;

  override render(): TemplateResult | typeof nothing {
    const { preferences, chat } = this.state ?? {};
    if (preferences === undefined) return nothing;
    const { forAll, forNext, personas } = preferences;
    const { personaId, systemPrompt } = effectiveSettings(forAll, chat === undefined ? forNext : chat.settings);
    const persona = [...personas, ...builtInPersonas()].find(({ id }) => id === personaId);
    return html`<button
      type="button"
      class="chip"
      title=${systemPrompt ?? ''}
      @click=${() => this.dispatchEvent(new PanelEvent('chat'))}
    >
      <alcove-icon name="user"></alcove-icon><bdi>${persona?.name ?? msg('System prompt')}</bdi>
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-persona-chip': PersonaChip;
  }
}
