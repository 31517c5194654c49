import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { OfferedTool } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { PanelEvent } from '../../contract/events.ts';
import { customElement } from '../../lib/custom-element.ts';
import { plural } from '../../lib/plural.ts';
import '../../base/icon.ts';

/**
 * @summary Says that the model is offered tools, and opens their list.
 * @event alcove-panel
 */
@customElement('alcove-tools-chip')
export class ToolsChip extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      :host {
        display: flex;
      }

      button {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-block-size: 24px;
        padding: 0 4px;
        border: 0;
        border-radius: 4px;
        background: none;
        color: var(--_text-muted);
        font-size: var(--_text-xs);
        line-height: 1.4;
        cursor: pointer;
      }

      button:hover {
        color: var(--_text);
      }

      @media (pointer: coarse) {
        button {
          min-block-size: 28px;
        }
      }
    `,
  ];

  @property({ attribute: false }) tools: readonly OfferedTool[] = [];

  override render(): TemplateResult {
    return html`<button
      type="button"
      title=${msg('Tools from this page')}
      @click=${() => this.dispatchEvent(new PanelEvent('tools'))}
    >
      <alcove-icon name="tool"></alcove-icon>${plural(this.tools.length, msg('one: # tool | other: # tools'))}
    </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-tools-chip': ToolsChip;
  }
}
