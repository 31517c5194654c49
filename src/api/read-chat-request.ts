import type { GenerateRequest } from '../engine/engine.ts';
import { invalidValue } from './api-error.ts';
import { Parameters } from './parameters.ts';
import { readFormat } from './read-format.ts';
import { readMessages } from './read-messages.ts';
import { readSampling } from './read-sampling.ts';
import { readTools } from './read-tools.ts';

export interface ChatRequest {
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly request: GenerateRequest;
}

/** OpenAI's limit; an engine may have a lower one. */
const MOST_TOP_LOGPROBS = 20;

/** @throws AlcoveApiError that names the first parameter that is wrong or cannot be followed */
export function readChatRequest(body: unknown): ChatRequest {
  const parameters = new Parameters(body);
  const model = parameters.requiredString('model');
  const messages = readMessages(parameters);
  const sampling = readSampling(parameters);
  const responseFormat = readFormat(parameters.object('response_format'), 'nested');
  const logprobs = readLogprobs(parameters);
  const thinking = readThinking(parameters.string('reasoning_effort'));
  const tools = readTools(parameters, 'nested');
  const { stream, includeUsage } = readStreamOptions(parameters);
  acceptHarmless(parameters);
  parameters.refuse({
    n: [1],
    logit_bias: [{}],
    modalities: [['text']],
    audio: [],
    prediction: [],
    web_search_options: [],
    verbosity: ['medium'],
    functions: [],
    function_call: [],
    parallel_tool_calls: [true],
  });
  parameters.end();
  return {
    model,
    stream,
    includeUsage,
    request: {
      messages,
      sampling,
      ...tools,
      ...(responseFormat !== undefined && { responseFormat }),
      ...(logprobs !== undefined && { logprobs }),
      ...(thinking !== undefined && { thinking }),
      // As llama.cpp's server and vLLM have it: an answer that the request begins is continued.
      ...(messages.at(-1)?.role === 'assistant' && { continueLast: true }),
    },
  };
}

/** Parameters that have no influence on an answer of a model in this page. */
export function acceptHarmless(parameters: Parameters): void {
  parameters.accept('user', 'metadata', 'safety_identifier', 'prompt_cache_key', 'prompt_cache_retention');
  parameters.refuse({ store: [false], service_tier: ['auto', 'default'] });
}

/** @returns undefined if the model decides */
export function readThinking(effort: string | undefined): boolean | undefined {
  return effort === undefined ? undefined : effort !== 'none';
}

function readLogprobs(parameters: Parameters): number | undefined {
  const isWanted = parameters.boolean('logprobs') ?? false;
  const top = parameters.number('top_logprobs', { least: 0, most: MOST_TOP_LOGPROBS, isWhole: true });
  if (top !== undefined && !isWanted) {
    throw invalidValue('top_logprobs', `Invalid 'top_logprobs': it needs 'logprobs' to be true.`);
  }
  return isWanted ? (top ?? 0) : undefined;
}

/** Reads `stream` and `stream_options`. */
export function readStreamOptions(parameters: Parameters): Pick<ChatRequest, 'stream' | 'includeUsage'> {
  const stream = parameters.boolean('stream') ?? false;
  const options = parameters.object('stream_options');
  if (options === undefined) return { stream, includeUsage: false };
  if (!stream) throw invalidValue('stream_options', `Invalid 'stream_options': it needs 'stream' to be true.`);
  const includeUsage = options.boolean('include_usage') ?? false;
  // Against onlookers on the network, of whom there are none in a page.
  options.accept('include_obfuscation');
  options.end();
  return { stream, includeUsage };
}
