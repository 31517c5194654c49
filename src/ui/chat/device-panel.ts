import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SessionState } from '../../session/state/session-state.ts';
import type { SessionLike } from '../contract/session-like.ts';
import '../privacy/ledger-panel.ts';
import '../models/backend-panel.ts';

/**
 * @summary What "On this device" opens: which requests the page has made, and in which ways the model can run.
 */
@customElement('alcove-device-panel')
export class DevicePanel extends LitElement {
  static override readonly styles = css`
    :host {
      display: block;
    }
  `;

  @property({ attribute: false }) session: SessionLike | undefined;

  /** Its parts that are shown; a new one for each change. */
  @property({ attribute: false }) state: SessionState | undefined;

  override render(): TemplateResult | typeof nothing {
    if (this.session === undefined) return nothing;
    return html`<alcove-ledger .ledger=${this.session.ledger} .models=${this.session.state.models}></alcove-ledger>
      <alcove-backend-panel .session=${this.session} .state=${this.state}></alcove-backend-panel>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-device-panel': DevicePanel;
  }
}
