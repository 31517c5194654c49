import { AlcoveError, abortError, type ErrorCode } from '../../platform/errors.ts';

/** An error of the Prompt API with a code; after a cancel an AbortError. @param code for one that says nothing special */
export function fromBrowserError(error: unknown, signal: AbortSignal, code: ErrorCode): Error {
  if (signal.aborted) return abortError();
  if (AlcoveError.isInstance(error)) return error;
  const name = error instanceof Error ? error.name : '';
  const message = String(error);
  if (name === 'QuotaExceededError') {
    return contextExceeded(figure(error, 'requested'), figure(error, 'quota'), error);
  }
  if (name === 'NotAllowedError' || name === 'NotReadableError') {
    return new AlcoveError('browser-model-refused', message, { data: { reason: name }, cause: error });
  }
  return new AlcoveError(code, message, { cause: error });
}

export function contextExceeded(
  promptTokens: number | undefined,
  contextWindow: number | undefined,
  cause?: unknown,
): AlcoveError {
  const data = { promptTokens, contextWindow };
  return new AlcoveError('context-exceeded', 'longer than the context window', { data, cause });
}

function figure(error: unknown, name: 'requested' | 'quota'): number | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'number' ? value : undefined;
}
