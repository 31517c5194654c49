import { msg, str } from '@lit/localize';
import type { ErrorData } from '../../platform/errors.ts';
import { formatBytes, formatNumber } from '../lib/format.ts';
import { sentences } from '../lib/plural.ts';
import { type SomeErrorMessages, text } from './error-message.ts';

/** Messages for errors of models that the user adds: GGUF files, repositories, files on the disk, archives. */
export const MODEL_FILE_MESSAGES = {
  'not-gguf': ({ path }) => ({
    title: msg('This is not a GGUF file'),
    meaning: sentences(
      path === undefined
        ? msg('The file does not start like a GGUF file.')
        : msg(str`${text(path)} does not start like a GGUF file.`),
      msg('Models for llama.cpp are files whose name ends in .gguf.'),
    ),
  }),
  'gguf-cut-short': ({ expectedBytes, receivedBytes }) => ({
    title: msg('The file is incomplete'),
    meaning: sentences(
      typeof expectedBytes === 'number' && typeof receivedBytes === 'number'
        ? msg(str`It has ${formatBytes(receivedBytes)}; its header says at least ${formatBytes(expectedBytes)}.`)
        : msg('It ends before its last weights.'),
      msg('A download or a copy was probably interrupted: get it again.'),
    ),
  }),
  'gguf-invalid': ({ reason }) => ({
    title: msg('This GGUF file is inconsistent'),
    meaning: sentences(
      reason === undefined ? msg('Its header cannot be true.') : msg(str`Its header cannot be true (${text(reason)}).`),
      msg('It is damaged or malicious. It was not loaded.'),
    ),
  }),
  'gguf-unsupported': ({ reason, architecture }) => ({
    title: msg('This model cannot run here'),
    meaning: unsupportedWords(reason, architecture),
  }),
  'gguf-parts-missing': ({ count, present }) => ({
    title: msg('Parts of the model are missing'),
    meaning:
      typeof count === 'number' && typeof present === 'number'
        ? msg(
            str`It is split into ${formatNumber(count)} files; you chose ${formatNumber(present)}. Choose them all together.`,
          )
        : msg('It is split into several files. Choose them all together.'),
  }),
  'repo-missing': ({ repo, host: from }) => ({
    title: msg('The repository was not found'),
    meaning:
      repo === undefined
        ? msg('It does not exist, or it is private.')
        : msg(str`${text(from)} has no ${text(repo)}, or it is private. Capital letters matter.`),
  }),
  'repo-unnamed': () => ({
    title: msg('This names no model'),
    meaning: msg('Enter a repository as owner/name, or the full address of a GGUF file.'),
  }),
  'repo-gated': ({ repo }) => ({
    title: msg('This model requires a login'),
    meaning: sentences(
      repo === undefined
        ? msg('Its makers ask you to accept its licence there first.')
        : msg(str`The makers of ${text(repo)} ask you to accept its licence on its page first.`),
      msg(
        'Alcove never logs in anywhere. Accept it there, download the file with the browser, and choose it here from your disk.',
      ),
    ),
  }),
  'repo-without-mlc': () => ({
    title: msg('This repository is not in MLC’s format'),
    meaning: msg(
      'Weights must be converted for web-llm. Look for a repository whose name ends in -MLC, or use a GGUF file.',
    ),
  }),
  'repo-without-gguf': ({ isMlc }) => ({
    title: msg('This repository has no GGUF'),
    meaning: isMlc
      ? msg('It is in MLC’s format. Add it below, with the address of its compiled library.')
      : msg('Look for a repository whose name ends in -GGUF: most models have one.'),
  }),
  'file-permission': ({ path, isRefused }) => {
    if (isRefused === true) {
      return {
        title: msg('The browser may not open the file'),
        meaning: msg('Choose it again to use it now, or copy it into the browser: it then opens without asking.'),
        action: { step: 'reopen-file', label: msg('Choose the file again') },
      };
    }
    return {
      title: msg('The browser asks before it opens the file again'),
      meaning:
        path === undefined
          ? msg('The model is a file on your disk.')
          : msg(str`The model is a file on your disk: ${text(path)}.`),
      action: { step: 'reopen-file', label: msg('Open it again') },
    };
  },
  'file-gone': ({ path }) => ({
    title: msg('The file is not available'),
    meaning:
      path === undefined
        ? msg('It was moved or deleted, or this browser gives access for one visit only. Choose it again.')
        : msg(
            str`${text(path)} was moved or deleted, or this browser gives access for one visit only. Choose it again.`,
          ),
    action: { step: 'reopen-file', label: msg('Choose the file') },
  }),
  'file-replaced': ({ path }) => ({
    title: msg('The file has changed'),
    meaning:
      path === undefined
        ? msg('Its size or date differs from the file that was added. Choose that one, or add this one as a new model.')
        : msg(
            str`The size or date of ${text(path)} differs from the file that was added. Choose that one, or add this one as a new model.`,
          ),
    action: { step: 'reopen-file', label: msg('Choose the file') },
  }),
  'archive-invalid': ({ reason }) => ({
    title: msg('This is not a model exported by Alcove'),
    meaning: sentences(
      reason === undefined
        ? msg('It does not have the form of an exported model.')
        : msg(str`It does not have the form of an exported model (${text(reason)}).`),
      msg('Nothing was stored.'),
    ),
  }),
  'archive-version': ({ version }) => ({
    title: msg('This was exported by a newer version of Alcove'),
    meaning:
      version === undefined
        ? msg('This version cannot read it. Nothing was stored.')
        : msg(str`This version cannot read its format (${text(version)}). Nothing was stored.`),
  }),
  'projector-mismatch': ({ path }) => ({
    title: msg('This projector is of another model'),
    meaning: sentences(
      path === undefined
        ? msg('Images cannot be read with it.')
        : msg(str`“${text(path)}” cannot read images for this model.`),
      msg('Take the projector (mmproj) that is offered beside the model, or the model alone.'),
    ),
  }),
  'archive-cut-short': ({ expectedBytes, receivedBytes }) => ({
    title: msg('The file is incomplete'),
    meaning: sentences(
      typeof expectedBytes === 'number' && typeof receivedBytes === 'number'
        ? msg(str`It has ${formatBytes(receivedBytes)} of at least ${formatBytes(expectedBytes)}.`)
        : msg('It is incomplete.'),
      msg('Copy it again. Nothing was stored.'),
    ),
  }),
  'record-invalid': ({ path }) => ({
    title: msg('This does not describe a model'),
    meaning: sentences(
      path === undefined || path === '' ? msg('It is not valid.') : msg(str`The error is at ${text(path)}.`),
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
      return msg('It was made for computers of another byte order. Most models are offered for this one, too.');
    case 'projector':
      return msg(
        'It is the part of a model that reads images or sound, and cannot answer alone. Choose the model’s own file together with it.',
      );
    case 'imatrix':
      return msg('It holds what a quantizer has measured of a model, not the model itself.');
    case 'adapter':
      return msg('It is an adapter (LoRA), which only modifies another model.');
    case 'no-weights':
      return msg('It has only a vocabulary, no weights.');
    default:
      return msg('Its format version is too old or too new.');
  }
}
