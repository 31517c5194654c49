import { AlcoveError, type ErrorData } from '../../platform/errors.ts';

/** Of the words that a server gives for a refusal. */
const REASON_CHARACTERS = 200;

export interface RefusalContext {
  readonly host: string;
  readonly model: string;
  /** Taken out of everything that is kept of an error. */
  readonly key: string | undefined;
}

/** What a server says when it refuses, in the shapes that the known ones use. */
interface Refusal {
  readonly message: string;
  readonly type: string;
  readonly promptTokens: number | undefined;
  readonly contextWindow: number | undefined;
}

/** Gives an answer that is none a code. @param body as text, whatever it is */
export function toRefusal(status: number, body: string, { host, model, key }: RefusalContext): AlcoveError {
  const refusal = readRefusal(body);
  const reason = withoutKey(refusal.message, key).slice(0, REASON_CHARACTERS);
  const data: ErrorData = { host, status };
  if (status === 401 || status === 403)
    return new AlcoveError('server-key-refused', `${status} from ${host}`, { data });
  const exceeded = readExceeded(refusal);
  if (exceeded !== undefined) return new AlcoveError('context-exceeded', reason, { data: exceeded });
  if (isUnknownModel(status, refusal)) {
    return new AlcoveError('server-model-unknown', reason, { data: { ...data, model } });
  }
  return new AlcoveError('server-failed', reason, { data: { ...data, reason: reason || undefined } });
}

/** An error that comes in the middle of a stream: `{"error": …}`. */
export function toStreamedError(error: unknown, context: RefusalContext): AlcoveError {
  return toRefusal(0, JSON.stringify({ error }), context);
}

function withoutKey(text: string, key: string | undefined): string {
  return key === undefined || key === '' ? text : text.replaceAll(key, '…');
}

function readRefusal(body: string): Refusal {
  const error = errorIn(body);
  const member = (name: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  const count = (name: string): number | undefined => {
    const value = member(name);
    return typeof value === 'number' ? value : undefined;
  };
  return {
    message: typeof error === 'string' ? error : String(member('message') ?? ''),
    type: `${String(member('type') ?? '')} ${String(member('code') ?? '')}`,
    promptTokens: count('n_prompt_tokens'),
    contextWindow: count('n_ctx'),
  };
}

/** llama.cpp, Ollama and OpenAI put it under `error`; vLLM's older versions say it at the top; some under `detail`. */
function errorIn(body: string): unknown {
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json !== 'object' || json === null) return undefined;
    return Reflect.get(json, 'error') ?? Reflect.get(json, 'detail') ?? json;
  } catch {
    // A web page, or nothing: the status has to do.
    return undefined;
  }
}

function readExceeded({ message, type, promptTokens, contextWindow }: Refusal): ErrorData | undefined {
  if (type.includes('exceed_context_size')) return { promptTokens, contextWindow };
  // vLLM: "maximum context length is 4096 tokens. However, your prompt contains at least 5000 input tokens"
  const [, limit, asked] = /maximum context length is (\d+)[\s\S]*?(\d+)(?: input)? tokens/.exec(message) ?? [];
  if (limit === undefined) return undefined;
  // Of a text that it did not even count it tells the characters, and the limit once more.
  const isCounted = Number(asked) > Number(limit);
  return { promptTokens: isCounted ? Number(asked) : undefined, contextWindow: Number(limit) };
}

function isUnknownModel(status: number, { message, type }: Refusal): boolean {
  if (/model_not_found|NotFoundError/i.test(type)) return true;
  return (status === 404 || status === 400) && /model\b.*(not found|does not exist|not exist|no such)/i.test(message);
}
