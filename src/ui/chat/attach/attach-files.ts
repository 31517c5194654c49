import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import paperclip from 'lucide-static/icons/paperclip.svg?raw';
import { type FilePart, hashesOf } from '../../../chat/message-parts.ts';
import type { PickedFile } from '../../../session/models/custom-models.ts';
import type { ModelEntry } from '../../../session/state/session-state.ts';
import { baseStyles } from '../../base/base.styles.ts';
import { addIcons } from '../../base/icon.ts';
import { iconButton } from '../../base/icon-button.ts';
import { quietButton, textButton } from '../../base/text-button.ts';
import type { ChatOptions } from '../../contract/chat-options.ts';
import { ComposerSendEvent, ModelActionEvent } from '../../contract/events.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { ErrorMessagesController } from '../../errors/error-messages-controller.ts';
import { customElement } from '../../lib/custom-element.ts';
import { FocusRestoreController } from '../../lib/focus-restore-controller.ts';
import { formatNumber } from '../../lib/format.ts';
import type { PasteRejectedEvent } from '../../lib/paste-limit.ts';
import { plural, sentences } from '../../lib/plural.ts';
import { isModelFile } from '../../models/add/drop-anywhere.ts';
import { selectedEntry, sizeLabel } from '../../models/model-labels.ts';
import { Composer } from '../composer.ts';
import type { AttachedFile } from './attached-file.ts';
import { type AttachedFiles, filesOf, MOST_FILES } from './attached-files.ts';
import { DropController } from './drop-controller.ts';
import { fileChip, fileChipStyles } from './file-chip.ts';
import { LongPaste } from './long-paste.ts';
import { seeingModel, seesPictures } from './seeing-model.ts';

addIcons({ paperclip });

/** The chat view, which loads this element. */
interface ChatAround extends LitElement {
  readonly session: SessionLike | undefined;
  readonly options: ChatOptions;
}

interface Shown {
  readonly session: SessionLike;
  /** Undefined for a new chat. */
  readonly chatId: string | undefined;
  readonly files: AttachedFiles;
}

/**
 * @summary In a composer: the button that attaches files, and above the field what is attached. It takes files that are pasted
 *   into the composer or dropped over the chat, and holds a message back until they are read.
 */
@customElement('alcove-attach')
export class AttachFiles extends LitElement {
  static override readonly styles = [
    baseStyles,
    fileChipStyles,
    css`
      /* Both boxes are laid out by the composer's form. */
      :host {
        display: contents;
      }

      .above {
        flex: 0 0 100%;
        display: grid;
        gap: 6px;
        min-inline-size: 0;
        max-block-size: 40cqb;
        padding: 2px;
        overflow-y: auto;
        font-size: var(--_text-xs);
      }

      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
        color: var(--_text-muted);
      }

      .line .button {
        min-block-size: 32px;
        padding: 3px 12px;
        font-size: inherit;
      }

      button {
        border-radius: 10px;
      }

      @media (pointer: coarse) {
        .line .button {
          min-block-size: 44px;
        }
      }
    `,
  ];

  /** What could not be attached, and why. */
  @state() private note = '';

  /** The user has sent the message, which waits for its files. */
  @state() private isSending = false;

  @query('input') private readonly input?: HTMLInputElement | null;

  readonly #messages = new ErrorMessagesController(this);
  readonly #paste = new LongPaste();
  #composer: Composer | undefined;
  #view: ChatAround | undefined;
  #shown: Shown | undefined;
  /** SHA-256 of files that were sent, and are held until a message of the chat refers to them. */
  readonly #sent = new Set<string>();
  #listening: AbortController | undefined;

