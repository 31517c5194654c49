import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatSettings } from '../../chat/settings/chat-settings.ts';
import { withSettings } from '../../chat/settings/effective-settings.ts';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { SubscriptionController } from '../lib/subscription-controller.ts';
import type { SettingsChangeEvent } from './sampling-form.ts';
import './sampling-form.ts';

/**
 * @summary The default settings of all chats; a chat's own settings override them. No setting is disabled, since chats
 *   have different models; each chat's panel says what its model does not support.
 */
@customElement('alcove-chat-defaults')
export class ChatDefaults extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    panelStyles,
    css`
      .field {
        max-inline-size: calc(26 * var(--_rem));
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  constructor() {
    super();
    new SubscriptionController(this, () => this.session);
  }

  #set(settings: ChatSettings): void {
    // Without storage, the settings last until the tab is closed.
    void this.session?.settings.setForAll(settings).catch(() => {});
  }

  override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (session?.state.preferences === undefined) return nothing;
    const { forAll } = session.state.preferences;
    const stored = session.state.models.filter(({ weights }) => weights.status === 'stored');
    return html`<h2>${msg('All chats')}</h2>
      <p class="muted small">${msg('For every chat that does not have settings of its own.')}</p>
      <label class="field">
        <span>${msg('Model of a new chat')}</span>
        <select
          name="modelId"
          @change=${({ target }: Event & { target: HTMLSelectElement }) =>
            this.#set(withSettings(forAll, { modelId: target.value === '' ? undefined : target.value }))}
        >
          <option value="" ?selected=${forAll.modelId === undefined}>${msg('Last used model')}</option>
          ${stored.map(
            ({ record }) =>
              html`<option value=${record.id} ?selected=${forAll.modelId === record.id}>${record.name}</option>`,
          )}
        </select>
      </label>
      <label class="field">
        <span>${msg('Titles of chats')}</span>
        <select
          name="titles"
          @change=${({ target }: Event & { target: HTMLSelectElement }) =>
            this.#set(withSettings(forAll, { titles: target.value === 'model' ? 'model' : undefined }))}
        >
          <option value="" ?selected=${forAll.titles === undefined}>${msg('From the first question')}</option>
          <option value="model" ?selected=${forAll.titles === 'model'}>${msg('By the model, after its first answer')}</option>
        </select>
        <span class="muted small">${msg('Works with llama.cpp models on this device, which do not have to read the chat again for it.')}</span>
      </label>
      <alcove-sampling-form
        .settings=${forAll}
        @alcove-settings-change=${(event: SettingsChangeEvent) => this.#set(event.settings)}
      ></alcove-sampling-form>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat-defaults': ChatDefaults;
  }
}
