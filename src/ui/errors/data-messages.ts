import { msg, str } from '@lit/localize';
import type { ErrorData } from '../../platform/errors.ts';
import { sentences } from '../lib/plural.ts';
import { host, reload, type SomeErrorMessages, text, tryAgain } from './error-message.ts';

/** Messages for errors of the catalogue, chats and backups. */
export const DATA_MESSAGES = {
  'catalogue-invalid': ({ path, isWebPage }) => ({
    title: msg('The list of models cannot be read'),
    meaning: sentences(
      isWebPage
        ? msg('The network returned a web page instead. You may need to sign in to it first.')
        : path
          ? msg(str`The error is at ${text(path)}.`)
          : msg('It did not load correctly.'),
      msg('All your chats are safe.'),
    ),
    action: reload(),
  }),
  'model-unknown': () => ({
    title: msg('No model is chosen'),
    meaning: msg('Choose one first. Your text is kept.'),
    action: { step: 'choose-model', label: msg('Choose a model') },
  }),
  'record-broken': () => ({
    title: msg('This chat cannot be read'),
    meaning: msg(
      'Its record is damaged. It was left unchanged; you can save it as a file. Other chats are not affected.',
    ),
    action: { step: 'save-raw', label: msg('Save the record') },
  }),
  'attribute-invalid': ({ attribute }) => ({
    title: msg('This page has set up the chat wrongly'),
    meaning: sentences(
      attribute === undefined ? '' : msg(str`The error is at ${text(attribute)}.`),
      msg('The chat works without this setting.'),
    ),
  }),
  'tool-invalid': ({ tool }) => ({
    title: msg('This page has set up the chat wrongly'),
    meaning: sentences(
      tool === undefined ? '' : msg(str`The error is at ${text(tool)}.`),
      msg('The chat works without this tool.'),
    ),
  }),
  'hub-unreachable': ({ hub }) => ({
    title: msg('The chat cannot be reached'),
    meaning: msg(str`${host(hub)} did not answer as a chat for other sites does.`),
    action: tryAgain(),
  }),
  'hub-refuses-page': ({ origin }) => ({
    title: msg('The chat is not available on this site'),
    meaning:
      origin === undefined
        ? msg('Its operator has not allowed this site to show it.')
        : msg(str`Its operator has not allowed ${text(origin)} to show it.`),
  }),
  'hub-version-unknown': () => ({
    title: msg('This page and its chat do not fit together'),
    meaning: msg('They are of different versions. The site needs an update.'),
  }),
  'hub-disconnected': () => ({
    title: msg('The chat was disconnected from this page'),
    meaning: msg('One of them sent what the other does not accept. Nothing that you wrote was sent.'),
    action: tryAgain(),
  }),
  'hub-forbids': () => ({
    title: msg('This page may not do this'),
    meaning: msg('The chat belongs to another site, so that this page can neither read nor change it.'),
  }),
  'passphrase-needed': () => ({
    title: msg('This backup is locked'),
    meaning: msg('Enter the passphrase it was made with.'),
  }),
  'passphrase-wrong': () => ({
    title: msg('The passphrase is not the right one'),
    meaning: msg('The backup is not damaged, and nothing was changed. Capital letters and spaces matter.'),
  }),
  'backup-damaged': () => ({
    title: msg('The backup is damaged'),
    meaning: msg('The file was truncated or changed after it was made. Its intact part was imported.'),
  }),
  'import-unreadable': ({ reason }) => ({
    title: msg('This file has no chats that Alcove can read'),
    meaning: sentences(
      unreadableWords(reason),
      msg(
        'Files that can be read: backups and chats saved by Alcove, and the exports (ZIP, JSON or JSON Lines) of ChatGPT, Claude, LM Studio, Open WebUI, llama.cpp, LibreChat, NextChat and web-llm-chat.',
      ),
    ),
  }),
} satisfies SomeErrorMessages;

function unreadableWords(reason: ErrorData[string]): string {
  if (reason === 'zip') return msg('It is a ZIP archive without an export of chats.');
  if (reason === 'zip-too-large')
    return msg('Unpacked, it is far larger than any file of chats. It was not read further.');
  if (reason === 'newer') return msg('It was made by a newer version of Alcove: reload this page to update.');
  if (reason === 'age-key')
    return msg('It is encrypted to a key. Alcove opens files that are encrypted with a passphrase.');
  return msg('It is not JSON.');
}
