import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { PlanOptions } from '../../../download/http.ts';
import { AlcoveError, isAbortError, toAlcoveError } from '../../../platform/errors.ts';
import { safeDecodeUri } from '../../../platform/safe-decode-uri.ts';
import { fieldsOf } from '../../../platform/untrusted-json.ts';
import type { ModelDraft } from '../../../session/models/add/draft.ts';
import { draftOfUrl } from '../../../session/models/add/gguf-drafts.ts';
import { draftOfMlc } from '../../../session/models/add/mlc-draft.ts';
import { openFiles } from '../../../session/models/add/open-files.ts';
import {
  choiceOfTag,
  draftOfChoice,
  listRepositoryModels,
  type RepositoryListing,
} from '../../../session/models/add/repository.ts';
import { readNamedSource } from '../../../session/models/add/repository-name.ts';
import { readSharedRecord } from '../../../session/models/add/share-link.ts';
import { allowHost, mayAsk, readHosts } from '../../../session/models/allowed-hosts.ts';
import type { PickedFile } from '../../../session/models/custom-models.ts';
import { findModel } from '../../../session/state/find-model.ts';
import type { ModelArchive } from '../../../storage/weights/model-archive.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { formStyles } from '../../base/form.styles.ts';
import { panelStyles } from '../../base/panel.styles.ts';
import { ADD_MODEL_HASH, MODELS_HASH } from '../../contract/models-address.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { customElement } from '../../lib/custom-element.ts';
import { droppedFiles, pickFiles } from '../../lib/pick-files.ts';
import { renderArchiveQuestion, renderHostQuestion } from './add-questions.ts';
import { NO_INPUT, renderSources, type SourceInput } from './add-sources.ts';
import type { CheckpointSelectEvent, ModelReviewEvent } from './draft-events.ts';
import { takeDropped } from './drop-anywhere.ts';
import type { ReviewReason } from './model-review.ts';
import './model-review.ts';
import './repository-list.ts';
import '../../base/icon.ts';
import '../../errors/notice.ts';

type Step =
  | { readonly at: 'start' }
  | { readonly at: 'working'; readonly label: string }
  /** The page's policy forbids a host; once the user allows it, the page reloads and continues with `input`. */
  | { readonly at: 'host'; readonly origin: string; readonly input: string }
  | { readonly at: 'listing'; readonly listing: RepositoryListing }
  | { readonly at: 'review'; readonly draft: ModelDraft; readonly reason: ReviewReason }
  | { readonly at: 'archive'; readonly archive: ModelArchive };

/** Prefix in the URL's hash of input for the first field. Anyone can write such a URL, so that it sends no request by itself. */
const INPUT_PREFIX = 'from:';

/** `history.state` of input that the user looked up before the reload; only this page can set it. */
interface LookUpState {
  readonly lookUp: string;
}

/**
 * @summary The page for adding a model: from a repository, a URL, a file on the disk, an export or a shared link. The user
 *   reviews the model before anything of it is loaded or downloaded.
 */
