import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { type AlcoveError, isAbortError, toAlcoveError } from '../../platform/errors.ts';
import { baseStyles } from '../base/base.styles.ts';
import { formStyles } from '../base/form.styles.ts';
import { panelStyles } from '../base/panel.styles.ts';
import { quietButton } from '../base/text-button.ts';
import type { SessionLike } from '../contract/session-like.ts';
import { customElement } from '../lib/custom-element.ts';
import { formatFraction } from '../lib/format.ts';
import { plural } from '../lib/plural.ts';
import { saveFile, today } from '../lib/save-file.ts';
import { chatsIn, type FileReport, gapsOf, importLabel } from './import-labels.ts';
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
  /** The file is encrypted. `before` and `after` are the other files that were chosen with it. */
  | {
      readonly status: 'encrypted';
      readonly file: File;
      readonly wasWrong: boolean;
      readonly before: readonly FileReport[];
      readonly after: readonly File[];
    }
  | { readonly status: 'exported'; readonly chatCount: number; readonly unread: readonly string[] }
  | { readonly status: 'imported'; readonly reports: readonly FileReport[] }
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

      .import {
        padding: 12px 14px;
        border: 1px dashed var(--_border);
        border-radius: var(--_radius);
      }

      .import.over {
        border-color: var(--_accent);
        background: var(--_accent-soft);
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
  @state() private isDraggedOver = false;

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
        msg('one: Use at least # character. | other: Use at least # characters.'),
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

  #onFiles(event: Event): void {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    const files = Array.from(input.files ?? []);
    // Else choosing the same file again would not be a change.
    input.value = '';
    void this.#readAll(files);
  }

  #onDrag(event: DragEvent): void {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    this.isDraggedOver = event.type === 'dragover';
    if (event.type !== 'drop' || this.#isBusy) return;
    void this.#readAll(Array.from(event.dataTransfer.files));
  }

  #onUnlock(event: SubmitEvent): void {
    event.preventDefault();
    const passphrase = passphraseIn(event);
    const { work } = this;
    if (passphrase === '' || work.status !== 'encrypted') return;
    void this.#readAll([work.file, ...work.after], work.before, passphrase);
  }

  /** Imports one file after the other. A file that cannot be read does not keep the others from being read. */
  async #readAll(files: readonly File[], before: readonly FileReport[] = [], passphrase?: string): Promise<void> {
    if (files.length === 0) return;
    this.#import = new AbortController();
    const { signal } = this.#import;
    const reports = [...before];
    for (const [index, file] of files.entries()) {
      const after = files.slice(index + 1);
      const result = await this.#read(file, index === 0 ? passphrase : undefined, signal, { before: reports, after });
      if (result === undefined) return;
      reports.push(result);
    }
    this.work = { status: 'imported', reports };
  }

  /** Returns undefined where the import ends for now: it was cancelled, or it waits for a passphrase. */
  async #read(
    file: File,
    passphrase: string | undefined,
    signal: AbortSignal,
    others: { readonly before: readonly FileReport[]; readonly after: readonly File[] },
  ): Promise<FileReport | undefined> {
    const earlier = others.before.reduce((sum, { report }) => sum + (report === undefined ? 0 : chatsIn(report)), 0);
    const onProgress = (readBytes: number, chatCount: number): void => {
      const readFraction = file.size === 0 ? 1 : readBytes / file.size;
      this.work = { status: 'importing', readFraction, chatCount: earlier + chatCount };
    };
    try {
      onProgress(0, 0);
      const report = await this.session?.chats.transfer.import(file, { passphrase, signal, onProgress });
      return report && { name: file.name, report };
    } catch (thrown) {
      if (isAbortError(thrown)) {
        this.work = { status: 'idle' };
        return undefined;
      }
      const error = toAlcoveError(thrown);
      if (error.code !== 'passphrase-needed' && error.code !== 'passphrase-wrong') return { name: file.name, error };
      this.work = { status: 'encrypted', file, wasWrong: error.code === 'passphrase-wrong', ...others };
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLInputElement>('.unlock input')?.focus();
      return undefined;
    }
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.work = isAbortError(thrown) ? { status: 'idle' } : { status: 'failed', error: toAlcoveError(thrown) };
    }
  }

  override render(): TemplateResult {
    const isBusy = this.#isBusy;
    return html`<h2>${msg('Save and import')}</h2>
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
    return html`<div
      class="import ${this.isDraggedOver ? 'over' : ''}"
      @dragover=${this.#onDrag}
      @dragleave=${this.#onDrag}
      @drop=${this.#onDrag}
    >
      <p>${msg('Import chats of Alcove, ChatGPT and Claude (the ZIP that they send), LM Studio, Open WebUI, llama.cpp, LibreChat, NextChat or web-llm-chat. Choose files, or drop them here. Chats that are already here are not duplicated.')}</p>
      ${
        work.status === 'importing'
          ? html`<progress aria-label=${msg('Import')} .value=${work.readFraction} max="1"></progress>
            <p class="numbers">
              ${formatFraction(work.readFraction)} ·
              ${plural(work.chatCount, msg('one: # chat so far | other: # chats so far'))}
            </p>
            <button type="button" class="button" @click=${() => this.#import?.abort()}>${msg('Cancel')}</button>`
          : html`<label class="button file">
            ${msg('Choose files')}
            <input type="file" multiple accept=".json,.jsonl,.age,.zip,application/json" ?disabled=${isBusy} @change=${this.#onFiles} />
          </label>`
      }
      ${work.status === 'encrypted' ? this.#renderEncrypted(work.wasWrong) : nothing}
    </div>`;
  }

  #renderDelete(): TemplateResult {
    return html`<div class="delete">
      <p>${msg('Delete all chats, drafts and projects from this device. Models and settings stay.')}</p>
      ${
        this.work.status === 'exporting' || this.work.status === 'importing'
          ? nothing
          : html`<alcove-confirm-button
            class="alone"
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

  #renderEncrypted(wasWrong: boolean): TemplateResult {
    return html`<form class="unlock" @submit=${this.#onUnlock}>
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
    const gaps = gapsOf(work.reports);
    const failed = work.reports.map(
      ({ name, error }) =>
        error && html`<alcove-notice .error=${error} without-action><bdi>${name}</bdi></alcove-notice>`,
    );
    if (work.reports.every(({ error }) => error !== undefined)) return html`${failed}`;
    return html`${failed}
    <div class="result">
      <p>${importLabel(work.reports.flatMap(({ report }) => report ?? []))}</p>
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
