import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { findModel } from '../../../session/state/find-model.ts';
import type { SessionState } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { chipStyles } from '../../base/chip.styles.ts';
import { iconButton } from '../../base/icon-button.ts';
import { PanelEvent } from '../../contract/events.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { customElement } from '../../lib/custom-element.ts';
import { formatLocale } from '../../lib/locale.ts';

/**
 * @summary Says above the composer which models answer the next message side by side, and takes that back.
 * @event alcove-panel
 */
@customElement('alcove-compare-chip')
export class CompareChip extends LitElement {
  static override readonly styles = [
    baseStyles,
    chipStyles,
    css`
      :host {
        display: flex;
        align-items: center;
        min-inline-size: 0;
      }

      .icon-button {
        inline-size: 32px;
        block-size: 32px;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  /** Replaced with every change, which updates the chip. */
  @property({ attribute: false }) state: SessionState | undefined;

  override render(): TemplateResult | typeof nothing {
    const { state } = this;
    if (state?.compared === undefined) return nothing;
    const names = state.compared.map((id) => findModel(state, id)?.record.name ?? id);
    const list = new Intl.ListFormat(formatLocale()).format(names);
    return html`<button type="button" class="chip" @click=${() => this.dispatchEvent(new PanelEvent('compare'))}>
        <alcove-icon name="panel"></alcove-icon><bdi>${msg(str`Comparing ${list}`)}</bdi>
      </button>
      ${iconButton('close', msg('Do not compare'), () => void this.session?.generation.compareNext(undefined))}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-compare-chip': CompareChip;
  }
}
