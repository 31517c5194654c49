import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { quietButton } from '../base/text-button.ts';
import { plural, sentences } from '../lib/plural.ts';
import { saveFile } from '../lib/save-file.ts';

export const savedRecordsStyles = css`
  form {
    display: grid;
    gap: 10px;
    padding: 16px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
  }
`;

/** What an import says, each with its plural forms. */
interface ImportMessages {
  readonly added: string;
  readonly unread: string;
}

type ReadFile = (file: File) => Promise<{ readonly added: number; readonly unread: number }> | undefined;

/** A list of records that the user saves, edits in a form, imports from a file and exports to one. */
export abstract class SavedRecordsView extends LitElement {
  @state() private status = '';

  /** Call it after the form was opened. */
  protected async focusForm(): Promise<void> {
    this.status = '';
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('form input')?.focus();
  }

  /** Does the work, and says so if the browser does not store it. */
  protected async store(work: () => Promise<void> | undefined, status?: string): Promise<void> {
    try {
      await work();
      if (status !== undefined) this.status = status;
    } catch {
      this.status = msg('This browser window does not store settings: it applies until the tab is closed.');
    }
    this.requestUpdate();
  }

  async #import({ target }: Event, read: ReadFile, messages: ImportMessages): Promise<void> {
    if (!(target instanceof HTMLInputElement)) return;
    const file = target.files?.[0];
    target.value = '';
    if (file === undefined) return;
    await this.store(async () => {
      const { added = 0, unread = 0 } = (await read(file)) ?? {};
      this.status = sentences(plural(added, messages.added), unread === 0 ? '' : plural(unread, messages.unread));
    });
  }

  protected renderImport(label: string, read: ReadFile, messages: ImportMessages): TemplateResult {
    return html`<label class="button quiet file">
      ${label}
      <input type="file" accept=".json,application/json" @change=${(event: Event) => this.#import(event, read, messages)} />
    </label>`;
  }

  protected renderExport(label: string, name: string, write: () => Promise<Blob> | undefined): TemplateResult {
    return quietButton(label, async () => {
      const file = await write();
      if (file !== undefined) saveFile(name, file);
    });
  }

  protected renderForm(
    fields: TemplateResult,
    onSave: (fields: FormData) => unknown,
    onCancel: () => void,
  ): TemplateResult {
    const onSubmit = (event: SubmitEvent): void => {
      event.preventDefault();
      if (event.target instanceof HTMLFormElement) onSave(new FormData(event.target));
    };
    return html`<form @submit=${onSubmit}>
      ${fields}
      <div class="controls">
        <button type="submit" class="button primary">${msg('Save')}</button>
        ${quietButton(msg('Cancel'), onCancel)}
      </div>
    </form>`;
  }

  protected renderStatus(): TemplateResult {
    return html`<p class="small" role="status">${this.status}</p>`;
  }
}
