import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { isSameRankedBackend, type RankedBackend } from '../../models/fit/backend-ranking.ts';
import { rankedBackendsOf } from '../../session/runtime/rungs-of.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { formatTokensPerSecond } from '../lib/format.ts';
import { backendLabel, failureLabel, isOnGraphicsCard } from './backend-labels.ts';
import { selectedEntry, sizeLabel } from './model-labels.ts';
import '../base/icon.ts';

/**
 * @summary In which ways the chosen model can run on this device, which one it does, how fast each was, and what went
 *   wrong with it.
 */
@customElement('alcove-backend-panel')
export class BackendPanel extends LitElement {
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      :host {
        display: grid;
        gap: 10px;
        margin-block-start: 28px;
      }

      ol {
        display: grid;
        margin: 0;
        padding: 0;
        list-style: none;
      }

      li {
        display: grid;
        grid-template-columns: 1.25rem 1fr auto;
        align-items: baseline;
        gap: 0 8px;
        padding-block: 8px;
        border-block-end: 1px solid var(--_border);
        font-size: var(--_text-s);
      }

      li .why {
        grid-column: 2 / -1;
      }

      .now {
        font-weight: 600;
      }

      alcove-icon {
        align-self: center;
        color: var(--_accent);
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  @property({ attribute: false }) state: SessionState | undefined;

  override render(): TemplateResult | typeof nothing {
    const { session, state } = this;
    const entry = state && selectedEntry(state);
    if (session === undefined || state === undefined || entry === undefined) return nothing;
    const { measuring } = state.ladder;
    const rungs = rankedBackendsOf(state, entry.record);
    if (rungs.length === 0) return nothing;
    const failed = rungs.filter(({ failure, isStored }) => failure !== undefined && isStored);
    return html`<h3>${msg(str`How ${entry.record.name} runs here`)}</h3>
      <ol>
        ${rungs.map((rung) => this.#renderRung(rung, state))}
      </ol>
      ${this.#renderThreadNote(rungs, state)}
      <div class="actions">
        ${
          measuring === undefined
            ? html`<button
              type="button"
              class="button"
              ?disabled=${state.generation.status !== 'idle' || !rungs.some(({ isStored }) => isStored)}
              @click=${() => session.backends.measure(entry.record.id)}
            >
              ${msg('Measure again')}
            </button>`
            : html`<button type="button" class="button" @click=${() => session.backends.stopMeasuring()}>
                ${msg('Stop measuring')}
              </button>
              <span class="muted small" role="status">
                ${msg(str`Measuring way ${measuring.done + 1} of ${measuring.total}`)}
              </span>`
        }
        ${
          measuring !== undefined || failed.length === 0
            ? nothing
            : html`<button type="button" class="button quiet" @click=${() => session.backends.tryAgain(entry.record.id)}>
              ${
                failed.some((rung) => isOnGraphicsCard({ engine: rung.record.engine, way: rung.way }))
                  ? msg('Try the graphics card again')
                  : msg('Try again what failed')
              }
            </button>`
        }
      </div>`;
  }

  #renderRung(rung: RankedBackend, { ladder, engine }: SessionState): TemplateResult {
    const { record, way, failure, outcome } = rung;
    const { running } = ladder;
    const isNow =
      engine.status === 'ready' &&
      running !== undefined &&
      isSameRankedBackend(rung, { ...rung, record: { ...record, id: running.recordId }, way: running.way });
    return html`<li aria-current=${isNow ? 'true' : nothing}>
      ${isNow ? html`<alcove-icon name="check"></alcove-icon>` : html`<span></span>`}
      <span class=${isNow ? 'now' : ''}>${backendLabel({ engine: record.engine, way })}</span>
      <span class="muted small numbers">${speedLabel(rung)}</span>
      ${
        failure === undefined
          ? nothing
          : html`<span class="why muted small">${failureLabel({ code: failure, data: {} })}</span>`
      }
      ${
        outcome?.selfTest === 'passed' && failure === undefined
          ? html`<span class="why muted small">${msg('Answered a known question as it should.')}</span>`
          : nothing
      }
    </li>`;
  }

  #renderThreadNote(rungs: readonly RankedBackend[], { device }: SessionState): TemplateResult | typeof nothing {
    if (device === undefined || !rungs.some(({ way }) => way?.rung === 'single')) return nothing;
    if (!device.sharedMemory) {
      return html`<p class="muted small">
        ${msg('Several threads need shared memory, which browsers give to pages that are isolated from others (the headers COOP and COEP). There is none here, so one core does the work.')}
      </p>`;
    }
    return device.cores > 1
      ? nothing
      : html`<p class="muted small">${msg('This device shows one core, so there is one thread.')}</p>`;
  }
}

/** How fast it was, or what would have to come first. */
function speedLabel({ record, isStored, outcome }: RankedBackend): string {
  if (!isStored) {
    const size = sizeLabel(record);
    return size === undefined ? msg('to be downloaded first') : msg(str`to be downloaded first, ${size}`);
  }
  const rate = outcome?.decodeTokensPerSecond;
  return rate === undefined ? msg('not tried yet') : formatTokensPerSecond(rate);
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-backend-panel': BackendPanel;
  }
}