@customElement('alcove-add-model')
export class AddModel extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    panelStyles,
    css`
      :host {
        gap: 28px;
      }

      section {
        display: grid;
        gap: 12px;
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

  /** The URL's hash after `#add=`: a shared record, or input from before a reload. */
  @property() shared = '';

  @property() edited = '';

  @state() private step: Step = { at: 'start' };
  @state() private error: AlcoveError | undefined;
  @state() private isDraggedOver = false;
  #abort = new AbortController();
  #input: SourceInput = NO_INPUT;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if ((changed.has('session') || changed.has('shared') || changed.has('edited')) && this.session !== undefined)
      this.#begin(this.session);
  }

  #begin(session: SessionLike): void {
    this.#input = NO_INPUT;
    this.error = undefined;
    this.step = { at: 'start' };
    const dropped = takeDropped();
    if (this.edited !== '') {
      const found = findModel(session.state, this.edited);
      const entry = found?.isCustom ? found : undefined;
      if (entry === undefined) this.error = new AlcoveError('model-unknown', `${this.edited} was not added`);
      else {
        const draft = { record: entry.record, header: undefined, files: undefined };
        this.step = { at: 'review', draft, reason: 'edit' };
      }
    } else if (dropped !== undefined) {
      void this.#openPicked(dropped);
    } else if (this.shared.startsWith(INPUT_PREFIX)) {
      const input = safeDecodeUri(this.shared.slice(INPUT_PREFIX.length));
      this.#input = { ...NO_INPUT, from: input };
      if (takeLookUp() === input && input !== '') void this.#lookUp(input);
    } else if (this.shared !== '') {
      try {
        this.step = { at: 'review', draft: readSharedRecord(this.shared), reason: 'shared' };
      } catch (error) {
        this.error = toAlcoveError(error, 'record-invalid');
      }
    }
  }

  get #huggingFaceHost(): string {
    return new URL(readHosts().huggingFaceUrl).host;
  }

  get #options(): PlanOptions {
    return { baseUrl: location.href, huggingFaceUrl: readHosts().huggingFaceUrl, signal: this.#abort.signal };
  }

  /** Runs one lookup. An error is shown, and the page returns to the step before. */
  async #run(label: string, work: () => Promise<Step>): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.error = undefined;
    const before = this.step.at === 'listing' ? this.step : ({ at: 'start' } as const);
    this.step = { at: 'working', label };
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

  /** Looks up a repository's name, or the URL of a repository or of a file. */
  async #lookUp(text: string): Promise<void> {
    const input = text.trim();
    this.#input = { ...NO_INPUT, from: input };
    const named = readNamedSource(input, this.#options);
    const repository = named?.kind === 'repository' ? named : undefined;
    const address = URL.parse(repository ? readHosts().huggingFaceUrl : named?.kind === 'file' ? named.url : input);
    if (address === null || (address.protocol !== 'https:' && address.protocol !== 'http:')) {
      this.error = new AlcoveError('repo-unnamed', 'neither a name nor an address');
      return;
    }
    if (!mayAsk(address.href)) {
      this.step = { at: 'host', origin: address.origin, input };
      return;
    }
    await this.#run(msg(str`Connecting to ${address.host}…`), async () => {
      if (repository === undefined)
        return { at: 'review', draft: await draftOfUrl(address, this.#options), reason: 'new' };
      const { repo, tag } = repository;
      const listing = await listRepositoryModels(repo, this.session?.state.device, this.#options);
      const choice = tag === undefined ? undefined : choiceOfTag(listing, tag);
      if (choice === undefined) return { at: 'listing', listing };
      return { at: 'review', draft: await draftOfChoice(listing, choice, this.#options), reason: 'new' };
    });
  }

  async #onCheckpointSelect({ choice }: CheckpointSelectEvent): Promise<void> {
    if (this.step.at !== 'listing') return;
    const { listing } = this.step;
    await this.#run(msg('Reading the file’s header…'), async () => ({
      at: 'review',
      draft: await draftOfChoice(listing, choice, this.#options),
      reason: 'new',
    }));
  }

  async #openPicked(picked: Promise<readonly PickedFile[]>): Promise<void> {
    await this.#run(msg('Reading the file’s header…'), async (): Promise<Step> => {
      const opened = await openFiles(await picked);
      switch (opened.kind) {
        case 'nothing':
          return { at: 'start' };
        case 'archive':
          return { at: 'archive', archive: opened.archive };
        case 'record':
          return { at: 'review', draft: opened.draft, reason: 'shared' };
        case 'gguf':
          return { at: 'review', draft: opened.draft, reason: 'new' };
      }
    });
  }

  #reviewMlc(name: string, address: string): void {
    this.#input = { ...NO_INPUT, repo: name, library: address };
    const named = readNamedSource(name, this.#options);
    const repo = named?.kind === 'repository' ? named.repo : undefined;
    const library = URL.parse(address);
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
    void this.#run(msg(str`Asking ${this.#huggingFaceHost}…`), async () => ({
      at: 'review',
      draft: await draftOfMlc(repo, library, this.#options),
      reason: 'new',
    }));
  }

  async #onModelReview({ step, record }: ModelReviewEvent): Promise<void> {
    const { session } = this;
    if (session === undefined || this.step.at !== 'review') return;
    const { draft, reason } = this.step;
    if (step === 'cancel') {
      if (reason === 'edit') location.hash = MODELS_HASH;
      else {
        history.replaceState(null, '', ADD_MODEL_HASH);
        this.step = { at: 'start' };
      }
      return;
    }
    try {
      const { custom } = session.models;
      let modelId = record.id;
      if (reason === 'edit') await custom.put(record);
      else modelId = await custom.add(record, { files: draft.files, isShared: reason === 'shared' });
      if (step === 'add-and-get') {
        session.models.select(modelId);
        if (record.source.kind !== 'disk') await session.models.download(modelId);
      }
      location.hash = step === 'add-and-get' && record.source.kind === 'disk' ? '' : MODELS_HASH;
    } catch (error) {
      this.error = toAlcoveError(error);
    }
  }

  async #import(archive: ModelArchive): Promise<void> {
    const { session } = this;
    if (session === undefined) return;
    const known = findModel(session.state, archive.plan.record.id)?.record;
    try {
      const modelId = await session.models.custom.importArchive(archive, known);
      session.models.select(modelId);
      location.hash = MODELS_HASH;
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
        return html`<p role="status">${step.label}</p>`;
      case 'host':
        return renderHostQuestion(
          step.origin,
          () => this.#allow(step.origin, step.input),
          () => this.#goBack(),
        );
      case 'listing':
        return html`<alcove-repository-list
            .listing=${step.listing}
            @alcove-checkpoint-select=${this.#onCheckpointSelect}
          ></alcove-repository-list>
          ${this.#renderBack()}`;
      case 'review':
        return html`<alcove-model-review
          .draft=${step.draft}
          reason=${step.reason}
          mirrorHost=${this.#huggingFaceHost}
          .device=${this.session?.state.device}
          @alcove-model-review=${this.#onModelReview}
        ></alcove-model-review>`;
      case 'archive':
        return renderArchiveQuestion(
          step.archive,
          () => void this.#import(step.archive),
          () => this.#goBack(),
        );
    }
  }

  #renderStart(): TemplateResult {
    return renderSources(this.#huggingFaceHost, this.#input, this.isDraggedOver, {
      onLookUp: (text) => void this.#lookUp(text),
      onPick: () => void this.#openPicked(pickFiles()),
      onDragChange: (isDraggedOver) => {
        this.isDraggedOver = isDraggedOver;
      },
      onDrop: (dropped) => void this.#openPicked(droppedFiles(dropped)),
      onMlc: (repo, library) => this.#reviewMlc(repo, library),
    });
  }

  #allow(origin: string, input: string): void {
    try {
      allowHost(origin);
      const state: LookUpState = { lookUp: input };
      history.replaceState(state, '', `#add=${INPUT_PREFIX}${encodeURIComponent(input)}`);
      location.reload();
    } catch (error) {
      this.error = toAlcoveError(error, 'storage-unavailable');
    }
  }

  #renderBack(): TemplateResult {
    return html`<div>
      <button type="button" class="button quiet" @click=${() => this.#goBack()}>${msg('Back')}</button>
    </div>`;
  }

  #goBack(): void {
    this.step = { at: 'start' };
  }
}

/** The input that the user looked up before a reload; forgets it, so that another reload only fills the field. */
function takeLookUp(): unknown {
  const input = fieldsOf(history.state)?.['lookUp'];
  if (input !== undefined) history.replaceState(null, '');
  return input;
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-add-model': AddModel;
  }
}
