import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { withPersona } from '../../chat/settings/effective-settings.ts';
import { profileOf } from '../../models/engines/engine-profiles.ts';
import { findModel } from '../../session/state/find-model.ts';
import { baseStyles } from '../base/base.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { SubscriptionController } from '../lib/subscription-controller.ts';
import type { PersonaSelectEvent } from '../settings/personas-view.ts';
import type { SettingsChangeEvent } from '../settings/sampling-form.ts';
import { SettingsController } from '../settings/settings-controller.ts';
import '../history/chat-export.ts';
import '../models/context/context-window-field.ts';
import '../settings/personas-view.ts';
import '../settings/sampling-form.ts';

/** @summary The panel of one chat: persona, settings and export. Settings apply from the next message on. */
@customElement('alcove-chat-panel')
export class ChatPanel extends LitElement {
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      :host {
        gap: 32px;
      }

      section {
        display: grid;
        gap: 14px;
      }

      h3 + p {
        margin-block-start: -8px;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  readonly #settings = new SettingsController(this, () => this.session);

  constructor() {
    super();
    new SubscriptionController(this, () => this.session);
  }

  #set(settings: ChatSettings): void {
    void this.session?.settings.setForChat(this.session.state.chat, settings);
  }

  #onPersona({ persona }: PersonaSelectEvent, settings: ChatSettings): void {
    this.#set(withPersona(settings, persona));
  }

  /** Of the variant that runs, which may be another one than was chosen. */
  #renderWindow({ state }: SessionLike): TemplateResult | typeof nothing {
    const { selectedModelId, runtime, engine, device } = state;
    const { running } = runtime;
    const entry = findModel(state, running?.modelId === selectedModelId ? running?.recordId : selectedModelId);
    if (entry === undefined || profileOf(entry.record).local === undefined) return nothing;
    return html`<section aria-label=${msg('Context window')}>
      <h3>${entry.record.name}</h3>
      <p class="muted small">${msg('Applies to this model in all chats.')}</p>
      <alcove-context-window-field
        .entry=${entry}
        .device=${device}
        ?loaded=${engine.status === 'ready'}
      ></alcove-context-window-field>
    </section>`;
  }

  override render(): TemplateResult | typeof nothing {
    const { session } = this;
    const { capabilities, modelName } = this.#settings;
    const { chat, preferences } = session?.state ?? {};
    if (session === undefined || preferences === undefined) return nothing;
    const { forAll, forNext, personas } = preferences;
    const settings = chat === undefined ? forNext : (chat.settings ?? {});
    return html`<section aria-label=${msg('Persona')}>
        <h3>${msg('Persona')}</h3>
        <p class="muted small">${msg('Choose how the model behaves. You can adjust the details below.')}</p>
        <alcove-personas
          .keeper=${session.settings}
          .personas=${personas}
          .settings=${settings}
          @alcove-persona-select=${(event: PersonaSelectEvent) => this.#onPersona(event, settings)}
        ></alcove-personas>
      </section>
      <section aria-label=${msg('Settings')}>
        <h3>${msg('Settings')}</h3>
        <p class="muted small">${msg('Changes apply from your next message. Other chats stay as they are.')}</p>
        <alcove-sampling-form
          .settings=${settings}
          .inherited=${forAll}
          .support=${capabilities}
          .model=${modelName}
          @alcove-settings-change=${(event: SettingsChangeEvent) => this.#set(event.settings)}
        ></alcove-sampling-form>
      </section>
      ${this.#renderWindow(session)}
      <alcove-chat-export .session=${session}></alcove-chat-export>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat-panel': ChatPanel;
  }
}
