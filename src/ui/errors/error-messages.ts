import { msg } from '@lit/localize';
import type { ErrorCode, ErrorData } from '../../platform/errors.ts';
import { DATA_MESSAGES } from './data-messages.ts';
import { DOCUMENT_MESSAGES } from './document-messages.ts';
import { DOWNLOAD_MESSAGES } from './download-messages.ts';
import { ENGINE_MESSAGES } from './engine-messages.ts';
import { type ErrorMessage, type MessageFactory, tryAgain } from './error-message.ts';
import { MODEL_FILE_MESSAGES } from './model-file-messages.ts';
import { SERVER_MESSAGES } from './server-messages.ts';
import { STORAGE_MESSAGES } from './storage-messages.ts';

export type { ErrorMessage };

/** What a message is made from: an AlcoveError, a WireError, or the reason why a model does not fit. */
export interface Describable {
  readonly code: ErrorCode;
  readonly data: ErrorData;
}

/** Result of something that the user asked for: an error, a message, or neither. */
export interface ActionResult {
  readonly error?: Describable;
  readonly message?: string;
}

/** Every error code has a message; the compiler asks for that of a new code here. */
const MESSAGES: Readonly<Record<ErrorCode, MessageFactory>> = {
  ...ENGINE_MESSAGES,
  ...DOWNLOAD_MESSAGES,
  ...SERVER_MESSAGES,
  ...STORAGE_MESSAGES,
  ...MODEL_FILE_MESSAGES,
  ...DATA_MESSAGES,
  ...DOCUMENT_MESSAGES,
  internal: () => ({
    title: msg('Something in Alcove went wrong'),
    meaning: msg('If it happens again, reload this page.'),
    action: tryAgain(),
  }),
};

export function describeError({ code, data }: Describable): ErrorMessage {
  // A newer version of this page in another tab may send a code that this version does not know.
  const message: MessageFactory | undefined = MESSAGES[code];
  return (message ?? MESSAGES.internal)(data);
}
