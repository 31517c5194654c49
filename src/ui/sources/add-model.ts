import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ModelDraft } from '../../app/add-model/draft.ts';
import { draftOfFiles, draftOfUrl } from '../../app/add-model/gguf-drafts.ts';
import { draftOfMlc } from '../../app/add-model/mlc-draft.ts';
import {
  draftOfChoice,
  listRepositoryModels,
  type RepositoryListing,
  readRepositoryName,
} from '../../app/add-model/repository.ts';
import { draftOfJson, readSharedRecord } from '../../app/add-model/share-link.ts';
import { allowHost, mayAsk } from '../../app/allow-hosts.ts';
import type { PickedFile } from '../../app/custom-models.ts';
import { readHosts } from '../../app/hosts.ts';
import type { PlanOptions } from '../../download/plan-request.ts';
import { AlcoveError, isAbortError, toAlcoveError } from '../../errors.ts';
import { MANIFEST_NAME, type ModelArchive, readArchive, readArchiveFolder } from '../../storage/model-archive.ts';
import { baseStyles } from '../base.styles.ts';
import { formStyles } from '../form.styles.ts';
import { formatBytes } from '../format.ts';
import type { SessionLike } from '../session-like.ts';
import type { ChoiceEvent, DraftEvent } from './draft-events.ts';
import { takeDropped } from './drop-anywhere.ts';
import type { ReviewReason } from './model-review.ts';
import { droppedFiles, pickFiles } from './pick-files.ts';
import './model-review.ts';
import './repository-list.ts';
import '../icon.ts';
import '../notice.ts';

/** Where the reader is. */
type Step =
  | { readonly at: 'start' }
  | { readonly at: 'working'; readonly words: string }
  /** The page's policy forbids a host; `input` is gone on with after the page was loaded again. */
  | { readonly at: 'host'; readonly origin: string; readonly input: string }
  | { readonly at: 'listing'; readonly listing: RepositoryListing }
  | { readonly at: 'review'; readonly draft: ModelDraft; readonly reason: ReviewReason }
  | { readonly at: 'archive'; readonly archive: ModelArchive };

/** In the address, before what was typed: gone on with after the page was loaded again. */
const TYPED = 'from:';

/**
 * @summary Adds a model from anywhere: a repository, an address, a file on the disk, an exported model, a shared address.
 *   What it is, is shown before anything of it is loaded or downloaded.
 */
