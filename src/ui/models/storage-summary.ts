import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { StorageState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { textButton } from '../base/text-button.ts';
import { ModelActionEvent } from '../contract/events.ts';
import { customElement } from '../lib/custom-element.ts';
import { formatBytes } from '../lib/format.ts';
import '../base/icon.ts';

/**
 * @summary Storage use, quota, and whether storage is persistent.
 * @event alcove-model-action `persist`, to request persistent storage.
 */
@customElement('alcove-storage-summary')
export class StorageSummary extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: grid;
        gap: 12px;
        font-size: var(--_text-s);
      }

      meter {
        inline-size: 100%;
        block-size: 6px;
        margin-block-end: 6px;
        border: 0;
        background: none;
      }

      meter::-webkit-meter-inner-element {
        display: block;
      }

      meter::-webkit-meter-bar {
        block-size: 6px;
        border: 0;
        border-radius: 3px;
        background: var(--_border);
      }

      meter::-webkit-meter-optimum-value {
        background: var(--_accent);
      }

      meter::-moz-meter-bar {
        background: var(--_accent);
      }

      @media (forced-colors: active) {
        meter::-webkit-meter-bar {
          border: 1px solid CanvasText;
        }

        meter::-webkit-meter-optimum-value {
          background: Highlight;
        }
      }

      .kept {
        display: grid;
        grid-template-columns: auto 1fr;
        justify-items: start;
        gap: 8px;
      }

      .kept .button {
        grid-column: 2;
      }

      .kept alcove-icon {
        margin-block-start: 2px;
        color: var(--_success);
        font-size: var(--_rem);
      }

      .kept.may-go alcove-icon {
        color: var(--_warning);
      }
    `,
  ];

  @property({ attribute: false }) storage: StorageState | undefined;

  override render(): TemplateResult | typeof nothing {
    if (this.storage === undefined) return nothing;
    const { usageBytes, quotaBytes } = this.storage;
    return html`${
      usageBytes === undefined || quotaBytes === undefined
        ? nothing
        : html`<div class="numbers">
          <meter max=${quotaBytes} .value=${usageBytes} aria-label=${msg('Space in use')}></meter>
          <p>
            ${msg(
              html`${formatBytes(usageBytes)} in use <span class="muted">of ${formatBytes(quotaBytes)} that the browser gives to this site</span>`,
            )}
          </p>
        </div>`
    }
    ${this.#renderPersistence(this.storage.persisted)}`;
  }

  #renderPersistence(persisted: boolean | undefined): TemplateResult {
    if (persisted === true) {
      return html`<p class="kept"><alcove-icon name="circle-check"></alcove-icon>${msg('Kept until you delete it.')}</p>`;
    }
    return html`<p class="kept may-go">
      <alcove-icon name="alert"></alcove-icon>
      <span>
        ${
          persisted === false
            ? msg('The browser may remove models and chats when space runs low.')
            : msg('The browser has not been asked yet to keep models and chats.')
        }
      </span>
      ${textButton(msg('Ask the browser to keep them'), () => this.dispatchEvent(new ModelActionEvent('persist', '')))}
    </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-storage-summary': StorageSummary;
  }
}
