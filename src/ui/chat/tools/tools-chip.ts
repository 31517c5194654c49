import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { OfferedTool } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { chipStyles } from '../../base/chip.styles.ts';
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
    chipStyles,
    css`
      :host {
        display: flex;
      }

    `,
  ];

  @property({ attribute: false }) tools: readonly OfferedTool[] = [];

  override render(): TemplateResult {
    return html`<button
      type="button"
      class="chip plain"
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
