import { msg } from '@lit/localize';
import type { ErrorCode, ErrorData } from '../../platform/errors.ts';
import { DATA_WORDS } from './data-messages.ts';
import { DOWNLOAD_WORDS } from './download-messages.ts';
import { ENGINE_WORDS } from './engine-messages.ts';
import { type ErrorWords, tryAgain, type Words } from './error-message.ts';
import { MODEL_FILE_WORDS } from './model-file-messages.ts';
import { SERVER_WORDS } from './server-messages.ts';
import { STORAGE_WORDS } from './storage-messages.ts';

export type { ErrorWords };

/** What words are made of: an AlcoveError, a WireError, or the reason why a model does not fit. */
export interface Describable {
  readonly code: ErrorCode;
  readonly data: ErrorData;
}

/** Every code has words: the compiler asks for those of a new one here. */
const WORDS: Readonly<Record<ErrorCode, Words>> = {
  ...ENGINE_WORDS,
  ...DOWNLOAD_WORDS,
  ...SERVER_WORDS,
  ...STORAGE_WORDS,
  ...MODEL_FILE_WORDS,
  ...DATA_WORDS,
  internal: () => ({
    title: msg('Something in Alcove went wrong'),
    meaning: msg('What was written is kept.'),
    action: tryAgain(),
  }),
};

export function describeError({ code, data }: Describable): ErrorWords {
  // An error may come from a newer version of this page in another tab.
  const words: Words | undefined = WORDS[code];
  return (words ?? WORDS.internal)(data);
}
