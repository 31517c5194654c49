import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import './host-settings.ts';
import './appearance-form.ts';
import './chat-defaults.ts';
import './prompts-view.ts';
import './custom-servers-view.ts';
import '../history/import-export-view.ts';
import './voice-settings.ts';

/** @summary The settings page: appearance, voice, servers, allowed hosts, defaults of chats, prompts, import and export. */
@customElement('alcove-settings')
export class SettingsView extends LitElement {
  static override readonly styles = css`
    :host {
      display: grid;
      gap: 28px;
    }

    * + * {
      padding-block-start: 28px;
      border-block-start: 1px solid var(--_border);
    }
  `;

  @property({ attribute: false }) session: SessionLike | undefined;

  override render(): TemplateResult {
    return html`<alcove-appearance-form></alcove-appearance-form>
      <alcove-voice-settings></alcove-voice-settings>
      ${this.session === undefined ? nothing : html`<alcove-custom-servers .session=${this.session}></alcove-custom-servers>`}
      <alcove-host-settings></alcove-host-settings>
      ${
        this.session === undefined
          ? nothing
          : html`<alcove-chat-defaults .session=${this.session}></alcove-chat-defaults>
          <alcove-prompts .session=${this.session}></alcove-prompts>
          <alcove-import-export .session=${this.session}></alcove-import-export>`
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-settings': SettingsView;
  }
}
