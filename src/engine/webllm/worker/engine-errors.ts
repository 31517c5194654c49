import { AlcoveError } from '../../../platform/errors.ts';

/** The stage of a load. web-llm's errors are mostly untyped text; the stage in which one occurs shows what it means. */
export type LoadStage = 'files' | 'library' | 'device' | 'weights' | 'shaders';

/** Turns an error that web-llm 0.2.86 threw in a load into one with a code. */
export function toLoadError(cause: unknown, stage: LoadStage): AlcoveError {
  if (AlcoveError.isInstance(cause)) return cause;
  const message = messageOf(cause);
  switch (nameOf(cause)) {
    case 'ShaderF16SupportError':
      return new AlcoveError('gpu-feature-missing', message, { data: { feature: 'shader-f16' }, cause });
    case 'FeatureSupportError':
      return new AlcoveError('gpu-feature-missing', message, { cause });
    case 'WebGPUNotAvailableError':
    case 'WebGPUNotFoundError':
      return new AlcoveError('webgpu-missing', message, { cause });
    case 'DeviceLostError':
      return new AlcoveError('device-lost', message, { cause });
  }
  if (isAllocationFailure(cause)) return new AlcoveError('out-of-memory', message, { cause });
  // A module that does not compile, lacks functions, or names parameters that the weights do not have or have in
  // another shape: the runtime says so in an Error, or ends with "exit(1)" where it was built without exceptions.
  const code = stage === 'library' || stage === 'weights' ? 'library-mismatch' : 'load-failed';
  return new AlcoveError(code, `${stage}: ${message}`, { cause });
}

/** Errors of checks that web-llm makes before it uses the GPU: the model stays usable. */
const CHECKED_BEFORE: ReadonlySet<string> = new Set([
  'ContextWindowSizeExceededError',
  'ContentTypeError',
  'DependencyError',
  'MessageOrderError',
  'MinValueError',
  'NonNegativeError',
  'SeedTypeError',
  'SystemMessageOrderError',
  'UnsupportedRoleError',
]);

/** What web-llm says where a chat template would. */
const ORDER_ERRORS: ReadonlySet<string> = new Set([
  'MessageOrderError',
  'SystemMessageOrderError',
  'UnsupportedRoleError',
]);

/** Gives an error of web-llm 0.2.86 in an answer a code. @param filledTokens in the KV cache before the prompt */
export function toGenerateError(
  cause: unknown,
  filledTokens: number,
): { readonly error: AlcoveError; readonly usable: boolean } {
  const usable = CHECKED_BEFORE.has(nameOf(cause));
  if (AlcoveError.isInstance(cause)) return { error: cause, usable };
  const message = messageOf(cause);
  if (isAllocationFailure(cause)) return { error: new AlcoveError('out-of-memory', message, { cause }), usable };
  if (ORDER_ERRORS.has(nameOf(cause))) {
    return { error: new AlcoveError('template-failed', message, { data: { reason: message }, cause }), usable };
  }
  if (nameOf(cause) !== 'ContextWindowSizeExceededError') {
    return { error: new AlcoveError('generation-failed', message, { cause }), usable };
  }
  // "…number of prompt tokens: 2060; context window size: 2048"
  const [promptTokens, contextWindow] = (message.match(/\d+/g) ?? []).map(Number);
  const data = {
    promptTokens: promptTokens === undefined ? undefined : promptTokens + filledTokens,
    contextWindow,
  };
  return { error: new AlcoveError('context-exceeded', message, { data, cause }), usable };
}

/** V8's messages when it cannot allocate a buffer or a WebAssembly memory. */
function isAllocationFailure(cause: unknown): boolean {
  return cause instanceof RangeError && /allocat|out of memory|array buffer/i.test(cause.message);
}

/** web-llm's classes set `name`, which a minifier leaves alone. */
function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : '';
}

/** Also for what is no Error: Emscripten throws a plain object, `{ name: "ExitStatus", message, status }`. */
function messageOf(cause: unknown): string {
  if (typeof cause === 'object' && cause !== null && 'message' in cause) return String(cause.message);
  return String(cause);
}
