import { AlcoveError, type ErrorData } from '../../platform/errors.ts';
import { templateReason } from '../template-error.ts';

/** Most characters of a server's message that are kept. */
const REASON_CHARACTERS = 200;

export interface RefusalContext {
  readonly host: string;
  readonly model: string;
  /** Removed from every message that is kept. */
  readonly key: string | undefined;
}

/** A server's refusal, in the forms that the known servers use. */
interface Refusal {
  readonly message: string;
  readonly type: string;
  readonly promptTokens: number | undefined;
  readonly contextWindow: number | undefined;
}

/** Turns an error response into an error with a code. @param body as text, of any format */
export function toRefusal(status: number, body: string, { host, model, key }: RefusalContext): AlcoveError {
  const refusal = readRefusal(body);
  const reason = withoutKey(refusal.message, key).slice(0, REASON_CHARACTERS);
  const data: ErrorData = { host, status };
  // LiteLLM looks a key up that is not its master key, and mostly has no database.
  if (status === 401 || status === 403 || refusal.type.includes('no_db_connection'))
    return new AlcoveError('server-key-refused', `${status} from ${host}`, { data });
  const exceeded = readExceeded(refusal);
  if (exceeded !== undefined) return new AlcoveError('context-exceeded', reason, { data: exceeded });
  if (isUnknownModel(status, refusal)) {
    return new AlcoveError('server-model-unknown', reason, { data: { ...data, model } });
  }
  const template = templateReason(reason);
  if (template !== undefined)
    return new AlcoveError('template-failed', reason, { data: { ...data, reason: template } });
  return new AlcoveError('server-failed', reason, { data: { ...data, reason: reason || undefined } });
}

/** Turns an error in the middle of a stream, `{"error": …}`, into an error with a code. */
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

/** llama.cpp, Ollama and OpenAI put it under `error`; older versions of vLLM at the top; some servers under `detail`. */
function errorIn(body: string): unknown {
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json !== 'object' || json === null) return undefined;
    return Reflect.get(json, 'error') ?? Reflect.get(json, 'detail') ?? json;
  } catch {
    // A web page, or an empty body: only the status is known.
    return undefined;
  }
}

function readExceeded({ message, type, promptTokens, contextWindow }: Refusal): ErrorData | undefined {
  if (type.includes('exceed_context_size')) return { promptTokens, contextWindow };
  // llama.cpp's, in the words of a proxy: "request (4120 tokens) exceeds the available context size (2048 tokens)"
  const [, tokens, size] =
    /request \((\d+) tokens\) exceeds the available context size \((\d+) tokens\)/.exec(message) ?? [];
  if (size !== undefined) return { promptTokens: Number(tokens), contextWindow: Number(size) };
  // vLLM: "maximum context length is 4096 tokens. However, your prompt contains at least 5000 input tokens"
  const [, limit, asked] = /maximum context length is (\d+)[\s\S]*?(\d+)(?: input)? tokens/.exec(message) ?? [];
  if (limit === undefined) return undefined;
  // For a text that it did not count it reports the characters, and the limit once more.
  const isCounted = Number(asked) > Number(limit);
  return { promptTokens: isCounted ? Number(asked) : undefined, contextWindow: Number(limit) };
}

function isUnknownModel(status: number, { message, type }: Refusal): boolean {
  if (/model_not_found|NotFoundError/i.test(type)) return true;
  return (status === 404 || status === 400) && /model\b.*(not found|does not exist|not exist|no such)/i.test(message);
}
