import { msg, str } from '@lit/localize';
import { formatBytes } from '../lib/format.ts';
import { sentences } from '../lib/plural.ts';
import { file, freeSpace, reload, type SomeErrorMessages, tryAgain } from './error-message.ts';

/** Messages for errors of the browser's storage. */
export const STORAGE_MESSAGES = {
  'insecure-context': () => ({
    title: msg('This page is not secure'),
    meaning: msg('The browser allows chats and models only on pages with https, or on localhost.'),
  }),
  'quota-exceeded': ({ neededBytes, freeBytes }) => ({
    title: msg('Not enough space'),
    meaning: sentences(
      typeof neededBytes === 'number' && typeof freeBytes === 'number'
        ? msg(str`It needs ${formatBytes(neededBytes)}; the browser offers ${formatBytes(Math.max(0, freeBytes))}.`)
        : msg('The browser offers no more space.'),
      msg('What is stored is safe. Delete a model that you no longer use, or free space on the disk.'),
    ),
    action: freeSpace(),
  }),
  'storage-unavailable': () => ({
    title: msg('This browser window does not store anything'),
    meaning: msg(
      'Private windows, frames of other sites and some settings block storage. Chats, and models where possible, last as long as this tab: open a normal window to keep them.',
    ),
  }),
  'storage-blocked': () => ({
    title: msg('Another tab has an older version open'),
    meaning: msg('Close the other tabs of this page, then continue here.'),
    action: reload(),
  }),
  'storage-outdated': () => ({
    title: msg('A newer version of this page was opened in this browser'),
    meaning: msg(
      'This tab can no longer save. What it shows stays until you reload it: first copy what you want to keep.',
    ),
    action: reload(),
  }),
  'model-in-use': () => ({
    title: msg('Another tab is using this model'),
    meaning: msg('Close that tab or choose another model there, then delete it here.'),
    action: tryAgain(),
  }),
  'model-missing': () => ({
    title: msg('The model is not on this device'),
    meaning: msg('It was not downloaded yet, or the browser has removed it.'),
    action: { step: 'download', label: msg('Download') },
  }),
  'model-damaged': ({ path }) => ({
    title: msg('A stored file is damaged'),
    meaning: msg(str`${file(path)} no longer matches its checksum. Only the damaged part is downloaded again.`),
    action: { step: 'download', label: msg('Repair') },
  }),
} satisfies SomeErrorMessages;