@customElement('alcove-add-model')
export class AddModel extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    css`
      :host {
        display: grid;
        gap: 28px;
      }

      section {
        display: grid;
        gap: 12px;
      }

      h2 {
        margin: 0;
        font-size: var(--_text-s);
        font-weight: 650;
      }

      .drop {
        display: grid;
        gap: 12px;
        justify-items: start;
        padding: 20px;
        border: 1px dashed var(--_border-strong);
        border-radius: var(--_radius-large);
      }

      .drop.over {
        border-color: var(--_accent);
        background: var(--_accent-soft);
      }

      summary {
        padding-block: 10px;
        font-size: var(--_text-s);
        cursor: pointer;
      }

      details form {
        display: grid;
        gap: 12px;
        padding-block-start: 8px;
      }

      details .button {
        justify-self: start;
      }
    `,
  ];

  @property({ attribute: false }) session: SessionLike | undefined;

  /** What the address has after `#add=`: a shared record, or what was typed before the page was loaded again. */
  @property() shared = '';

  /** The id of a model to be changed. */
  @property() edited = '';

  @state() private step: Step = { at: 'start' };
  @state() private error: AlcoveError | undefined;
  @state() private isOver = false;
  #abort = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if ((changed.has('session') || changed.has('shared') || changed.has('edited')) && this.session !== undefined)
      this.#begin(this.session);
  }

  #begin(session: SessionLike): void {
    this.error = undefined;
    this.step = { at: 'start' };
    const dropped = takeDropped();
    if (this.edited !== '') {
      const entry = session.state.models.find(({ record, isCustom }) => isCustom && record.id === this.edited);
      if (entry === undefined) this.error = new AlcoveError('model-unknown', `${this.edited} was not added`);
      else {
        const draft = { record: entry.record, header: undefined, files: undefined };
        this.step = { at: 'review', draft, reason: 'edit' };
      }
    } else if (dropped !== undefined) {
      void this.#run(msg('Reading what the file says about itself…'), async () => this.#open(await dropped));
    } else if (this.shared.startsWith(TYPED)) {
      const typed = decodeURIComponent(this.shared.slice(TYPED.length));
      if (typed !== '') void this.#look(typed);
    } else if (this.shared !== '') {
      try {
        this.step = { at: 'review', draft: readSharedRecord(this.shared), reason: 'shared' };
      } catch (error) {
        this.error = toAlcoveError(error, 'record-invalid');
      }
    }
  }

  get #options(): PlanOptions {
    return { baseUrl: location.href, huggingFaceUrl: readHosts().huggingFaceUrl, signal: this.#abort.signal };
  }

  /** Runs one look at something; what goes wrong is said, and leads back to the beginning. */
  async #run(words: string, work: () => Promise<Step>): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.error = undefined;
    const before = this.step.at === 'listing' ? this.step : ({ at: 'start' } as const);
    this.step = { at: 'working', words };
    try {
      const step = await work();
      if (!signal.aborted) this.step = step;
    } catch (error) {
      if (signal.aborted) return;
      this.step = before;
      if (!isAbortError(error)) this.error = toAlcoveError(error);
    }
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[data-focus]')?.focus();
  }

  /** A repository's name, or an address of one or of a file. */
  async #look(text: string): Promise<void> {
    const input = text.trim();
    const repo = readRepositoryName(input, this.#options);
    const address = repo === undefined ? URL.parse(input) : new URL(this.#options.huggingFaceUrl ?? '');
    if (address === null || (address.protocol !== 'https:' && address.protocol !== 'http:')) {
      this.error = new AlcoveError('repo-missing', 'neither a name nor an address', { data: { host: '' } });
      return;
    }
    if (!mayAsk(address.href)) {
      this.step = { at: 'host', origin: address.origin, input };
      return;
    }
    await this.#run(msg(str`Asking ${address.host}…`), async () => {
      if (repo === undefined)
        return { at: 'review', draft: await draftOfUrl(fileAddress(address), this.#options), reason: 'new' };
      const listing = await listRepositoryModels(repo, this.session?.state.device, this.#options);
      return { at: 'listing', listing };
    });
  }

  async #onChoice({ choice }: ChoiceEvent): Promise<void> {
    if (this.step.at !== 'listing') return;
    const { listing } = this.step;
    await this.#run(msg('Reading what the file says about itself…'), async () => ({
      at: 'review',
      draft: await draftOfChoice(listing, choice, this.#options),
      reason: 'new',
    }));
  }

  async #pick(): Promise<void> {
    await this.#run(msg('Reading what the file says about itself…'), async () => this.#open(await pickFiles()));
  }

  #onDrop(event: DragEvent): void {
    event.preventDefault();
    this.isOver = false;
    if (event.dataTransfer === null) return;
    const files = droppedFiles(event.dataTransfer);
    void this.#run(msg('Reading what the file says about itself…'), async () => this.#open(await files));
  }

  /** What the files are, by what is in them. */
  async #open(picked: readonly PickedFile[]): Promise<Step> {
    const [first] = picked;
    if (first === undefined) return { at: 'start' };
    if (picked.some(({ file }) => file.name === MANIFEST_NAME)) {
      return { at: 'archive', archive: await readArchiveFolder(picked.map(({ file }) => file)) };
    }
    if (/\.tar$/i.test(first.file.name)) return { at: 'archive', archive: await readArchive(first.file) };
    if (/\.json$/i.test(first.file.name)) {
      return { at: 'review', draft: draftOfJson(await readJson(first.file)), reason: 'shared' };
    }
    return { at: 'review', draft: await draftOfFiles(picked), reason: 'new' };
  }

  #onMlc(event: SubmitEvent): void {
    const repo = readRepositoryName(fieldValue(event, 'repo'), this.#options);
    const library = URL.parse(fieldValue(event, 'library'));
    if (repo === undefined || library === null || library.protocol !== 'https:') {
      this.error = new AlcoveError('record-invalid', 'no repository or library', {
        data: { path: repo === undefined ? 'source.repo' : 'source.library.url' },
      });
      return;
    }
    this.error = undefined;
    const unasked = [this.#options.huggingFaceUrl ?? '', library.href].find((url) => !mayAsk(url));
    if (unasked !== undefined) {
      this.step = { at: 'host', origin: new URL(unasked).origin, input: '' };
      return;
    }
    void this.#run(msg(str`Asking ${new URL(readHosts().huggingFaceUrl).host}…`), async () => ({
      at: 'review',
      draft: await draftOfMlc(repo, library, this.#options),
      reason: 'new',
    }));
  }

  async #onDraft({ step, record }: DraftEvent): Promise<void> {
    const { session } = this;
    if (session === undefined || this.step.at !== 'review') return;
    const { draft, reason } = this.step;
    if (step === 'cancel') {
      if (reason === 'edit') location.hash = '#models';
      else {
        history.replaceState(null, '', '#add');
        this.step = { at: 'start' };
      }
      return;
    }
    try {
      await (await session.customModels).put(record, draft.files);
      if (step === 'add-and-get') {
        session.selectModel(record.id);
        if (record.source.kind !== 'disk') await session.download(record.id);
      }
      location.hash = step === 'add-and-get' && record.source.kind === 'disk' ? '' : '#models';
    } catch (error) {
      this.error = toAlcoveError(error);
    }
  }

  async #import(archive: ModelArchive): Promise<void> {
    const { session } = this;
    if (session === undefined) return;
    const known = session.state.models.find(({ record }) => record.id === archive.plan.record.id)?.record;
    try {
      const modelId = await (await session.customModels).importArchive(archive, known);
      session.selectModel(modelId);
      location.hash = '#models';
    } catch (error) {
      this.error = toAlcoveError(error);
    }
  }

  override render(): TemplateResult {
    return html`${
      this.error === undefined
        ? nothing
        : html`<alcove-notice role="alert" .error=${this.error} without-action></alcove-notice>`
    }
    ${this.#renderStep()}`;
  }

  #renderStep(): TemplateResult {
    const { step } = this;
    switch (step.at) {
      case 'start':
        return this.#renderStart();
      case 'working':
        return html`<p role="status">${step.words}</p>`;
      case 'host':
        return this.#renderHost(step);
      case 'listing':
        return html`<alcove-repository-list
            .listing=${step.listing}
            @alcove-choice=${this.#onChoice}
          ></alcove-repository-list>
          ${this.#renderBack()}`;
      case 'review':
        return html`<alcove-model-review
          .draft=${step.draft}
          reason=${step.reason}
          mirrorHost=${new URL(readHosts().huggingFaceUrl).host}
          .device=${this.session?.state.device}
          @alcove-draft=${this.#onDraft}
        ></alcove-model-review>`;
      case 'archive':
        return this.#renderArchive(step.archive);
    }
  }

  #renderStart(): TemplateResult {
    return html`<section>
        <form
          class="field"
          @submit=${(event: SubmitEvent) => void this.#look(fieldValue(event, 'from'))}
        >
          <span>${msg('Hugging Face repository, or the address of a GGUF')}</span>
          <div class="row">
            <input
              name="from"
              type="text"
              inputmode="url"
              spellcheck="false"
              autocomplete="off"
              aria-label=${msg('Repository or address')}
              placeholder="bartowski/SmolLM2-360M-Instruct-GGUF"
              data-focus
            />
            <button type="submit" class="button primary">${msg('Look')}</button>
          </div>
          <span class="muted">
            ${msg(str`Asks ${new URL(readHosts().huggingFaceUrl).host}.`)}
            <a href="#settings">${msg('Use a mirror')}</a>
          </span>
        </form>
      </section>
      <section
        class="drop ${this.isOver ? 'over' : ''}"
        @dragover=${(event: DragEvent) => {
          event.preventDefault();
          this.isOver = true;
        }}
        @dragleave=${() => {
          this.isOver = false;
        }}
        @drop=${this.#onDrop}
      >
        <h2>${msg('From your disk')}</h2>
        <p class="small">
          ${msg('A GGUF is opened where it lies, without a copy. A model that Alcove has exported (.tar), or a description (.json), is brought in. Drop it here, or choose it.')}
        </p>
        <button type="button" class="button" @click=${this.#pick}>${msg('Choose a file')}</button>
      </section>
      <details>
        <summary>${msg('A model in MLC’s format, for web-llm')}</summary>
        <form @submit=${this.#onMlc}>
          <label class="field"
            ><span>${msg('Repository')}</span
            ><input name="repo" type="text" spellcheck="false" placeholder="mlc-ai/SmolLM2-360M-Instruct-q4f16_1-MLC" />
          </label>
          <label class="field"
            ><span>${msg('Address of its compiled library')}</span
            ><input name="library" type="text" inputmode="url" spellcheck="false" placeholder="https://…/model-webgpu.wasm" />
          </label>
          <button type="submit" class="button">${msg('Look at it')}</button>
        </form>
      </details>`;
  }

  #renderHost({ origin, input }: { readonly origin: string; readonly input: string }): TemplateResult {
    const { host } = new URL(origin);
    return html`<section>
      <h2>${msg(str`This page has not asked ${host} yet`)}</h2>
      <p class="small">
        ${msg('The browser forbids every host that you have not allowed. If you allow it, the page is loaded again and goes on here; chats are kept. An address that leads on to another host needs that one, too.')}
      </p>
      <div class="row">
        <button type="button" class="button primary" @click=${() => this.#allow(origin, input)}>
          ${msg(str`Allow ${host}`)}
        </button>
        <button
          type="button"
          class="button quiet"
          @click=${() => {
            this.step = { at: 'start' };
          }}
        >
          ${msg('Back')}
        </button>
      </div>
    </section>`;
  }

  #allow(origin: string, input: string): void {
    try {
      allowHost(origin);
      history.replaceState(null, '', `#add=${TYPED}${encodeURIComponent(input)}`);
      location.reload();
    } catch (error) {
      this.error = toAlcoveError(error, 'storage-unavailable');
    }
  }

  #renderArchive(archive: ModelArchive): TemplateResult {
    const { record, files } = archive.plan;
    const sizeBytes = files.reduce((sum, file) => sum + (file.sizeBytes ?? 0), 0);
    return html`<section>
      <h2>${record.name}</h2>
      <p class="small">
        ${msg(str`${record.maker}, ${record.quantization}, ${formatBytes(sizeBytes)}. Each file is compared with its hash while it is stored. The hashes are the archive’s own: they show damage, not who has made it.`)}
      </p>
      <div class="row">
        <button type="button" class="button primary" @click=${() => void this.#import(archive)}>${msg('Bring it in')}</button>
        <button
          type="button"
          class="button quiet"
          @click=${() => {
            this.step = { at: 'start' };
          }}
        >
          ${msg('Do not')}
        </button>
      </div>
    </section>`;
  }

  #renderBack(): TemplateResult {
    return html`<div>
      <button
        type="button"
        class="button quiet"
        @click=${() => {
          this.step = { at: 'start' };
        }}
      >
        ${msg('Back')}
      </button>
    </div>`;
  }
}

/** The page of a file on Hugging Face is not the file. */
function fileAddress(url: URL): URL {
  const file = new URL(url);
  file.pathname = file.pathname.replace(/^(\/[^/]+\/[^/]+)\/blob\//, '$1/resolve/');
  return file;
}

async function readJson(file: File): Promise<unknown> {
  try {
    // More than any description has.
    return JSON.parse(await file.slice(0, 1_000_000).text());
  } catch (error) {
    throw new AlcoveError('record-invalid', `${file.name} is not JSON`, { data: { path: '' }, cause: error });
  }
}

function fieldValue(event: SubmitEvent, name: string): string {
  event.preventDefault();
  const form = event.target;
  return form instanceof HTMLFormElement ? String(new FormData(form).get(name) ?? '').trim() : '';
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-add-model': AddModel;
  }
}
