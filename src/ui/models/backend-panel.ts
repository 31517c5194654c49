import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { profileOf } from '../../models/engines/engine-profiles.ts';
import { isSameRankedBackend, type RankedBackend } from '../../models/fit/backend-ranking.ts';
import { rankedBackendsOf } from '../../session/runtime/backend-selector.ts';
import type { SessionState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import { textButton } from '../base/text-button.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { formatTokensPerSecond } from '../lib/format.ts';
import { backendLabel, failureLabel } from './backend-labels.ts';
import { selectedEntry, sizeLabel } from './model-labels.ts';
import '../base/icon.ts';

/**
 * @summary The backends that the selected model can run on: which one runs now, how fast each was, and why one failed.
 */
@customElement('alcove-backend-panel')
export class BackendPanel extends LitElement {
  static override readonly styles = [
    baseStyles,
    panelStyles,
    css`
      :host {
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
        grid-template-columns: calc(1.25 * var(--_rem)) 1fr auto;
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
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  @property({ attribute: false }) state: SessionState | undefined;

  override render(): TemplateResult | typeof nothing {
    const { session, state } = this;
    const entry = state && selectedEntry(state);
    if (session === undefined || state === undefined || entry === undefined) return nothing;
    const { measuring } = state.runtime;
    const backends = rankedBackendsOf(state, entry.record);
    if (backends.length === 0) return nothing;
    const failed = backends.filter(({ failure, isStored }) => failure !== undefined && isStored);
    return html`<h3>${msg(str`How ${entry.record.name} runs here`)}</h3>
      <ol>
        ${backends.map((ranked) => this.#renderBackend(ranked, state))}
      </ol>
      ${this.#renderThreadNote(backends, state)}
      <div class="controls">
        ${
          measuring === undefined
            ? html`<button
              type="button"
              class="button"
              ?disabled=${state.generation.status !== 'idle' || !backends.some(({ isStored }) => isStored)}
              @click=${() => session.backends.measure(entry.record.id)}
            >
              ${msg('Measure again')}
            </button>`
            : html`${textButton(msg('Stop measuring'), () => session.backends.stopMeasuring())}
              <span class="muted small" role="status">
                ${msg(str`Measuring backend ${measuring.done + 1} of ${measuring.total}`)}
              </span>`
        }
        ${
          measuring !== undefined || failed.length === 0
            ? nothing
            : html`<button type="button" class="button quiet" @click=${() => session.backends.tryAgain(entry.record.id)}>
              ${
                failed.some(({ record, backend }) => profileOf(record).isOnGraphicsCard(backend))
                  ? msg('Try the graphics card again')
                  : msg('Retry failed backends')
              }
            </button>`
        }
      </div>`;
  }

  #renderBackend(ranked: RankedBackend, { runtime, engine }: SessionState): TemplateResult {
    const { record, backend, failure, result } = ranked;
    const { running } = runtime;
    const isNow =
      engine.status === 'ready' &&
      running !== undefined &&
      isSameRankedBackend(ranked, { record: { id: running.recordId }, backend: running.backend });
    return html`<li aria-current=${isNow ? 'true' : nothing}>
      ${isNow ? html`<alcove-icon name="check"></alcove-icon>` : html`<span></span>`}
      <span class=${isNow ? 'now' : ''}>${backendLabel({ engine: record.engine, backend })}</span>
      <span class="muted small numbers">${speedLabel(ranked)}</span>
      ${
        failure === undefined
          ? nothing
          : html`<span class="why muted small">${failureLabel({ code: failure, data: {} })}</span>`
      }
      ${
        result?.selfTest === 'passed' && failure === undefined
          ? html`<span class="why muted small">${msg('Passed the self-test.')}</span>`
          : nothing
      }
    </li>`;
  }

  #renderThreadNote(backends: readonly RankedBackend[], { device }: SessionState): TemplateResult | typeof nothing {
    if (device === undefined || !backends.some(({ backend }) => backend?.kind === 'single')) return nothing;
    if (!device.sharedMemory) {
      return html`<p class="muted small">
        ${msg('Several threads need shared memory, which browsers give only to cross-origin isolated pages (the headers COOP and COEP). Without it, one core does the work.')}
      </p>`;
    }
    return device.cores > 1
      ? nothing
      : html`<p class="muted small">${msg('This device reports one core, so one thread is used.')}</p>`;
  }
}

/** The measured speed, or what is missing for a measurement. */
function speedLabel({ record, isStored, result }: RankedBackend): string {
  if (!isStored) {
    const size = sizeLabel(record);
    return size === undefined ? msg('not downloaded') : msg(str`not downloaded, ${size}`);
  }
  const rate = result?.decodeTokensPerSecond;
  return rate === undefined ? msg('not tried yet') : formatTokensPerSecond(rate);
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-backend-panel': BackendPanel;
  }
}
