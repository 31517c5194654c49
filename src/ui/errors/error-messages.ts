import { msg } from '@lit/localize';
import type { ErrorCode, ErrorData } from '../../platform/errors.ts';
import { DATA_MESSAGES } from './data-messages.ts';
import { DOWNLOAD_MESSAGES } from './download-messages.ts';
import { ENGINE_MESSAGES } from './engine-messages.ts';
import { type ErrorMessage, tryAgain, type Words } from './error-message.ts';
import { MODEL_FILE_MESSAGES } from './model-file-messages.ts';
import { SERVER_MESSAGES } from './server-messages.ts';
import { STORAGE_MESSAGES } from './storage-messages.ts';

export type { ErrorMessage };

/** What words are made of: an AlcoveError, a WireError, or the reason why a model does not fit. */
export interface Describable {
  readonly code: ErrorCode;
  readonly data: ErrorData;
}

/** Result of something that the user asked for: an error, a message, or neither. */
export interface ActionResult {
  readonly error?: Describable;
  readonly message?: string;
}

/** Every code has words: the compiler asks for those of a new one here. */
const WORDS: Readonly<Record<ErrorCode, Words>> = {
  ...ENGINE_MESSAGES,
  ...DOWNLOAD_MESSAGES,
  ...SERVER_MESSAGES,
  ...STORAGE_MESSAGES,
  ...MODEL_FILE_MESSAGES,
  ...DATA_MESSAGES,
  internal: () => ({
    title: msg('Something in Alcove went wrong'),
    meaning: msg('What was written is kept.'),
    action: tryAgain(),
  }),
};

export function describeError({ code, data }: Describable): ErrorMessage {
  // An error may come from a newer version of this page in another tab.
  const words: Words | undefined = WORDS[code];
  return (words ?? WORDS.internal)(data);
}
