import { AlcoveError, type ErrorCode } from '../../../platform/errors.ts';
import { templateReason } from '../../template-error.ts';

/** What llama.cpp (checked at b12211) logs about a file that it cannot load, and the error it means. The first match counts. */
const LOAD_MEANINGS: readonly (readonly [pattern: RegExp, code: ErrorCode])[] = [
  [/invalid magic|not a GGUF/i, 'not-weights'],
  [/not within the file bounds|incomplete|unexpectedly reached end|failed to read/i, 'file-truncated'],
  [/mismatch between text model/i, 'projector-mismatch'],
  [/device (was )?lost|lost device/i, 'device-lost'],
  [
    /out of memory|bad_alloc|cannot enlarge memory|failed to allocate|unable to allocate|allocation failed/i,
    'out-of-memory',
  ],
];

const ANSWER_MEANINGS: typeof LOAD_MEANINGS = LOAD_MEANINGS.slice(3);

/** Turns the error of a failed load into one with a code. @param log what llama.cpp logged meanwhile */
export function toLoadError(cause: unknown, log: string): AlcoveError {
  if (AlcoveError.isInstance(cause)) return cause;
  const message = messageOf(cause, log);
  const architecture = /unknown model architecture: '([^']*)'/.exec(message)?.[1];
  return new AlcoveError(meaningOf(message, LOAD_MEANINGS) ?? 'load-failed', message, {
    data: { architecture },
    cause,
  });
}

/** Turns the error of a failed answer into one with a code. `usable` is false when the next answer needs a new load. */
export function toGenerateError(
  cause: unknown,
  log: string,
): { readonly error: AlcoveError; readonly usable: boolean } {
  if (AlcoveError.isInstance(cause)) return { error: cause, usable: false };
  const message = messageOf(cause, log);
  // "request (2093 tokens) exceeds the available context size (2048 tokens), try increasing it"
  // "input (600 tokens) is too large to process. increase the physical batch size (current batch size: 512)"
  const [, promptTokens, contextWindow] =
    /request \((\d+) tokens\) exceeds .*?\((\d+) tokens\)/.exec(message) ??
    /input \((\d+) tokens\) is too large.*?batch size: (\d+)/.exec(message) ??
    [];
  if (promptTokens !== undefined) {
    const data = { promptTokens: Number(promptTokens), contextWindow: Number(contextWindow) };
    return { error: new AlcoveError('context-exceeded', message, { data, cause }), usable: true };
  }
  const reason = templateReason(messageOf(cause, ''));
  if (reason !== undefined) {
    return {
      error: new AlcoveError('template-failed', message, { data: { reason }, cause }),
      usable: !isRuntimeError(cause),
    };
  }
  const code = meaningOf(message, ANSWER_MEANINGS) ?? (isAbort(cause) ? 'engine-crashed' : 'generation-failed');
  // llama.cpp reports a WllamaError itself; after a RuntimeError of its WebAssembly its state is unknown.
  return { error: new AlcoveError(code, message, { cause }), usable: !isRuntimeError(cause) };
}

function meaningOf(message: string, meanings: typeof LOAD_MEANINGS): ErrorCode | undefined {
  return meanings.find(([pattern]) => pattern.test(message))?.[1];
}

/** wllama marks Emscripten's `abort()` in this way. */
function isAbort(cause: unknown): boolean {
  return isRuntimeError(cause) && cause.message.startsWith('(ABORT)');
}

/** Whether it is a WllamaRuntimeError, which sets this name. */
function isRuntimeError(cause: unknown): cause is Error {
  return cause instanceof Error && cause.name === 'RuntimeError';
}

function messageOf(cause: unknown, log: string): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return log === '' ? message : `${message}\n${log}`;
}
