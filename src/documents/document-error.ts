import { AlcoveError, type ErrorData, isAbortError } from '../platform/errors.ts';
import { DOCUMENT_LIMITS, type DocumentKind } from './document-text.ts';

/** @param unit of the limit that the document passes */
export function tooLarge(unit: keyof typeof DOCUMENT_LIMITS): AlcoveError {
  const limit = DOCUMENT_LIMITS[unit];
  return new AlcoveError('document-too-large', `over ${limit} ${unit}`, { data: { limit, unit } });
}

export function broken(kind: DocumentKind, cause: unknown): AlcoveError {
  return new AlcoveError('document-broken', `the ${kind} cannot be read: ${cause}`, { data: { kind }, cause });
}

export function locked(data: ErrorData): AlcoveError {
  return new AlcoveError('document-locked', 'a password is needed', { data });
}

/**
 * The error of a document for whatever its reader threw. Browsers refuse to read a file that has changed on the disk since it
 * was chosen.
 */
export function documentError(error: unknown, kind: DocumentKind): unknown {
  if (AlcoveError.isInstance(error) || isAbortError(error)) return error;
  if (error instanceof Error && (error.name === 'NotReadableError' || error.name === 'NotFoundError')) {
    return new AlcoveError('document-changed', 'the file has changed since it was chosen', { cause: error });
  }
  return broken(kind, error);
}
