import { AlcoveError, type ErrorCode, isAbortError } from '../../platform/errors.ts';
import { AlcoveApiError } from '../api-error.ts';

/** What this device, this model or this page does not offer. */
const NOT_SUPPORTED: ReadonlySet<ErrorCode> = new Set([
  'unsupported',
  'model-unknown',
  'model-missing',
  'model-not-for-chat',
  'webgpu-missing',
  'gpu-adapter-missing',
  'gpu-feature-missing',
  'gpu-limit-too-low',
  'memory-too-small',
  'model-too-large',
]);

/**
 * An error as the Prompt API names it.
 * @param signal its reason is what an abort rejects with
 * @param otherwise of an error that the specification does not name: another one while a session is made
 */
export function toDomException(
  error: unknown,
  signal: AbortSignal,
  otherwise: 'UnknownError' | 'OperationError' = 'UnknownError',
): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof DOMException || isPlain(error) || isAbortError(error)) return error;
  const cause = AlcoveApiError.isInstance(error) ? (error.cause ?? error) : error;
  if (!AlcoveError.isInstance(cause)) {
    const isRefused = AlcoveApiError.isInstance(cause) && cause.status === 400;
    return new DOMException(String(cause), isRefused ? 'NotSupportedError' : otherwise);
  }
  if (cause.code === 'context-exceeded') return quotaExceeded(cause);
  return new DOMException(cause.message, NOT_SUPPORTED.has(cause.code) ? 'NotSupportedError' : otherwise);
}

function isPlain(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError;
}

/** A class of its own in newer browsers, with both figures; a DOMException with them in others. */
function quotaExceeded({ message, data }: AlcoveError): Error {
  const figures = { requested: Number(data['promptTokens'] ?? 0), quota: Number(data['contextWindow'] ?? 0) };
  const QuotaExceeded: unknown = Reflect.get(globalThis, 'QuotaExceededError');
  if (typeof QuotaExceeded !== 'function') {
    return Object.assign(new DOMException(message, 'QuotaExceededError'), figures);
  }
  return Reflect.construct(QuotaExceeded, [message, figures]);
}
