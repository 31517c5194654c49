import { msg, str } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { isThisComputer } from '../../models/catalogue/server-host.ts';
import { baseStyles } from '../base/base.styles.ts';
import { customElement } from '../lib/custom-element.ts';
import '../base/icon.ts';

/**
 * @summary Says that messages leave this device, and for which host. Until the component's code is loaded, its child, the
 *   host's name, is shown.
 */
@customElement('alcove-remote-badge')
export class RemoteBadge extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: inline-flex;
        gap: 5px;
        align-items: center;
        min-inline-size: 0;
        color: var(--_warning);
        font-weight: 550;
        overflow-wrap: anywhere;
      }

      :host([placement='composer']) {
        display: flex;
        padding: 0 12px 6px;
        font-size: var(--_text-xs);
      }

      alcove-icon {
        flex: none;
      }

      :host([placement='header']) .label {
        max-inline-size: calc(20 * var(--_rem));
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      /* Said once: in the header, or above the composer where the header has no room for it. */
      @container (min-width: 24.5em) {
        :host([placement='composer']) {
          display: none;
        }
      }

      @container (max-width: 24.5em) {
        :host([placement='header']) .label {
          position: absolute;
          inline-size: 1px;
          block-size: 1px;
          clip-path: inset(50%);
        }
      }
    `,
  ];

  @property() host = '';

  @property() placement: 'header' | 'composer' | 'answer' = 'header';

  #label(): string {
    const { host } = this;
    if (isThisComputer(host)) return msg(str`On this computer: ${host}`);
    switch (this.placement) {
      case 'header':
      case 'answer':
        return msg(str`On your server: ${host}`);
      case 'composer':
        return msg(str`Leaves this device: goes to your server, ${host}`);
    }
  }

  override render(): TemplateResult {
    const label = this.#label();
    return html`<alcove-icon name="alert"></alcove-icon><span class="label" title=${label}>${label}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-remote-badge': RemoteBadge;
  }
}
