import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import downloadIcon from 'lucide-static/icons/download.svg?raw';
import { baseStyles } from '../../base/base.styles.ts';
import { addIcons } from '../../base/icon.ts';
import { iconButton } from '../../base/icon-button.ts';
import type { SessionLike } from '../../contract/session-like.ts';
import { ErrorMessagesController } from '../../errors/error-messages-controller.ts';
import { customElement } from '../../lib/custom-element.ts';
import { saveFile } from '../../lib/save-file.ts';
import type { StoredFilePart } from './attached-file.ts';
import { fileChip, fileChipStyles } from './file-chip.ts';
import './thumbnail.ts';

addIcons({ 'save-file': downloadIcon });

const READY = { status: 'ready', extent: undefined } as const;

/**
 * @summary The files of a message that was sent: pictures, which a click shows larger, and other files, which can be saved. A file
 *   whose bytes are not on this device says so.
 */
@customElement('alcove-message-files')
export class MessageFiles extends LitElement {
  static override readonly styles = [
    baseStyles,
    fileChipStyles,
    css`
      :host {
        display: block;
        max-inline-size: 100%;
        margin-block-end: 8px;
      }

      .files {
        align-items: end;
        justify-content: end;
      }

      /* A fact about an old message, not a fault of what the user does. */
      .file.failed {
        border-color: var(--_border);
        border-style: dashed;
        background: none;
      }

      .failed > alcove-icon {
        color: var(--_text-muted);
      }

      .picture {
        /* Room for it before it is read. */
        inline-size: calc(9 * var(--_rem));
        block-size: calc(7 * var(--_rem));
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
      }

      .picture alcove-thumbnail {
        block-size: 100%;
        border-radius: inherit;
      }
    `,
  ];

  @property({ attribute: false, hasChanged: areOther }) parts: readonly StoredFilePart[] = [];

  /** Reads their bytes. */
  @property({ attribute: false }) files: Pick<SessionLike['chats']['files'], 'read'> | undefined;

  /** By SHA-256; undefined for those that are not on this device. */
  @state() private bytes: ReadonlyMap<string, Blob | undefined> = new Map();

  readonly #messages = new ErrorMessagesController(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('parts') || changed.has('files')) void this.#read();
  }

  async #read(): Promise<void> {
    const { parts, files } = this;
    if (files === undefined) return;
    const read = parts.map(async ({ sha256 }) => [sha256, await files.read(sha256).catch(() => undefined)] as const);
    const bytes = new Map(await Promise.all(read));
    if (parts === this.parts) this.bytes = bytes;
  }

  override render(): TemplateResult {
    return html`<ul class="files" aria-label=${msg('Attached files')}>${this.parts.map((part) => this.#renderFile(part))}</ul>`;
  }

  #renderFile(part: StoredFilePart): TemplateResult {
    const { sha256, type, name, sizeBytes } = part;
    const isRead = this.bytes.has(sha256);
    const bytes = this.bytes.get(sha256);
    if (type === 'image' && (bytes !== undefined || !isRead))
      return html`<li class="picture"><alcove-thumbnail .picture=${bytes} .name=${name}></alcove-thumbnail></li>`;
    const state = isRead && bytes === undefined ? ({ status: 'missing' } as const) : READY;
    const save = bytes && iconButton('save-file', msg(str`Save ${name}`), () => saveFile(name, bytes));
    return fileChip(
      { id: sha256, type, name, sizeBytes, part, picture: undefined, state },
      this.#messages,
      save ?? nothing,
    );
  }
}

function areOther(parts: readonly StoredFilePart[], before: readonly StoredFilePart[] = []): boolean {
  return parts.length !== before.length || parts.some((part, at) => part !== before[at]);
}

declare global {
  interface HTMLElementTagNameMap {
    'alcove-message-files': MessageFiles;
  }
}
