import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { hostsOf } from '../../../models/catalogue/hosts-of.ts';
import type { DeviceReport } from '../../../models/device.ts';
import { profileOf } from '../../../models/engines/engine-profiles.ts';
import { fitModel } from '../../../models/fit/fit.ts';
import { estimateMemoryBytes } from '../../../models/fit/memory.ts';
import { type ModelRecord, UNKNOWN_LICENCE, UNKNOWN_MAKER } from '../../../models/model-record.ts';
import type { ModelDraft } from '../../../session/models/add/draft.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { formStyles } from '../../base/form.styles.ts';
import { quietButton, textButton } from '../../base/text-button.ts';
import { ErrorMessagesController } from '../../errors/error-messages-controller.ts';
import { customElement } from '../../lib/custom-element.ts';
import { formatBytes, formatNumber, formatParameters } from '../../lib/format.ts';
import { contextSize } from '../context/context-size.ts';
import { factsStyles } from '../facts.styles.ts';
import { fitLabel } from '../fit-labels.ts';
import { verificationLabel } from '../model-facts.ts';
import { type DraftStep, ModelReviewEvent } from './draft-events.ts';
import '../../base/icon.ts';

/** Why the model is reviewed; decides which actions and warnings are shown. */
export type ReviewReason = 'new' | 'shared' | 'edit';

const LEAST_CONTEXT = 256;
const MOST_NAME = 120;

/**
 * @summary Shows a model's metadata and the hosts of its download, and lets the user edit it, before it is added.
 * @event alcove-model-review
 */
@customElement('alcove-model-review')
export class ModelReview extends LitElement {
  static override readonly styles = [
    baseStyles,
    formStyles,
    factsStyles,
    css`
      :host {
        display: grid;
        gap: 16px;
      }

      h2 {
        margin: 0;
        font-size: var(--_text-m);
        overflow-wrap: anywhere;
      }

      form {
        display: grid;
        gap: 16px;
      }

      .warning {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 8px;
        font-size: var(--_text-s);
      }

      .warning alcove-icon {
        margin-block-start: 2px;
        color: var(--_warning);
      }
    `,
  ];

  @property({ attribute: false }) draft: ModelDraft | undefined;

  @property() reason: ReviewReason = 'new';

  /** The host of Hugging Face, or of its mirror. */
  @property() mirrorHost = 'huggingface.co';

  @property({ attribute: false }) device: DeviceReport | undefined;

  @state() private wrong = '';

  readonly #errorMessages = new ErrorMessagesController(this);

