import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';

export interface AddEvents {
  /** A repository's name or an address was typed. */
  onLook(text: string): void;
  onPick(): void;
  /** Files are held over the page, or no longer. */
  onOver(isOver: boolean): void;
  onDrop(dropped: DataTransfer): void;
  /** A repository in MLC's format, and its library. */
  onMlc(repo: string, library: string): void;
}

/** What was looked at last: it stays in its fields, to be put right. */
export interface Typed {
  readonly from: string;
  readonly repo: string;
  readonly library: string;
}

export const NOTHING_TYPED: Typed = { from: '', repo: '', library: '' };

/**
 * From where a model can be added: a name or an address, the disk, MLC's format.
 * @param host that names of repositories are looked up at
 */
export function renderBackends(host: string, typed: Typed, isOver: boolean, on: AddEvents): TemplateResult {
  return html`<section>
      <form class="field" @submit=${(event: SubmitEvent) => on.onLook(fieldValue(event, 'from'))}>
        <span>${msg('Hugging Face repository, or the address of a GGUF')}</span>
        <div class="row">
          <input
            name="from"
            type="text"
            inputmode="url"
            spellcheck="false"
            autocomplete="off"
            .value=${typed.from}
            aria-label=${msg('Repository or address')}
            placeholder="bartowski/SmolLM2-360M-Instruct-GGUF"
            data-focus
          />
          <button type="submit" class="button primary">${msg('Look')}</button>
        </div>
        <span class="muted">${msg(str`Asks ${host}.`)} <a href="#settings">${msg('Use a mirror')}</a></span>
      </form>
    </section>
    ${renderDisk(isOver, on)} ${renderMlc(typed, on)}`;
}

function renderDisk(isOver: boolean, { onPick, onOver, onDrop }: AddEvents): TemplateResult {
  return html`<section
    class="drop ${isOver ? 'over' : ''}"
    @dragover=${(event: DragEvent) => {
      event.preventDefault();
      onOver(true);
    }}
    @dragleave=${() => onOver(false)}
    @drop=${(event: DragEvent) => {
      event.preventDefault();
      onOver(false);
      if (event.dataTransfer !== null) onDrop(event.dataTransfer);
    }}
  >
    <h2>${msg('From your disk')}</h2>
    <p class="small">
      ${msg('A GGUF is opened where it lies, without a copy. A model that Alcove has exported (.tar), or a description (.json), is brought in. Drop it here, or choose it.')}
    </p>
    <button type="button" class="button" @click=${onPick}>${msg('Choose a file')}</button>
  </section>`;
}

function renderMlc({ repo, library }: Typed, { onMlc }: AddEvents): TemplateResult {
  return html`<details ?open=${repo !== '' || library !== ''}>
    <summary>${msg('A model in MLC’s format, for web-llm')}</summary>
    <form @submit=${(event: SubmitEvent) => onMlc(fieldValue(event, 'repo'), fieldValue(event, 'library'))}>
      <label class="field"
        ><span>${msg('Repository')}</span
        ><input
          name="repo"
          type="text"
          spellcheck="false"
          .value=${repo}
          placeholder="mlc-ai/SmolLM2-360M-Instruct-q4f16_1-MLC"
        />
      </label>
      <label class="field"
        ><span>${msg('Address of its compiled library')}</span
        ><input
          name="library"
          type="text"
          inputmode="url"
          spellcheck="false"
          .value=${library}
          placeholder="https://…/model-webgpu.wasm"
        />
      </label>
      <button type="submit" class="button">${msg('Look at it')}</button>
    </form>
  </details>`;
}

function fieldValue(event: SubmitEvent, name: string): string {
  event.preventDefault();
  const form = event.target;
  return form instanceof HTMLFormElement ? String(new FormData(form).get(name) ?? '').trim() : '';
}
