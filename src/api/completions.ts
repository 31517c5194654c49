import type { GenerateRequest, TokenLogprobs, Usage } from '../engine/engine.ts';
import type { ModelSession } from '../session/model-session.ts';
import { startAnswer } from './answer-events.ts';
import { invalidValue, toApiError, unsupportedParameter } from './api-error.ts';
import { newId, now, toUsage } from './chat-completions.ts';
import type {
  Completion,
  CompletionChoice,
  CompletionCreateParams,
  CompletionCreateParamsNonStreaming,
  CompletionCreateParamsStreaming,
  CompletionLogprobs,
} from './completion-types.ts';
import { Parameters, wrongType } from './parameters.ts';
import { acceptHarmless, readStreamOptions } from './read-chat-request.ts';
import { readSampling } from './read-sampling.ts';
import type { RequestOptions } from './request-options.ts';

interface CompletionRequest {
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly echo: boolean;
  readonly prompts: readonly string[];
  readonly request: Omit<GenerateRequest, 'messages'>;
}

/** OpenAI's limits. */
const MOST_PROMPTS = 128;
const MOST_LOGPROBS = 5;

/** `alcove.completions` */
export class Completions {
  readonly #session: ModelSession;

  constructor(session: ModelSession) {
    this.#session = session;
  }

  /**
   * Continues a text, without a chat template. Otherwise as `chat.completions.create`.
   * @throws AlcoveApiError; AbortError after `signal`. A stream throws them in its loop
   */
  create(params: CompletionCreateParamsNonStreaming, options?: RequestOptions): Promise<Completion>;
  create(params: CompletionCreateParamsStreaming, options?: RequestOptions): Promise<AsyncIterable<Completion>>;
  create(params: CompletionCreateParams, options?: RequestOptions): Promise<Completion | AsyncIterable<Completion>>;
  async create(
    params: CompletionCreateParams,
    { signal }: RequestOptions = {},
  ): Promise<Completion | AsyncIterable<Completion>> {
    try {
      const request = readCompletionRequest(params);
      const chunks = toChunks(this.#session, request, signal);
      // The first chunk, for which the model must have been found and loaded.
      const first = await chunks.next();
      const all = startingWith(first, chunks);
      return request.stream ? all : await merge(all, request.model);
    } catch (error) {
      throw toApiError(error, RENAMED);
    }
  }
}

const RENAMED = { messages: 'prompt' };

function readCompletionRequest(body: unknown): CompletionRequest {
  const parameters = new Parameters(body);
  const model = parameters.requiredString('model');
  const prompts = readPrompts(parameters);
  const sampling = readSampling(parameters);
  const echo = parameters.boolean('echo') ?? false;
  const logprobs = parameters.number('logprobs', { least: 0, most: MOST_LOGPROBS, isWhole: true });
  if (echo && logprobs !== undefined) throw unsupportedParameter('echo', `'echo' with 'logprobs' is not supported.`);
  const options = readStreamOptions(parameters);
  acceptHarmless(parameters);
  parameters.refuse({ n: [1], best_of: [1], suffix: [], logit_bias: [{}] });
  parameters.end();
  const request = { sampling, rawPrompt: true, ...(logprobs !== undefined && { logprobs }) };
  return { model, ...options, echo, prompts, request };
}

function readPrompts(parameters: Parameters): readonly string[] {
  const value = parameters.required('prompt');
  const prompts =
    typeof value === 'string' ? [value] : (parameters.array('prompt', { least: 1, most: MOST_PROMPTS }) ?? []);
  return prompts.map((prompt, index) => {
    const param = typeof value === 'string' ? 'prompt' : `prompt[${index}]`;
    if (typeof prompt !== 'string') throw wrongType(param, 'a string: tokens are not supported', prompt);
    if (prompt.trim() === '') throw invalidValue(param, `Invalid '${param}': it is empty.`);
    return prompt.toWellFormed();
  });
}

async function* toChunks(
  session: ModelSession,
  { model, prompts, echo, stream, includeUsage, request }: CompletionRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<Completion, void> {
  const head = { id: newId('cmpl'), object: 'text_completion', created: now(), model } as const;
  const chunk = (choice: CompletionChoice): Completion => ({
    ...head,
    choices: [choice],
    ...(stream && includeUsage && { usage: null }),
  });
  const usages: Usage[] = [];
  try {
    for (const [index, prompt] of prompts.entries()) {
      const none = { index, text: '', finish_reason: null, logprobs: null };
      const messages = [{ role: 'user' as const, content: prompt }];
      const events = await startAnswer(session, model, { ...request, messages }, signal);
      if (echo) yield chunk({ ...none, text: prompt });
      let offset = 0;
      for await (const event of events) {
        if (event.type === 'text-delta') {
          yield chunk({ ...none, text: event.text });
        } else if (event.type === 'logprobs') {
          const logprobs = toLogprobs(event.tokens, offset);
          offset += event.tokens.reduce((sum, { token }) => sum + token.length, 0);
          yield chunk({ ...none, logprobs });
        } else if (event.type === 'usage') {
          usages.push(event.usage);
        } else if (event.type === 'finish') {
          yield chunk({ ...none, finish_reason: event.reason === 'length' ? 'length' : 'stop' });
        }
      }
    }
  } catch (error) {
    throw toApiError(error, RENAMED);
  }
  if (!stream || includeUsage) {
    yield { ...head, choices: [], usage: toUsage(usages.reduce<Usage | undefined>(added, undefined)) };
  }
}

async function* startingWith(
  first: IteratorResult<Completion, void>,
  rest: AsyncGenerator<Completion, void>,
): AsyncGenerator<Completion, void> {
  try {
    if (first.done !== true) yield first.value;
    yield* rest;
  } finally {
    await rest.return();
  }
}

/** The chunks of an answer as one, the choices in the order of their prompts. */
async function merge(chunks: AsyncIterable<Completion>, model: string): Promise<Completion> {
  const choices: CompletionChoice[] = [];
  let whole: Completion = { id: newId('cmpl'), object: 'text_completion', created: now(), model, choices };
  for await (const { choices: added, ...head } of chunks) {
    whole = { ...head, choices };
    for (const choice of added) {
      const before = choices[choice.index];
      choices[choice.index] = before === undefined ? choice : joined(before, choice);
    }
  }
  return whole;
}

function joined(a: CompletionChoice, b: CompletionChoice): CompletionChoice {
  const [before, after] = [a.logprobs, b.logprobs];
  const both = before !== null && after !== null;
  return {
    index: a.index,
    text: a.text + b.text,
    finish_reason: b.finish_reason,
    logprobs: both
      ? {
          tokens: [...before.tokens, ...after.tokens],
          token_logprobs: [...before.token_logprobs, ...after.token_logprobs],
          top_logprobs: [...before.top_logprobs, ...after.top_logprobs],
          text_offset: [...before.text_offset, ...after.text_offset],
        }
      : (after ?? before),
  };
}

/** The figures of several answers as one: counts are added, rates are the last one's. */
function added(sum: Usage | undefined, usage: Usage): Usage {
  if (sum === undefined) return usage;
  return {
    ...usage,
    promptTokens: sum.promptTokens + usage.promptTokens,
    completionTokens: sum.completionTokens + usage.completionTokens,
    timeToFirstTokenMs: sum.timeToFirstTokenMs,
  };
}

function toLogprobs(tokens: readonly TokenLogprobs[], start: number): CompletionLogprobs {
  let offset = start;
  const offsets = tokens.map(({ token }) => {
    const at = offset;
    offset += token.length;
    return at;
  });
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top }) => Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]))),
    text_offset: offsets,
  };
}
