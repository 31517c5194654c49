import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ModelEntry } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { ModelActionEvent, type SourceAction, type WriteProgress } from '../../contract/events.ts';
import { customElement } from '../../lib/custom-element.ts';
import { FocusRestoreController } from '../../lib/focus-restore-controller.ts';
import { formatBytes } from '../../lib/format.ts';
import { canSaveFolders } from '../../lib/save-files.ts';
import { isToy } from '../model-labels.ts';
import '../../base/confirm-button.ts';

/**
 * @summary More actions on a model: export, copy, edit, share, remove from the list.
 * @event alcove-model-action Cancelable.
 */
@customElement('alcove-model-menu')
export class ModelMenu extends LitElement {
  static override readonly styles = [
    baseStyles,
    css`
      /* Where there is nothing to choose, no room either. */
      :host {
        display: contents;
      }

      summary {
        display: inline-flex;
        margin-inline-start: -11px;
        cursor: pointer;
        list-style: none;
      }

      summary::after {
        content: '▾' / '';
      }

      [open] > summary::after {
        content: '▴' / '';
      }

      .writing {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
      }

      progress {
        flex: 1 1 calc(10 * var(--_rem));
        max-inline-size: calc(20 * var(--_rem));
        accent-color: var(--_accent);
      }

      details > div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        padding-block-start: 8px;
      }
    `,
  ];

  @property({ attribute: false }) entry: ModelEntry | undefined;

  /** Progress of an export; undefined when none runs. */
  @state() private writing: WriteProgress | undefined;
  #abort = new AbortController();

  constructor() {
    super();
    new FocusRestoreController(this, 'button, summary');
  }

  #ask(action: SourceAction): void {
    if (this.entry === undefined) return;
    this.#abort = new AbortController();
    const onProgress = (progress: WriteProgress | undefined): void => {
      this.writing = progress;
    };
    const watch = { signal: this.#abort.signal, onProgress };
    this.dispatchEvent(new ModelActionEvent(action, this.entry.record.id, { watch }));
  }

  override render(): TemplateResult | typeof nothing {
    const { entry } = this;
    if (entry === undefined || isToy(entry.record)) return nothing;
    const { weights } = entry;
    const isStored = weights.status === 'stored' && !weights.isOnDisk && weights.sizeBytes > 0;
    const isOnDisk = weights.status === 'stored' && weights.isOnDisk;
    if (!isStored && entry.isCustom !== true) return nothing;
    if (this.writing !== undefined) return this.#renderWriting(this.writing);
    return html`<details>
      <summary class="button quiet">${msg('More')}</summary>
      <div>
        ${isStored ? this.#renderButton('export', msg('Export as a file')) : nothing}
        ${isStored && canSaveFolders() ? this.#renderButton('export-folder', msg('Export as a folder')) : nothing}
        ${isOnDisk ? this.#renderButton('copy', msg('Copy into the browser')) : nothing}
        ${entry.isCustom ? this.#renderCustom(entry) : nothing}
      </div>
    </details>`;
  }

  #renderWriting({ writtenBytes, totalBytes }: WriteProgress): TemplateResult {
    return html`<div class="writing">
      <progress max=${totalBytes} .value=${writtenBytes} aria-label=${msg('Saving the model')}></progress>
      <span class="muted small numbers">
        ${msg(str`${formatBytes(writtenBytes)} of ${formatBytes(totalBytes)}`)}
      </span>
      <button type="button" class="button" @click=${() => this.#abort.abort()}>${msg('Cancel')}</button>
    </div>`;
  }

  #renderCustom({ record }: ModelEntry): TemplateResult {
    return html`<a class="button" href="#edit=${encodeURIComponent(record.id)}">${msg('Edit')}</a>
      ${
        record.source.kind === 'disk'
          ? nothing
          : html`${this.#renderButton('share', msg('Share a link'))}
            ${this.#renderButton('save-record', msg('Save the description'))}`
      }
      <alcove-confirm-button
        label=${msg('Remove from the list')}
        question=${
          record.source.kind === 'disk'
            ? msg('Remove it from the list? The file on your disk stays.')
            : msg('Remove it from the list, and delete its stored files?')
        }
        @alcove-confirm=${() => this.#ask('remove')}
      ></alcove-confirm-button>`;
  }

  #renderButton(action: SourceAction, label: string): TemplateResult {
    return html`<button type="button" class="button" @click=${() => this.#ask(action)}>${label}</button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-model-menu': ModelMenu;
  }
}
