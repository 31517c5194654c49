import { msg, str } from '@lit/localize';
import { formatBytes, formatNumber } from '../lib/format.ts';
import type { SomeErrorMessages } from './error-message.ts';

/** Messages for errors of documents and pictures that the user attaches. */
export const DOCUMENT_MESSAGES = {
  'document-empty': () => ({
    title: msg('This file is empty'),
    meaning: msg('There is nothing in it to read. Attach another file.'),
  }),
  'document-unsupported': ({ kind }) => ({
    title: msg('Files of this kind cannot be read here'),
    meaning:
      kind === 'doc' || kind === 'rtf'
        ? msg('Save it as DOCX, XLSX, PPTX or PDF, and attach that file.')
        : msg('Save it as text, or copy its text and paste it.'),
  }),
  'document-locked': () => ({
    title: msg('This file is protected by a password'),
    meaning: msg('Save a copy without a password, and attach that file.'),
  }),
  'document-broken': () => ({
    title: msg('This file is damaged'),
    meaning: msg(
      'It cannot be read to its end. Open it in the program that made it, save it again, and attach that file.',
    ),
  }),
  'document-without-text': () => ({
    title: msg('There is no text in this file'),
    meaning: msg(
      'Its pages are pictures, as from a scanner. Attach them as pictures for a model that sees, or run text recognition first.',
    ),
  }),
  'document-too-large': ({ limit, unit }) => ({
    title: msg('This file is too large'),
    meaning: typeof limit === 'number' ? tooLarge(limit, unit) : msg('Attach a part of it.'),
  }),
  'document-changed': () => ({
    title: msg('This file has changed on your device'),
    meaning: msg('It was changed, moved or deleted while it was being read. Attach it again.'),
  }),
  'picture-unsupported': ({ kind }) => ({
    title: kind === 'svg' ? msg('Drawings in SVG are not read') : msg('This browser cannot read this picture'),
    meaning: msg('Save it as PNG or JPEG, and attach that file.'),
  }),
  'picture-too-large': ({ limit }) => ({
    title: msg('This picture is too large'),
    meaning:
      typeof limit === 'number'
        ? msg(str`At most ${formatNumber(limit / 1e6)} megapixels can be read. Make it smaller, and attach it again.`)
        : msg('Make it smaller, and attach it again.'),
  }),
} satisfies SomeErrorMessages;

function tooLarge(limit: number, unit: unknown): string {
  if (unit === 'bytes') return msg(str`At most ${formatBytes(limit)} can be read, unpacked. Attach a part of it.`);
  const most = formatNumber(limit);
  if (unit === 'pages') return msg(str`At most ${most} pages can be read. Attach a part of it.`);
  if (unit === 'files') return msg(str`At most ${most} files in an archive can be read. Attach a part of it.`);
  return msg(str`At most ${most} characters can be read. Attach a part of it.`);
}
