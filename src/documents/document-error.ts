import { AlcoveError, type ErrorData, isAbortError } from '../platform/errors.ts';
import { DOCUMENT_LIMITS, type DocumentKind } from './document-text.ts';

/** @param unit of the limit that the document passes */
export function tooLarge(unit: keyof typeof DOCUMENT_LIMITS): AlcoveError {
  const limit = DOCUMENT_LIMITS[unit];
  return new AlcoveError('document-too-large', `over ${limit} ${unit}`, { data: { limit, unit } });
}

export function locked(data: ErrorData): AlcoveError {
  return new AlcoveError('document-locked', 'a password is needed', { data });
}

/**
 * Gives whatever a reader throws the code of a document's error. In the worker, because an error's name does not leave it.
 * Browsers refuse to read a file that has changed on the disk since it was chosen.
 * @param kind undefined while it is not known
 */
export async function withDocumentErrors<Result>(
  kind: DocumentKind | undefined,
  read: () => Promise<Result>,
): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (AlcoveError.isInstance(error) || isAbortError(error)) throw error;
    const { name } = error instanceof Error ? error : { name: '' };
    if (name === 'PasswordException') throw locked({ kind });
    const isGone = name === 'NotReadableError' || name === 'NotFoundError';
    const code = isGone ? 'document-changed' : 'document-broken';
    throw new AlcoveError(code, `the ${kind ?? 'file'} cannot be read: ${error}`, { data: { kind }, cause: error });
  }
}