  constructor() {
    super();
    new FocusRestoreController(this, 'button');
    new DropController(this, (files) => void this.#onDrop(files));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const composer = this.parentElement;
    const root = this.getRootNode();
    if (!(composer instanceof Composer) || !(root instanceof ShadowRoot)) return;
    this.#view = root.host as ChatAround;
    this.#view.addController(this.#follower);
    this.#composer = composer;
    composer.addController(this.#follower);
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    composer.addEventListener('paste', this.#onPaste, { signal });
    composer.addEventListener('alcove-paste-rejected', this.#onPasteRejected, { signal });
    composer.addEventListener('input', () => this.#paste.check(composer) && this.requestUpdate(), { signal });
    composer.addEventListener('alcove-composer-send', this.#onSend, { signal, capture: true });
    this.#follower.hostUpdated();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening?.abort();
    this.#composer?.removeController(this.#follower);
    this.#view?.removeController(this.#follower);
    this.#leave();
  }

  /** Follows the composer and the view: the composer's text and files may have been sent, or another chat may be shown. */
  readonly #follower = {
    hostUpdated: (): void => {
      const composer = this.#composer;
      const { session } = this.#view ?? {};
      if (composer === undefined || session === undefined) return;
      const chatId = session.state.chat?.id;
      if (this.#shown?.session !== session || this.#shown.chatId !== chatId) this.#show(session, chatId);
      this.#shown?.files.follow(composer.attached);
      // Another model may see them, or may be here by now.
      if (this.#shown?.files.files.some(isPicture)) this.requestUpdate();
      this.#releaseSent(session);
    },
  };

  #show(session: SessionLike, chatId: string | undefined): void {
    this.#leave();
    const files = filesOf(session, chatId);
    this.#shown = { session, chatId, files };
    files.onChange = (hasNewParts) => this.#onChange(files, hasNewParts);
    this.requestUpdate();
  }

  /** Files of a chat that is not shown are added to its draft when they have been stored. */
  #leave(): void {
    if (this.#shown === undefined) return;
    const { session, chatId, files } = this.#shown;
    files.onChange = (hasNewParts) => void (hasNewParts && addToDraft(session, chatId, files.parts));
    this.#shown = undefined;
    this.note = '';
    this.isSending = false;
    this.#paste.forget();
  }

  #releaseSent({ state, chats }: SessionLike): void {
    if (this.#sent.size === 0) return;
    const inChat = new Set([...(state.chat?.messages.values() ?? [])].flatMap(hashesOf));
    const stored = [...this.#sent].filter((hash) => inChat.has(hash));
    for (const hash of stored) this.#sent.delete(hash);
    const attached = hashesOf({ parts: this.#composer?.attached ?? [] });
    const released = stored.filter((hash) => !attached.includes(hash));
    if (released.length > 0) void chats.files.release(released);
  }

  #onChange(files: AttachedFiles, hasNewParts: boolean): void {
    this.requestUpdate();
    const composer = this.#composer;
    if (composer === undefined) return;
    if (hasNewParts) {
      composer.attached = files.parts;
      // Saves the draft, as a typed text does.
      composer.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    }
    if (!this.isSending || files.isReading) return;
    this.isSending = false;
    const isEmpty = files.parts.length === 0 && composer.draft.trim() === '';
    if (!files.hasFailed && !isEmpty) composer.dispatchEvent(new ComposerSendEvent(composer.draft));
  }

  #add(files: readonly File[]): void {
    const leftOut = this.#shown?.files.add(files, pastedName) ?? 0;
    this.note = leftOut === 0 ? '' : leftOutNote(leftOut);
  }

  async #remove(id: string): Promise<void> {
    if (this.#shown === undefined) return;
    const { session, chatId, files } = this.#shown;
    const sha256 = files.files.find((file) => file.id === id)?.part?.sha256;
    this.note = '';
    files.remove(id);
    if (sha256 === undefined) return;
    const { drafts } = session.chats;
    // Its bytes go once no draft names them.
    await drafts.attach(chatId, await drafts.readAttached(chatId));
    await session.chats.files.release([sha256]);
  }

  readonly #onPaste = (event: ClipboardEvent): void => {
    const { clipboardData } = event;
    if (clipboardData === null) return;
    const text = clipboardData.getData('text/plain');
    // Office programs add a picture of the text.
    const isText = text !== '' && clipboardData.types.includes('text/html');
    if (clipboardData.files.length > 0 && !isText) {
      event.preventDefault();
      this.#add([...clipboardData.files]);
    } else if (this.#paste.paste(text)) this.requestUpdate();
  };

  readonly #onPasteRejected = (event: PasteRejectedEvent): void => {
    event.stopPropagation();
    this.#paste.refuse(event.text);
    this.requestUpdate();
  };

  /** A message waits for its files. */
  readonly #onSend = (event: Event): void => {
    const files = this.#shown?.files;
    this.note = '';
    this.#paste.forget();
    files?.dropFailed();
    this.isSending = files?.isReading === true;
    if (this.isSending) event.stopImmediatePropagation();
    else for (const hash of hashesOf({ parts: files?.parts ?? [] })) this.#sent.add(hash);
  };

  async #onDrop(dropped: Promise<readonly PickedFile[]>): Promise<void> {
    const picked = await dropped;
    const files = picked.map(({ file }) => file);
    const { onModelFiles } = this.#view?.options ?? {};
    if (files.some(isModelFile) && onModelFiles !== undefined) onModelFiles(picked);
    else if (files.length > 0) this.#add(files);
    else this.note = msg('Folders cannot be attached. Choose the files in them.');
  }

  #attachPaste(composer: Composer): void {
    this.#add([this.#paste.take(composer)]);
    composer.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    composer.focus();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.#view?.options.isDisabled === true) return nothing;
    return html`${this.#renderAbove()}
      <input
        type="file"
        multiple
        hidden
        accept="image/*,*/*"
        aria-label=${msg('Attach files')}
        @change=${this.#onChoose}
      />
      ${iconButton('paperclip', msg('Attach files'), () => this.input?.click())}`;
  }

  /** Phones offer the camera, since pictures are named in `accept`. */
  #onChoose(): void {
    const { input } = this;
    if (!input) return;
    this.#add([...(input.files ?? [])]);
    // Else the same file could not be chosen again.
    input.value = '';
  }

  /** Also stops the reading. */
  #renderRemove({ id, name }: AttachedFile): TemplateResult {
    return iconButton('close', msg(str`Remove ${name}`), () => void this.#remove(id));
  }

  #renderAbove(): TemplateResult | typeof nothing {
    const { files = [], isReading = false } = this.#shown?.files ?? {};
    const offer = this.#renderOffer();
    if (files.length === 0 && this.note === '' && offer === nothing) return nothing;
    return html`<div class="above">
      ${
        files.length === 0
          ? nothing
          : html`<ul class="files" aria-label=${msg('Attached files')}>
            ${files.map((file) => fileChip(file, this.#messages, this.#renderRemove(file)))}
          </ul>
          <p class="visually-hidden" role="status">
            ${isReading ? msg('Reading the attached files') : plural(files.length, msg('one: # file is attached | other: # files are attached'))}
          </p>`
      }
      ${offer}
      ${this.#renderBlindness(files)}
      ${this.note === '' ? nothing : html`<p class="line" role="status">${this.note}</p>`}
      ${
        this.isSending
          ? html`<div class="line" role="status">
            ${msg('Will be sent once the files are read.')}
            ${quietButton(msg('Do not send yet'), () => {
              this.isSending = false;
            })}
          </div>`
          : nothing
      }
    </div>`;
  }

  /** Says that the model does not see the pictures, before they are sent, and offers one that does. */
  #renderBlindness(files: readonly AttachedFile[]): TemplateResult | typeof nothing {
    const { state } = this.#view?.session ?? {};
    if (state === undefined) return nothing;
    const blind = selectedEntry(state)?.record;
    if (blind === undefined || seesPictures(blind) || !files.some(isPicture)) return nothing;
    const offered = seeingModel(state);
    return html`<div class="line" role="status">
      ${msg(str`${blind.name} does not see pictures: it gets only their names.`)}
      ${offered === undefined ? nothing : this.#renderSeeing(offered)}
    </div>`;
  }

  #renderSeeing({ record, weights }: ModelEntry): TemplateResult | string {
    const { id, name } = record;
    const ask = (action: 'select' | 'download') => () => this.dispatchEvent(new ModelActionEvent(action, id));
    if (weights.status === 'stored') return textButton(msg(str`Use ${name}`), ask('select'));
    if (weights.status === 'downloading') return msg(str`${name} is being downloaded.`);
    const label = [name, sizeLabel(record) ?? []].flat().join(', ');
    return textButton(msg(str`Download ${label}`), ask('download'));
  }

  #renderOffer(): TemplateResult | typeof nothing {
    const composer = this.#composer;
    if (composer === undefined) return nothing;
    return this.#paste.render(
      () => this.#attachPaste(composer),
      () => {
        this.#paste.forget();
        this.requestUpdate();
        composer.focus();
      },
    );
  }
}

async function addToDraft(
  { chats: { drafts } }: SessionLike,
  chatId: string | undefined,
  parts: readonly FilePart[],
): Promise<void> {
  const attached = await drafts.readAttached(chatId);
  const known = new Set(hashesOf({ parts: attached }));
  await drafts.attach(chatId, [...attached, ...parts.filter(({ sha256 = '' }) => !known.has(sha256))]);
}

function isPicture({ type }: AttachedFile): boolean {
  return type === 'image';
}

/** The name of a file that has none: the browser makes such files from what is pasted. */
function pastedName({ type }: File): string {
  return type.startsWith('image/') ? `${msg('Picture')}.${type.slice(6)}` : `${msg('Pasted text')}.txt`;
}

function leftOutNote(leftOut: number): string {
  const most = formatNumber(MOST_FILES);
  return sentences(
    msg(str`A message takes at most ${most} files.`),
    plural(leftOut, msg('one: # file was left out. | other: # files were left out.')),
  );
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-attach': AttachFiles;
  }
}
