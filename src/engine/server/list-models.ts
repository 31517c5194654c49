import type { ServedModel } from '../../models/catalogue/custom-server.ts';
import type { ServerKind } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { asArray, asCount, asObject, asText } from './chat-chunk.ts';
import { toRefusal } from './server-errors.ts';
import { readText, requestServer } from './server-request.ts';

export interface ServerListing {
  readonly kind: ServerKind;
  readonly models: readonly ServedModel[];
}

export interface AskOptions {
  readonly key: string | undefined;
  readonly signal: AbortSignal;
  readonly silentAfterMs?: number;
}

/** A server lists its models quickly. */
const SILENT_AFTER_MS = 10_000;

/** The kind of a server, by `owned_by` in its `GET /models`. */
const OWNERS: Readonly<Record<string, ServerKind>> = {
  llamacpp: 'llama.cpp',
  vllm: 'vllm',
  library: 'ollama',
  organization_owner: 'lm-studio',
};

/** @param baseUrl ends in `/v1` */
export async function listModels(baseUrl: string, options: AskOptions): Promise<ServerListing> {
  const items = asArray(asObject(await getJson(`${baseUrl}/models`, options))?.['data']).flatMap((item) => {
    const object = asObject(item);
    return object === undefined || asText(object['id']) === '' ? [] : [object];
  });
  const kind = OWNERS[asText(items[0]?.['owned_by'])] ?? 'other';
  return { kind, models: items.map(toModel) };
}

/** JSON of a server; GET, or POST with a body. */
export async function getJson(
  url: string,
  { key, signal, silentAfterMs = SILENT_AFTER_MS }: AskOptions,
  body?: unknown,
): Promise<unknown> {
  const { host } = new URL(url);
  const answer = await requestServer({ url, key, signal, silentAfterMs, body });
  const { response } = answer;
  try {
    const text = await readText(answer);
    if (!response.ok) throw toRefusal(response.status, text, { host, model: '', key });
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new AlcoveError('server-answer-invalid', 'no JSON', { data: { host }, cause });
  } finally {
    answer.end();
    answer.meter.report();
  }
}

function toModel(item: Readonly<Record<string, unknown>>): ServedModel {
  const meta = asObject(item['meta']);
  // vLLM; llama.cpp; LM Studio; LiteLLM, which hides the program behind it.
  const contextWindow =
    asCount(item['max_model_len']) ??
    asCount(meta?.['n_ctx']) ??
    asCount(item['loaded_context_length']) ??
    asCount(item['max_input_tokens']);
  return { name: asText(item['id']), contextWindow: contextWindow || undefined };
}
