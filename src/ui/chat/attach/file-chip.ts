import { msg, str } from '@lit/localize';
import { css, html, nothing, type TemplateResult } from 'lit';
import documentIcon from 'lucide-static/icons/file-text.svg?raw';
import type { FilePart } from '../../../chat/message-parts.ts';
import { addIcons } from '../../base/icon.ts';
import type { ErrorMessagesController } from '../../errors/error-messages-controller.ts';
import { formatBytes, formatFraction } from '../../lib/format.ts';
import { plural } from '../../lib/plural.ts';
import type { AttachedFile, DocumentExtent, FileState } from './attached-file.ts';
import './thumbnail.ts';

addIcons({ 'attached-document': documentIcon });

/** The chips of files, in the composer and in messages. */
export const fileChipStyles = css`
  .files {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .file {
    display: flex;
    align-items: center;
    gap: 8px;
    min-inline-size: 0;
    max-inline-size: min(100%, calc(17 * var(--_rem)));
    min-block-size: 46px;
    border: 1px solid var(--_border);
    border-radius: 10px;
    background: var(--_surface);
    font-size: var(--_text-xs);
    line-height: 1.4;
  }

  .file.failed {
    max-inline-size: 100%;
    border-color: var(--_danger);
    background: var(--_danger-soft);
  }

  .file > alcove-icon {
    flex: none;
    margin-inline-start: 12px;
    color: var(--_text-muted);
    font-size: var(--_rem);
  }

  .failed > alcove-icon {
    color: var(--_danger);
  }

  .file alcove-thumbnail {
    flex: none;
    inline-size: 44px;
    block-size: 44px;
    border-radius: 9px;
  }

  .about {
    display: grid;
    min-inline-size: 0;
    padding-block: 4px;
    padding-inline-end: 10px;
  }

  .about:not(:last-child) {
    padding-inline-end: 0;
  }

  .name {
    overflow: hidden;
    font-weight: 550;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .detail {
    color: var(--_text-muted);
  }

  .detail strong,
  .detail span {
    display: block;
    color: var(--_text);
    font-weight: inherit;
  }

  .detail strong {
    font-weight: 550;
  }

  .file .icon-button {
    inline-size: calc(2 * var(--_rem));
    block-size: calc(2 * var(--_rem));
    margin-inline-end: 4px;
    font-size: calc(0.8125 * var(--_rem));
  }

  progress {
    inline-size: 100%;
    block-size: 3px;
    margin-block-start: 3px;
    accent-color: var(--_accent);
  }
`;

/** @param button after the name: what can be done with the file */
export function fileChip(
  { type, name, sizeBytes, picture, state }: AttachedFile,
  messages: ErrorMessagesController,
  button: TemplateResult | typeof nothing,
): TemplateResult {
  const isFailed = state.status === 'failed' || state.status === 'missing';
  return html`<li class="file ${isFailed ? 'failed' : ''}">
    ${
      picture === undefined
        ? html`<alcove-icon name=${isFailed ? 'circle-alert' : fileIcon(type)}></alcove-icon>`
        : html`<alcove-thumbnail .picture=${picture} .name=${name}></alcove-thumbnail>`
    }
    <span class="about">
      <bdi class="name" title=${name}>${name}</bdi>
      <span class="detail numbers">${detail(sizeBytes, state, messages)}</span>
      ${
        state.status === 'reading'
          ? html`<progress aria-label=${msg(str`Reading ${name}`)} .value=${state.fraction ?? 0}></progress>`
          : nothing
      }
    </span>
    ${button}
  </li>`;
}

export function fileIcon(type: FilePart['type']): string {
  return type === 'document' ? 'attached-document' : `part-${type}`;
}

function detail(
  sizeBytes: number | undefined,
  state: FileState,
  messages: ErrorMessagesController,
): TemplateResult | string {
  if (state.status === 'missing') return msg('Its contents are not on this device. Attach the file again.');
  if (state.status === 'failed') {
    const message = messages.describe(state.error);
    return html`<strong>${message?.title}</strong> <span>${message?.meaning}</span>`;
  }
  if (state.status === 'reading') {
    return state.fraction === undefined ? msg('Reading…') : msg(str`Reading… ${formatFraction(state.fraction)}`);
  }
  const size = sizeBytes === undefined ? [] : [formatBytes(sizeBytes)];
  return [...size, ...(state.extent === undefined ? [] : extentLabels(state.extent))].join(' · ');
}

function extentLabels({ pages, words, skipped }: DocumentExtent): string[] {
  const length =
    pages === undefined
      ? plural(words, msg('one: # word | other: # words'))
      : plural(pages, msg('one: # page | other: # pages'));
  if (skipped.length === 0) return [length];
  return [length, plural(skipped.length, msg('one: # file in it was not read | other: # files in it were not read'))];
}
