import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { baseStyles } from '../../base/base.styles.ts';
import { tokens } from '../../base/tokens.ts';
import { customElement } from '../../lib/custom-element.ts';
import { direction } from '../../lib/locale.ts';

/** @summary Frames the page while files are dragged over it, and says what can be dropped. The pointer goes through it. */
@customElement('alcove-drop-hint')
export class DropHint extends LitElement {
  static override readonly styles = [
    tokens,
    baseStyles,
    css`
      :host {
        position: fixed;
        z-index: 4;
        inset: 0;
        display: grid;
        place-items: center;
        padding: 16px;
        border: 3px dashed var(--_accent);
        background: color-mix(in oklab, var(--_surface) 70%, transparent);
        pointer-events: none;
      }

      p {
        max-inline-size: calc(28 * var(--_rem));
        padding: 16px 20px;
        border-radius: var(--_radius-large);
        background: var(--_surface-raised);
        box-shadow: var(--_shadow);
        text-align: center;
      }

      span {
        display: block;
      }
    `,
  ];

  /** What a drop does; by default it opens a model. */
  @property() heading = '';

  @property() detail = '';

  override render(): TemplateResult {
    return html`<p role="status" dir=${direction()}>
      <strong>${this.heading || msg('Drop a model file to open it')}</strong>
      <span class="muted small">${this.detail || msg('GGUF, or an archive of Alcove. It stays on this device.')}</span>
    </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-drop-hint': DropHint;
  }
}
