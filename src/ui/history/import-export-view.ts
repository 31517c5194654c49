import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { type AlcoveError, isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { ImportReport } from '../../session/chats/chat-transfer.ts';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import { quietButton } from '../base/text-button.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { formatFraction } from '../lib/format.ts';
import { plural } from '../lib/plural.ts';
import { saveFile, today } from '../lib/save-file.ts';
import { importGaps, importLabel } from './import-labels.ts';
import '../base/confirm-button.ts';
import '../errors/notice.ts';

/** Fewest characters of a new passphrase: shorter ones are guessed within hours, even with a slow key derivation. */
const PASSPHRASE_LENGTH = 10;

/** Most rows about what was not imported; the others are counted. */
const MOST_GAPS = 20;

type Work =
  | { readonly status: 'idle' }
  | { readonly status: 'exporting' }
  | { readonly status: 'importing'; readonly readFraction: number; readonly chatCount: number }
  /** The file is encrypted. */
  | { readonly status: 'encrypted'; readonly file: File; readonly wasWrong: boolean }
  | { readonly status: 'exported'; readonly chatCount: number; readonly unread: readonly string[] }
  | { readonly status: 'imported'; readonly report: ImportReport }
  | { readonly status: 'deleting' }
  | { readonly status: 'deleted'; readonly chatCount: number }
  | { readonly status: 'failed'; readonly error: AlcoveError };

/**
 * @summary Exports all chats to a file, encrypted with a passphrase on request; imports chats of Alcove and other
 *   programs; deletes all chats.
 */
@customElement('alcove-import-export')
export class ImportExportView extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    panelStyles,
    css`
      :host {
        display: grid;
        gap: 16px;
      }

      form,
      .import,
      .delete {
        display: grid;
        gap: 10px;
        justify-items: start;
        font-size: var(--_text-s);
      }

      .field {
        inline-size: min(100%, 26 * var(--_rem));
      }

      .check {
        display: flex;
        align-items: center;
        gap: 10px;
        min-block-size: 40px;
        cursor: pointer;
      }

      input[type='file'] {
        max-inline-size: 100%;
      }

      progress {
        inline-size: min(100%, 26 * var(--_rem));
        accent-color: var(--_accent);
      }

      .result {
        display: grid;
        gap: 6px;
        padding: 12px 14px;
        border: 1px solid transparent;
        border-radius: var(--_radius);
        background: var(--_accent-soft);
        font-size: var(--_text-s);
      }

      .result ul {
        display: grid;
        gap: 4px;
        padding-inline-start: 1.2em;
        list-style: disc;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  @state() private work: Work = { status: 'idle' };
  @state() private isEncrypting = false;
  @state() private inputError = '';

  #import: AbortController | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#import?.abort();
  }

  get #isBusy(): boolean {
    return ['exporting', 'importing', 'deleting'].includes(this.work.status);
  }

  /** The button is not `disabled` during the export: a disabled button loses the focus. */
  async #onExport(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.#isBusy) return;
    const passphrase = this.isEncrypting ? passphraseIn(event) : undefined;
    if (passphrase !== undefined && [...passphrase].length < PASSPHRASE_LENGTH) {
      this.inputError = plural(
        PASSPHRASE_LENGTH,
        msg('one: A passphrase has at least # character. | other: A passphrase has at least # characters.'),
      );
      return;
    }
    this.inputError = '';
    await this.#try(async () => {
      this.work = { status: 'exporting' };
      if (this.session === undefined) return;
      const { file, chatCount, unread } = await this.session.chats.transfer.exportAll(passphrase);
      saveFile(`alcove-chats-${today()}.${passphrase === undefined ? 'json' : 'json.age'}`, file);
      this.work = { status: 'exported', chatCount, unread };
    });
  }

  #onFile(event: Event): void {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    const file = input.files?.[0];
    // Else choosing the same file again would not be a change.
    input.value = '';
    if (file !== undefined) void this.#read(file, undefined);
  }

  #onUnlock(event: SubmitEvent, file: File): void {
    event.preventDefault();
    const passphrase = passphraseIn(event);
    if (passphrase !== '') void this.#read(file, passphrase);
  }

  async #read(file: File, passphrase: string | undefined): Promise<void> {
    this.#import = new AbortController();
    const { signal } = this.#import;
    await this.#try(async () => {
      this.work = { status: 'importing', readFraction: 0, chatCount: 0 };
      const onProgress = (readBytes: number, chatCount: number): void => {
        this.work = { status: 'importing', readFraction: file.size === 0 ? 1 : readBytes / file.size, chatCount };
      };
      const report = await this.session?.chats.transfer.import(file, { passphrase, signal, onProgress });
      if (report !== undefined) this.work = { status: 'imported', report };
    }, file);
  }

  async #try(work: () => Promise<void>, file?: File): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (isAbortError(thrown)) {
        this.work = { status: 'idle' };
        return;
      }
      const error = toAlcoveError(thrown);
      const isEncrypted = error.code === 'passphrase-needed' || error.code === 'passphrase-wrong';
      this.work =
        isEncrypted && file !== undefined
          ? { status: 'encrypted', file, wasWrong: error.code === 'passphrase-wrong' }
          : { status: 'failed', error };
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLInputElement>('.unlock input')?.focus();
    }
  }

  override render(): TemplateResult {
    const isBusy = this.#isBusy;
    return html`<h2>${msg('Chats')}</h2>
      ${this.#renderExport(isBusy)}${this.#renderImport(isBusy)}${this.#renderDelete()}
      <div role="status">${this.#renderOutcome()}</div>`;
  }

  #renderExport(isBusy: boolean): TemplateResult {
    return html`<form @submit=${this.#onExport}>
      <p>${msg('Save all chats in one file: to keep a copy, or to move them to another device.')}</p>
      <label class="check">
        <input
          type="checkbox"
          name="encrypt"
          .checked=${this.isEncrypting}
          @change=${(event: Event) => {
            this.isEncrypting = event.target instanceof HTMLInputElement && event.target.checked;
            this.inputError = '';
          }}
        />${msg('Encrypt it with a passphrase')}
      </label>
      ${
        this.isEncrypting
          ? html`<label class="field">
            <span>${msg('Passphrase')}</span>
            <input name="passphrase" type="password" autocomplete="new-password" required aria-invalid=${this.inputError !== ''} />
            <span class="muted">${msg('Use several words. Without the passphrase nobody can open the file, and nobody can reset it.')}</span>
          </label>`
          : nothing
      }
      ${this.inputError === '' ? nothing : html`<p class="wrong" role="alert">${this.inputError}</p>`}
      <button type="submit" class="button" aria-disabled=${isBusy}>
        ${this.work.status === 'exporting' ? msg('Saving…') : msg('Save all chats')}
      </button>
    </form>`;
  }

  #renderImport(isBusy: boolean): TemplateResult {
    const { work } = this;
    return html`<div class="import">
      <p>${msg('Import chats from a file of Alcove, ChatGPT (the ZIP that it sends), Open WebUI or web-llm-chat. Chats that are already here are not duplicated.')}</p>
      ${
        work.status === 'importing'
          ? html`<progress aria-label=${msg('Import')} .value=${work.readFraction} max="1"></progress>
            <p class="numbers">
              ${formatFraction(work.readFraction)} ·
              ${plural(work.chatCount, msg('one: # chat so far | other: # chats so far'))}
            </p>
            <button type="button" class="button" @click=${() => this.#import?.abort()}>${msg('Cancel')}</button>`
          : html`<label class="button file">
            ${msg('Choose a file')}
            <input type="file" accept=".json,.age,.zip,application/json" ?disabled=${isBusy} @change=${this.#onFile} />
          </label>`
      }
      ${work.status === 'encrypted' ? this.#renderEncrypted(work.file, work.wasWrong) : nothing}
    </div>`;
  }

  #renderDelete(): TemplateResult {
    return html`<div class="delete">
      <p>${msg('Delete all chats and drafts from this device. Models and settings stay.')}</p>
      ${
        this.work.status === 'exporting' || this.work.status === 'importing'
          ? nothing
          : html`<alcove-confirm-button
            label=${msg('Delete all chats')}
            question=${msg('Delete them permanently? This cannot be undone.')}
            @alcove-confirm=${this.#deleteAll}
          ></alcove-confirm-button>`
      }
    </div>`;
  }

  async #deleteAll(): Promise<void> {
    if (this.#isBusy) return;
    await this.#try(async () => {
      this.work = { status: 'deleting' };
      const chatCount = await this.session?.chats.deleteAll();
      if (chatCount !== undefined) this.work = { status: 'deleted', chatCount };
    });
  }

  #renderEncrypted(file: File, wasWrong: boolean): TemplateResult {
    return html`<form class="unlock" @submit=${(event: SubmitEvent) => this.#onUnlock(event, file)}>
      <label class="field">
        <span>${msg('Passphrase of this backup')}</span>
        <input name="passphrase" type="password" autocomplete="off" required aria-invalid=${wasWrong} />
      </label>
      ${
        wasWrong
          ? html`<p class="wrong" role="alert">
            ${msg('That is not the passphrase of this file. Nothing was changed. Capital letters and spaces matter.')}
          </p>`
          : nothing
      }
      <div class="row">
        <button type="submit" class="button primary">${msg('Open')}</button>
        ${quietButton(msg('Cancel'), () => {
          this.work = { status: 'idle' };
        })}
      </div>
    </form>`;
  }

  #renderOutcome(): TemplateResult | typeof nothing {
    const { work } = this;
    if (work.status === 'failed') return html`<alcove-notice .error=${work.error} without-action></alcove-notice>`;
    if (work.status === 'exported') {
      return html`<div class="result">
        <p>${plural(work.chatCount, msg('one: # chat was saved. | other: # chats were saved.'))}</p>
        ${work.unread.length === 0 ? nothing : html`<p>${msg('These chats cannot be read and are not in the file:')}</p>${list(work.unread)}`}
      </div>`;
    }
    if (work.status === 'deleted') {
      return html`<p class="result">
        ${plural(work.chatCount, msg('one: # chat was deleted. | other: # chats were deleted.'))}
      </p>`;
    }
    if (work.status !== 'imported') return nothing;
    const gaps = importGaps(work.report);
    return html`<div class="result">
      <p>${importLabel(work.report)}</p>
      ${gaps.length === 0 ? nothing : html`<p>${msg('Not imported:')}</p>${list(gaps)}`}
    </div>`;
  }
}

function list(lines: readonly string[]): TemplateResult {
  const rest = lines.length - MOST_GAPS;
  return html`<ul>
    ${lines.slice(0, MOST_GAPS).map((line) => html`<li dir="auto">${line}</li>`)}
    ${rest > 0 ? html`<li>${plural(rest, msg('one: and # more | other: and # more'))}</li>` : nothing}
  </ul>`;
}

function passphraseIn(event: SubmitEvent): string {
  return event.target instanceof HTMLFormElement ? String(new FormData(event.target).get('passphrase') ?? '') : '';
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-import-export': ImportExportView;
  }
}
