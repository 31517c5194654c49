import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { SessionState } from '../../session/state/session-state.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import '../privacy/ledger-panel.ts';
import '../models/backend-panel.ts';
import '../privacy/device-speed.ts';

/** @summary The panel behind "On this device": the requests that the page has made, the device's speed, and the backends of the model. */
@customElement('alcove-device-panel')
export class DevicePanel extends LitElement {
  static override readonly styles = css`
    :host {
      display: block;
    }
  `;

  @property({ attribute: false }) session: SessionLike | undefined;

  /** Replaced with every change, which updates the panel. */
  @property({ attribute: false }) state: SessionState | undefined;

  override render(): TemplateResult | typeof nothing {
    if (this.session === undefined) return nothing;
    return html`<alcove-ledger .ledger=${this.session.ledger} .models=${this.session.state.models}></alcove-ledger>
      <alcove-device-speed .state=${this.state}></alcove-device-speed>
      <alcove-backend-panel .session=${this.session} .state=${this.state}></alcove-backend-panel>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-device-panel': DevicePanel;
  }
}
