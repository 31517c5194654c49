import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { baseStyles } from './base.styles.ts';
import type { SessionLike } from './session-like.ts';
import './chat-export.ts';

/**
 * @summary What belongs to the open chat alone: saving it.
 */
@customElement('alcove-chat-panel')
export class ChatPanel extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        gap: 28px;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  override render(): TemplateResult | typeof nothing {
    const { session } = this;
    if (session === undefined) return nothing;
    return html`${
      session.state.chat === undefined
        ? html`<p class="muted small">${msg('Once this chat has begun, it can be saved here.')}</p>`
        : html`<alcove-chat-export .session=${session}></alcove-chat-export>`
    }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-chat-panel': ChatPanel;
  }
}
