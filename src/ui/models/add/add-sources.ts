import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';

export interface AddEvents {
  /** @param text a repository's name or a URL */
  onLookUp(text: string): void;
  onPick(): void;
  /** Called when dragged files enter or leave the drop area. */
  onDragChange(isDraggedOver: boolean): void;
  onDrop(dropped: DataTransfer): void;
  /** @param repo a repository in MLC's format @param library URL of its compiled library */
  onMlc(repo: string, library: string): void;
}

/** The last input, which stays in the fields so that the user can correct it. */
export interface SourceInput {
  readonly from: string;
  readonly repo: string;
  readonly library: string;
}

export const NO_INPUT: SourceInput = { from: '', repo: '', library: '' };

/** The sources that a model can be added from. @param host where repositories' names are looked up */
export function renderSources(host: string, input: SourceInput, isDraggedOver: boolean, on: AddEvents): TemplateResult {
  return html`<section>
      <form class="field" @submit=${(event: SubmitEvent) => on.onLookUp(fieldValue(event, 'from'))}>
        <span>${msg('Hugging Face repository, or the address of a GGUF')}</span>
        <div class="row">
          <input
            name="from"
            type="text"
            inputmode="url"
            spellcheck="false"
            autocomplete="off"
            .value=${input.from}
            aria-label=${msg('Repository or address')}
            placeholder="bartowski/SmolLM2-360M-Instruct-GGUF"
            data-focus
          />
          <button type="submit" class="button primary">${msg('Look up')}</button>
        </div>
        <span class="muted">${msg(str`Connects to ${host}.`)} <a href="#settings">${msg('Use a mirror')}</a></span>
      </form>
    </section>
    ${renderDisk(isDraggedOver, on)} ${renderMlc(input, on)}`;
}

function renderDisk(isDraggedOver: boolean, { onPick, onDragChange, onDrop }: AddEvents): TemplateResult {
  return html`<section
    class="drop ${isDraggedOver ? 'over' : ''}"
    @dragover=${(event: DragEvent) => {
      event.preventDefault();
      onDragChange(true);
    }}
    @dragleave=${() => onDragChange(false)}
    @drop=${(event: DragEvent) => {
      event.preventDefault();
      onDragChange(false);
      if (event.dataTransfer !== null) onDrop(event.dataTransfer);
    }}
  >
    <h2>${msg('From your disk')}</h2>
    <p class="small">
      ${msg('GGUF files are opened in place, without a copy. Models exported by Alcove (.tar) and descriptions (.json) are imported. Drop a file here, or choose one.')}
    </p>
    <button type="button" class="button" @click=${onPick}>${msg('Choose a file')}</button>
  </section>`;
}

function renderMlc({ repo, library }: SourceInput, { onMlc }: AddEvents): TemplateResult {
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
      <button type="submit" class="button">${msg('Review')}</button>
    </form>
  </details>`;
}

function fieldValue(event: SubmitEvent, name: string): string {
  event.preventDefault();
  const form = event.target;
  return form instanceof HTMLFormElement ? String(new FormData(form).get(name) ?? '').trim() : '';
}
