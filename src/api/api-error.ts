import { type AlcoveError, type ErrorCode, isAbortError, toAlcoveError } from '../platform/errors.ts';

/** Of OpenAI's protocol: the request is at fault, or what answers it. */
export type ApiErrorType = 'invalid_request_error' | 'server_error';

/** The body of an HTTP answer with an error, as OpenAI's protocol has it. */
export interface ApiErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: ApiErrorType;
    readonly param: string | null;
    readonly code: string;
  };
}

export interface ApiErrorOptions {
  /** HTTP status that `alcove.fetch` answers with. */
  readonly status: number;
  readonly code: string;
  /** The parameter at fault, as a path: `messages[0].content`. */
  readonly param?: string | undefined;
  /** Whether the same request may succeed if it is sent again. Default: false. */
  readonly isPassing?: boolean;
  readonly cause?: unknown;
}

const marker = Symbol.for('alcove.api-error');

/** The one error of the API, in the shape of OpenAI's. `cause` is the AlcoveError of a failure in Alcove itself. */
export class AlcoveApiError extends Error {
  readonly [marker] = true;
  readonly status: number;
  readonly type: ApiErrorType;
  readonly code: string;
  readonly param: string | null;
  readonly isPassing: boolean;

  constructor(message: string, { status, code, param, isPassing = false, cause }: ApiErrorOptions) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'AlcoveApiError';
    this.status = status;
    this.type = status < 500 ? 'invalid_request_error' : 'server_error';
    this.code = code;
    this.param = param ?? null;
    this.isPassing = isPassing;
  }

  /** True for an AlcoveApiError of any bundle or realm, where `instanceof` fails. */
  static isInstance(value: unknown): value is AlcoveApiError {
    return value instanceof Error && marker in value;
  }

  toJSON(): ApiErrorBody {
    const { message, type, param, code } = this;
    return { error: { message, type, param, code } };
  }
}

/** A parameter that Alcove has no way to follow. */
export function unsupportedParameter(param: string, why?: string): AlcoveApiError {
  const message = why ?? `Unsupported parameter: '${param}' is not supported by Alcove.`;
  return new AlcoveApiError(message, { status: 400, code: 'unsupported_parameter', param });
}

export function unsupportedValue(param: string, message: string): AlcoveApiError {
  return new AlcoveApiError(message, { status: 400, code: 'unsupported_value', param });
}

export function invalidValue(param: string, message: string, code = 'invalid_value'): AlcoveApiError {
  return new AlcoveApiError(message, { status: 400, code, param });
}

interface Meaning {
  readonly status: number;
  /** Default: the AlcoveError's own, with underscores. */
  readonly code?: string;
  readonly param?: string;
  readonly isPassing?: boolean;
}

const DEVICE: Meaning = { status: 422 };
const PASSING: Meaning = { status: 503, isPassing: true };

/** What an AlcoveError is in HTTP; any other is a 500. */
const MEANINGS: Partial<Readonly<Record<ErrorCode, Meaning>>> = {
  'model-unknown': { status: 404, code: 'model_not_found', param: 'model' },
  'model-missing': { status: 404, code: 'model_not_downloaded', param: 'model' },
  'model-not-for-chat': { status: 400, param: 'model' },
  'context-exceeded': { status: 400, code: 'context_length_exceeded', param: 'messages' },
  'prompt-empty': { status: 400, param: 'messages' },
  'template-failed': { status: 400, param: 'messages' },
  'webgpu-missing': DEVICE,
  'gpu-adapter-missing': DEVICE,
  'gpu-feature-missing': DEVICE,
  'gpu-limit-too-low': DEVICE,
  'memory-too-small': DEVICE,
  'model-too-large': DEVICE,
  'engine-crashed': PASSING,
  'engine-hung': PASSING,
  'engine-busy': PASSING,
  'device-lost': PASSING,
};

/** The parameters of OpenAI's protocol that ask for a capability of an engine. */
const PARAMETER_OF: Readonly<Record<string, string>> = {
  topP: 'top_p',
  topK: 'top_k',
  minP: 'min_p',
  repeatPenalty: 'repeat_penalty',
  frequencyPenalty: 'frequency_penalty',
  presencePenalty: 'presence_penalty',
  maxTokens: 'max_tokens',
  thinking: 'reasoning_effort',
  json: 'response_format',
  'json-schema': 'response_format',
  grammar: 'response_format',
  images: 'messages',
  continueLast: 'messages',
  rawPrompt: 'prompt',
  embed: 'model',
};

/**
 * Gives any failure the shape of OpenAI's errors; an AbortError stays what it is.
 * @param rename parameters that this endpoint calls otherwise: `{ messages: 'input' }`
 */
export function toApiError(error: unknown, rename: Readonly<Record<string, string>> = {}): Error {
  if (AlcoveApiError.isInstance(error)) return error;
  if (error instanceof Error && isAbortError(error)) return error;
  const cause = toAlcoveError(error);
  const renamed = (param: string | undefined): string | undefined => param && (rename[param] ?? param);
  if (cause.code === 'unsupported') {
    const feature = String(cause.data['feature']);
    const param = renamed(PARAMETER_OF[feature] ?? feature);
    const message = `Unsupported parameter: '${param}'. The model, or the engine that runs it, does not support ${feature}.`;
    return new AlcoveApiError(message, { status: 400, code: 'unsupported_parameter', param, cause });
  }
  const { status, code, param, isPassing = false }: Meaning = MEANINGS[cause.code] ?? { status: 500 };
  return new AlcoveApiError(messageOf(cause), {
    status,
    code: code ?? cause.code.replaceAll('-', '_'),
    param: renamed(param),
    isPassing,
    cause,
  });
}

function messageOf({ code, message, data }: AlcoveError): string {
  const { promptTokens, contextWindow } = data;
  switch (code) {
    case 'model-missing':
      return `The model is not downloaded (${message}). Call alcove.models.download first.`;
    case 'context-exceeded':
      return `This model's context window is ${contextWindow ?? 'too small:'} tokens; the request needs ${promptTokens ?? 'more'}.`;
    default:
      return message;
  }
}