  #decide(step: DraftStep): void {
    const { draft } = this;
    if (draft === undefined) return;
    if (step === 'cancel') {
      this.dispatchEvent(new ModelReviewEvent(step, draft.record));
      return;
    }
    const form = this.renderRoot.querySelector('form');
    const data = new FormData(form ?? undefined);
    const name = String(data.get('name') ?? '').trim();
    const contextWindow = Number(data.get('context'));
    const most = draft.record.trainedContextWindow;
    if (name === '') this.wrong = msg('Enter a name.');
    else if (!Number.isSafeInteger(contextWindow) || contextWindow < LEAST_CONTEXT) {
      this.wrong = msg(str`The context window must be at least ${formatNumber(LEAST_CONTEXT)} tokens.`);
    } else if (most !== undefined && contextWindow > most) {
      this.wrong = msg(str`This model was trained for at most ${formatNumber(most)} tokens.`);
    } else {
      this.wrong = '';
      this.dispatchEvent(new ModelReviewEvent(step, withChanges(draft.record, name, contextWindow)));
    }
  }

  override render(): TemplateResult | typeof nothing {
    const { draft } = this;
    if (draft === undefined) return nothing;
    const { record } = draft;
    return html`<h2>${record.name}</h2>
      ${this.#renderWarnings(draft)}
      <dl>${this.#renderFacts(draft)}</dl>
      <form
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          this.#decide(this.reason === 'edit' ? 'add' : 'add-and-get');
        }}
      >
        <label class="field"
          ><span>${msg('Name')}</span><input name="name" maxlength=${MOST_NAME} .value=${record.name} autocomplete="off" />
        </label>
        <label class="field"
          ><span>${msg('Context window, tokens')}</span
          ><input name="context" type="number" min=${LEAST_CONTEXT} step="1" .value=${String(record.contextWindow)} />
          <span class="muted">${msg('How much of a chat the model sees at once. A larger window takes more memory.')}</span>
        </label>
        ${this.wrong === '' ? nothing : html`<p class="wrong" role="alert">${this.wrong}</p>`}
        <div class="row">${this.#renderButtons(record)}</div>
      </form>`;
  }

  #renderButtons({ source }: ModelRecord): TemplateResult {
    const cancel = quietButton(msg('Cancel'), () => this.#decide('cancel'));
    if (this.reason === 'edit') {
      return html`<button type="submit" class="button primary">${msg('Save')}</button>
        ${quietButton(msg('Back'), () => this.#decide('cancel'))}`;
    }
    return html`<button type="submit" class="button primary">
        ${source.kind === 'disk' ? msg('Add and use') : msg('Add and download')}
      </button>
      ${textButton(msg('Add only'), () => this.#decide('add'))}${cancel}`;
  }

  #renderWarnings({ record, header }: ModelDraft): TemplateResult | typeof nothing {
    const library = record.source.kind === 'huggingface' ? record.source.library : undefined;
    const hosts = hostsOf(record, this.mirrorHost);
    const warnings = [
      this.reason === 'shared'
        ? msg(
            str`This description came from a link. Nothing is added or downloaded until you agree; then Alcove connects to ${hosts.join(', ')}.`,
          )
        : undefined,
      library === undefined
        ? undefined
        : msg(
            str`It includes a program (WebAssembly) from ${new URL(library.url).host}. Add it only if you trust that host.`,
          ),
      header !== undefined && header.chatTemplate === undefined
        ? msg('It has no chat template: it was not made for chats and may only continue a text.')
        : undefined,
    ].filter((warning) => warning !== undefined);
    return warnings.length === 0
      ? nothing
      : html`${warnings.map((warning) => html`<p class="warning"><alcove-icon name="alert"></alcove-icon><span>${warning}</span></p>`)}`;
  }

  #renderFacts({ record, header, files }: ModelDraft): TemplateResult[] {
    const hosts = hostsOf(record, this.mirrorHost);
    const fileNames = record.source.kind === 'disk' ? record.source.files.map(({ path }) => path) : [];
    const { title, reason } = fitLabel(fitModel(record, this.device), this.#errorMessages, record.contextWindow);
    const facts: (readonly [string, string | undefined])[] = [
      [msg('Architecture'), header?.architecture],
      [msg('Parameters'), record.parameterCount > 1 ? formatParameters(record.parameterCount) : undefined],
      [msg('Quantization'), record.quantization],
      [
        msg('Trained context'),
        record.trainedContextWindow === undefined ? undefined : contextSize(record.trainedContextWindow),
      ],
      [
        msg('Images'),
        record.imageTokens === undefined ? undefined : msg(str`≈ ${formatNumber(record.imageTokens)} tokens each`),
      ],
      [msg('Size'), record.sizeBytes === undefined ? undefined : formatBytes(record.sizeBytes)],
      [msg('On this device'), reason === '' ? title : `${title} · ${reason}`],
      [msg('Licence'), record.licence.name === UNKNOWN_LICENCE ? msg('unknown') : record.licence.name],
      [msg('Maker'), record.maker === UNKNOWN_MAKER ? undefined : record.maker],
      [
        msg('Chat template'),
        header?.chatTemplate === undefined
          ? undefined
          : msg(str`${formatNumber(header.chatTemplate.length)} characters`),
      ],
      [msg('Repository'), record.source.kind === 'huggingface' ? record.source.repo : undefined],
      [msg('Connects to'), hosts.length === 0 ? undefined : hosts.join(', ')],
      [msg('File'), fileNames.length === 0 ? undefined : fileNames.join(', ')],
      [
        msg('Next visit'),
        files === undefined
          ? undefined
          : files.every(({ handle }) => handle !== undefined)
            ? msg('The file is opened in place; the browser may ask again.')
            : msg('This browser gives access to the file for this visit only. Copy it into the browser to keep it.'),
      ],
      [msg('Verified with'), verificationLabel(record)],
    ];
    return facts.flatMap(([title, value]) =>
      value === undefined ? [] : [html`<dt>${title}</dt>`, html`<dd class="numbers">${value}</dd>`],
    );
  }
}

function withChanges(record: ModelRecord, name: string, contextWindow: number): ModelRecord {
  const changed = { ...record, name, contextWindow };
  const override = profileOf(record).contextWindowOverride;
  if (override !== undefined) return { ...changed, overrides: { ...record.overrides, [override]: contextWindow } };
  const { vramBytes: _, ...rest } = changed;
  return { ...changed, vramBytes: estimateMemoryBytes(rest) };
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-model-review': ModelReview;
  }
}
