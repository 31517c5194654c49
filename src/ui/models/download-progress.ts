import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { DownloadFigures } from '../../download/download-status.ts';
import type { ModelEntry, WeightsState } from '../../session/state/session-state.ts';
import { baseStyles } from '../base/base.styles.ts';
import { quietButton, textButton } from '../base/text-button.ts';
import { type ModelAction, ModelActionEvent, type NextStepEvent } from '../contract/events.ts';
import { customElement } from '../lib/custom-element.ts';
import { FocusRestoreController } from '../lib/focus-restore-controller.ts';
import { formatBytes, formatBytesPerSecond, formatSecondsLeft } from '../lib/format.ts';
import { sizeLabel } from './model-labels.ts';
import '../base/confirm-button.ts';
import '../base/icon.ts';

/**
 * @summary The download of a model: its progress, and buttons to start, pause, continue and cancel it. Shows nothing for
 *   a stored model.
 * @event alcove-model-action Cancelable.
 */
@customElement('alcove-download')
export class DownloadProgress extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      progress {
        appearance: none;
        display: block;
        inline-size: 100%;
        block-size: 6px;
        margin-block: 0 8px;
        border: 0;
        border-radius: 3px;
        overflow: hidden;
        background: var(--_border);
      }

      progress::-webkit-progress-bar {
        background: var(--_border);
      }

      progress::-webkit-progress-value {
        border-radius: 3px;
        background: var(--_accent);
      }

      progress::-moz-progress-bar {
        border-radius: 3px;
        background: var(--_accent);
      }

      .paused::-webkit-progress-value {
        background: var(--_text-muted);
      }

      .paused::-moz-progress-bar {
        background: var(--_text-muted);
      }

      progress:indeterminate::-webkit-progress-bar {
        background: linear-gradient(90deg, var(--_border), var(--_accent), var(--_border)) 0 / 200% 100%;
        animation: slide 1.6s linear infinite;
      }

      @keyframes slide {
        from {
          background-position: 100% 0;
        }
        to {
          background-position: -100% 0;
        }
      }

      @media (prefers-reduced-motion: reduce) {
        progress:indeterminate::-webkit-progress-bar {
          animation: none;
        }
      }

      .figures {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 16px;
        font-size: var(--_text-s);
      }

      .controls {
        margin-block-start: 12px;
      }

      .controls:first-child {
        margin-block-start: 0;
      }

      alcove-notice {
        margin-block: 12px 0;
      }

      alcove-notice:first-child {
        margin-block-start: 0;
      }

      @media (forced-colors: active) {
        progress {
          border: 1px solid CanvasText;
        }

        progress::-webkit-progress-value {
          background: Highlight;
        }

        .paused::-webkit-progress-value {
          background: CanvasText;
        }
      }
    `,
  ];

  @property({ attribute: false }) entry: ModelEntry | undefined;

  /** The button is not the primary action, because several models are listed. */
  @property({ type: Boolean }) quiet = false;

  constructor() {
    super();
    new FocusRestoreController(this, 'button, alcove-notice');
  }

  #ask(action: ModelAction): void {
    if (this.entry !== undefined) this.dispatchEvent(new ModelActionEvent(action, this.entry.record.id));
  }

  /** "Try again" continues the download; other steps are left to the parent. */
  #onStep(event: NextStepEvent): void {
    if (event.step === 'reopen-file') {
      event.stopPropagation();
      this.#ask('reopen');
    }
    if (event.step !== 'try-again' && event.step !== 'download') return;
    event.stopPropagation();
    this.#ask('download');
  }

  override render(): TemplateResult | typeof nothing {
    if (this.entry === undefined) return nothing;
    const { weights, fit } = this.entry;
    if (fit.status === 'cannot-run' && (weights.status === 'absent' || weights.status === 'evicted')) return nothing;
    return html`<div part="download" @alcove-next-step=${this.#onStep}>${this.#renderStatus(this.entry, weights)}</div>`;
  }

  #renderStatus({ record, fit }: ModelEntry, weights: WeightsState): TemplateResult | typeof nothing {
    switch (weights.status) {
      case 'stored':
        return nothing;
      case 'closed':
        return html`<alcove-notice tone="warning" .error=${weights.error}></alcove-notice>
          ${
            weights.error.data['isRefused'] === true
              ? html`<div class="controls">${textButton(msg('Copy into the browser'), () => this.#ask('copy'))}</div>`
              : nothing
          }`;
      case 'absent':
        return html`<div class="controls">${
          fit.status === 'too-slow'
            ? this.#renderSlowStart(sizeLabel(record))
            : this.#renderStart(msg('Download'), sizeLabel(record))
        }</div>`;
      case 'evicted':
        return html`<p class="small">${msg('The browser removed this model to make room for other sites.')}</p>
          <div class="controls">${this.#renderStart(msg('Download again'), sizeLabel(record))}</div>`;
      case 'failed':
        return html`<alcove-notice .error=${weights.error}></alcove-notice>
          <div class="controls">${this.#renderCancel(undefined)}</div>`;
      case 'downloading':
        return weights.download.status === 'planning'
          ? html`<progress aria-label=${msg(str`Download of ${record.name}`)}></progress>
              <div class="figures"><span>${msg('Looking up the files…')}</span></div>
              <div class="controls">${this.#renderCancel(undefined)}</div>`
          : this.#renderRunning(record.name, weights.download);
      case 'paused':
        return html`${this.#renderBar(record.name, weights.download, 'paused')}
          <div class="figures numbers">
            <span
              >${weights.download.error === undefined ? msg(str`Paused at ${share(weights.download)}`) : msg(str`Stopped at ${share(weights.download)}`)}</span
            >${weights.download.error === undefined || weights.download.loadedBytes === 0 ? nothing : html`<span class="muted">${msg('What is downloaded is safe.')}</span>`}
          </div>
          ${
            weights.download.error === undefined
              ? nothing
              : html`<alcove-notice .error=${weights.download.error} without-action></alcove-notice>`
          }
          <div class="controls">
            <button type="button" class="button primary" @click=${() => this.#ask('download')}>${msg('Continue')}</button>
            ${this.#renderCancel(weights.download.loadedBytes)}
          </div>`;
    }
  }

  #renderRunning(name: string, figures: DownloadFigures): TemplateResult {
    const { bytesPerSecond, secondsLeft, waitingForNetwork } = figures;
    const pace = waitingForNetwork
      ? msg('Waiting for the connection')
      : [
          bytesPerSecond === undefined ? '' : formatBytesPerSecond(bytesPerSecond),
          secondsLeft === undefined ? '' : formatSecondsLeft(secondsLeft),
        ]
          .filter((words) => words !== '')
          .join(' · ');
    return html`${this.#renderBar(name, figures, waitingForNetwork ? 'paused' : 'running')}
      <div class="figures numbers"><span>${share(figures)}</span><span class="muted">${pace}</span></div>
      <div class="controls">
        <button type="button" class="button" @click=${() => this.#ask('pause')}>${msg('Pause')}</button>
        ${this.#renderCancel(figures.loadedBytes)}
      </div>`;
  }

  #renderBar(name: string, { loadedBytes, totalBytes }: DownloadFigures, kind: string): TemplateResult {
    return html`<progress
      class=${kind}
      aria-label=${msg(str`Download of ${name}`)}
      aria-valuetext=${share({ loadedBytes, totalBytes })}
      max=${Math.max(1, totalBytes)}
      .value=${loadedBytes}
    ></progress>`;
  }

  #renderStart(label: string, size: string | undefined): TemplateResult {
    return html`<button type="button" class="button ${this.quiet ? '' : 'primary'}" @click=${() => this.#ask('download')}>
      <alcove-icon name="download"></alcove-icon>${label}${size === undefined ? '' : ` · ${size}`}
    </button>`;
  }

  /** Of a model that would be of no use here. */
  #renderSlowStart(size: string | undefined): TemplateResult {
    return html`<alcove-confirm-button
      label=${size === undefined ? msg('Download') : `${msg('Download')} · ${size}`}
      question=${msg('An answer would take many minutes on this device. Download it anyway?')}
      @alcove-confirm=${() => this.#ask('download')}
    ></alcove-confirm-button>`;
  }

  #renderCancel(loadedBytes: number | undefined): TemplateResult {
    // A small download is cancelled without a question.
    if (loadedBytes === undefined || loadedBytes < 10_000_000) {
      return quietButton(msg('Cancel'), () => this.#ask('cancel'));
    }
    return html`<alcove-confirm-button
      label=${msg('Cancel')}
      action=${msg('Delete')}
      question=${msg(str`Delete the ${formatBytes(loadedBytes)} downloaded so far?`)}
      @alcove-confirm=${() => this.#ask('cancel')}
    ></alcove-confirm-button>`;
  }
}

function share({ loadedBytes, totalBytes }: Pick<DownloadFigures, 'loadedBytes' | 'totalBytes'>): string {
  return msg(str`${formatBytes(loadedBytes)} of ${formatBytes(totalBytes)}`);
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-download': DownloadProgress;
  }
}
