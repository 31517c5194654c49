import { msg, str } from '@lit/localize';
import type { ErrorData } from '../../platform/errors.ts';
import { formatBytes, formatNumber } from '../lib/format.ts';
import { sentences } from '../lib/plural.ts';
import { type SomeErrorMessages, text } from './error-message.ts';

/** Messages for errors of models that the user adds: GGUF files, repositories, files on the disk, archives. */
export const MODEL_FILE_MESSAGES = {
  'not-gguf': ({ path }) => ({
    title: msg('This is no GGUF'),
    meaning: sentences(
      path === undefined
        ? msg('The file does not begin as a GGUF does.')
        : msg(str`${text(path)} does not begin as a GGUF does.`),
      msg('Models for llama.cpp are files whose name ends in .gguf.'),
    ),
  }),
  'gguf-cut-short': ({ expectedBytes, receivedBytes }) => ({
    title: msg('The file is cut short'),
    meaning: sentences(
      typeof expectedBytes === 'number' && typeof receivedBytes === 'number'
        ? msg(str`It has ${formatBytes(receivedBytes)}, and by its own account at least ${formatBytes(expectedBytes)}.`)
        : msg('It ends before its weights do.'),
      msg('A download or a copy of it has probably broken off: get it again.'),
    ),
  }),
  'gguf-invalid': ({ reason }) => ({
    title: msg('This GGUF contradicts itself'),
    meaning: sentences(
      reason === undefined
        ? msg('What it says about itself cannot be true.')
        : msg(str`What it says about itself cannot be true (${text(reason)}).`),
      msg('It is damaged, or made to do harm. It was not loaded.'),
    ),
  }),
  'gguf-unsupported': ({ reason, architecture }) => ({
    title: msg('This model does not run here'),
    meaning: unsupportedWords(reason, architecture),
  }),
  'gguf-parts-missing': ({ count, present }) => ({
    title: msg('Parts of the model are missing'),
    meaning:
      typeof count === 'number' && typeof present === 'number'
        ? msg(
            str`It is split into ${formatNumber(count)} files, and ${formatNumber(present)} of them were chosen. Choose all of them at once.`,
          )
        : msg('It is split into several files. Choose all of them at once.'),
  }),
  'repo-missing': ({ repo, host: from }) => ({
    title: msg('There is no such repository'),
    meaning:
      repo === undefined
        ? msg('It does not exist, or it is private.')
        : msg(str`${text(from)} knows no ${text(repo)}, or it is private. Capital letters count.`),
  }),
  'repo-gated': ({ repo }) => ({
    title: msg('This model is handed out after a login only'),
    meaning: sentences(
      repo === undefined
        ? msg('Its makers want you to agree to its licence there first.')
        : msg(str`The makers of ${text(repo)} want you to agree to its licence on its page first.`),
      msg(
        'Alcove never logs in anywhere. Agree there, download the file with the browser, and choose it here from your disk.',
      ),
    ),
  }),
  'repo-without-mlc': () => ({
    title: msg('This repository is not in MLC’s format'),
    meaning: msg(
      'Weights have to be converted for web-llm. Look for a repository whose name ends in -MLC, or take a GGUF.',
    ),
  }),
  'repo-without-gguf': ({ isMlc }) => ({
    title: msg('This repository has no GGUF'),
    meaning: isMlc
      ? msg('It is in MLC’s format. Add it below, together with the address of its compiled library.')
      : msg('Look for one whose name ends in -GGUF: most models have one.'),
  }),
  'file-permission': ({ path }) => ({
    title: msg('The browser asks before it opens the file again'),
    meaning:
      path === undefined
        ? msg('The model is a file on your disk.')
        : msg(str`The model is a file on your disk: ${text(path)}.`),
    action: { step: 'reopen-file', label: msg('Open it again') },
  }),
  'file-gone': ({ path }) => ({
    title: msg('The file is not at hand'),
    meaning:
      path === undefined
        ? msg('It was moved or deleted, or this browser lends a file for one visit only. Choose it again.')
        : msg(
            str`${text(path)} was moved or deleted, or this browser lends a file for one visit only. Choose it again.`,
          ),
    action: { step: 'reopen-file', label: msg('Choose the file') },
  }),
  'file-replaced': ({ path }) => ({
    title: msg('Another file has this name now'),
    meaning:
      path === undefined
        ? msg('Its size or date differs from the file that was added. Choose that one, or add this one as a new model.')
        : msg(
            str`The size or date of ${text(path)} differs from the file that was added. Choose that one, or add this one as a new model.`,
          ),
    action: { step: 'reopen-file', label: msg('Choose the file') },
  }),
  'archive-invalid': ({ reason }) => ({
    title: msg('This is no model that Alcove has written'),
    meaning: sentences(
      reason === undefined
        ? msg('It is not as an exported model is.')
        : msg(str`It is not as an exported model is (${text(reason)}).`),
      msg('Nothing of it was stored.'),
    ),
  }),
  'archive-version': ({ version }) => ({
    title: msg('A newer Alcove has written this'),
    meaning:
      version === undefined
        ? msg('This version cannot read it. Nothing of it was stored.')
        : msg(str`This version cannot read its format (${text(version)}). Nothing of it was stored.`),
  }),
  'archive-cut-short': ({ expectedBytes, receivedBytes }) => ({
    title: msg('The file is cut short'),
    meaning: sentences(
      typeof expectedBytes === 'number' && typeof receivedBytes === 'number'
        ? msg(str`It has ${formatBytes(receivedBytes)} of at least ${formatBytes(expectedBytes)}.`)
        : msg('It ends too early.'),
      msg('Copy it again. Nothing of it was stored.'),
    ),
  }),
  'record-invalid': ({ path }) => ({
    title: msg('This describes no model'),
    meaning: sentences(
      path === undefined || path === '' ? msg('It is not as it should be.') : msg(str`It is wrong at ${text(path)}.`),
      msg('Nothing was added.'),
    ),
  }),
} satisfies SomeErrorMessages;

function unsupportedWords(reason: ErrorData[string], architecture: ErrorData[string]): string {
  switch (reason) {
    case 'architecture':
      return msg(
        str`This version of llama.cpp does not know the architecture “${text(architecture)}”. A newer version of Alcove may.`,
      );
    case 'big-endian':
      return msg(
        'It was made for computers of another byte order. The same model is mostly offered for this one, too.',
      );
    case 'projector':
      return msg(
        'It is the part of a model that reads pictures or sound, and answers nothing by itself. Choose the model’s own file.',
      );
    case 'adapter':
      return msg('It is an adapter (LoRA), which only changes another model.');
    case 'no-weights':
      return msg('It has only a vocabulary, and no weights.');
    default:
      return msg('Its format is of a version that is too old, or too new.');
  }
}
