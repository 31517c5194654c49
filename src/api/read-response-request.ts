import type { GenerateRequest, PromptMessage, PromptPart } from '../engine/engine.ts';
import { unsupportedParameter } from './api-error.ts';
import { Parameters } from './parameters.ts';
import { acceptHarmless, readThinking } from './read-chat-request.ts';
import { readFormat } from './read-format.ts';
import { checkImageUrl, joinSystem, MOST_MESSAGES, noSuchPart } from './read-messages.ts';
import { readSampling } from './read-sampling.ts';
import { readTools } from './read-tools.ts';

export interface ResponseRequest {
  readonly model: string;
  readonly stream: boolean;
  readonly instructions: string | undefined;
  readonly request: GenerateRequest;
}

/** @throws AlcoveApiError that names the first parameter that is wrong or cannot be followed */
export function readResponseRequest(body: unknown): ResponseRequest {
  const parameters = new Parameters(body);
  const model = parameters.requiredString('model');
  const instructions = parameters.string('instructions');
  const input = readInput(parameters);
  const sampling = readSampling(parameters);
  const text = parameters.object('text');
  const responseFormat = readFormat(text?.object('format'), 'flat');
  text?.refuse({ verbosity: ['medium'] });
  text?.end();
  const reasoning = parameters.object('reasoning');
  const thinking = readThinking(reasoning?.string('effort'));
  reasoning?.refuse({ summary: [], generate_summary: [] });
  reasoning?.end();
  const tools = readTools(parameters, 'flat');
  const stream = parameters.boolean('stream') ?? false;
  const options = parameters.object('stream_options');
  options?.accept('include_obfuscation');
  options?.end();
  acceptHarmless(parameters);
  parameters.refuse({
    previous_response_id: [],
    conversation: [],
    include: [[]],
    background: [false],
    truncation: ['disabled'],
    parallel_tool_calls: [true],
    top_logprobs: [0],
    max_tool_calls: [],
    prompt: [],
  });
  parameters.end();
  const system: readonly PromptMessage[] =
    instructions === undefined ? [] : [{ role: 'system', content: instructions }];
  const messages = joinSystem([...system, ...input]);
  return {
    model,
    stream,
    instructions,
    request: {
      messages,
      sampling,
      ...tools,
      ...(responseFormat !== undefined && { responseFormat }),
      ...(thinking !== undefined && { thinking }),
      ...(messages.at(-1)?.role === 'assistant' && { continueLast: true }),
    },
  };
}

function readInput(parameters: Parameters): readonly PromptMessage[] {
  const input = parameters.required('input');
  if (typeof input === 'string') return [{ role: 'user', content: input.toWellFormed() }];
  const items = parameters.list('input', { least: 1, most: MOST_MESSAGES }) ?? [];
  return withCallsTogether(items.flatMap(readItem));
}

/** The calls of one answer are items of their own, and one message for a chat template. */
function withCallsTogether(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  const together: PromptMessage[] = [];
  for (const message of messages) {
    const last = together.at(-1);
    if (last?.role === 'assistant' && message.role === 'assistant' && message.toolCalls !== undefined) {
      together[together.length - 1] = { ...last, toolCalls: [...(last.toolCalls ?? []), ...message.toolCalls] };
    } else {
      together.push(message);
    }
  }
  return together;
}

function readItem(item: Parameters): readonly PromptMessage[] {
  const type = item.string('type') ?? 'message';
  item.accept('id', 'status');
  switch (type) {
    case 'message': {
      item.required('role');
      const role = item.oneOf('role', ['system', 'developer', 'user', 'assistant']) ?? 'user';
      const content = readContent(item);
      item.accept('phase');
      item.end();
      return [{ role: role === 'developer' ? 'system' : role, content }];
    }
    case 'function_call': {
      const call = {
        id: item.requiredString('call_id'),
        name: item.requiredString('name'),
        argumentsJson: item.requiredString('arguments') || '{}',
      };
      item.end();
      return [{ role: 'assistant', content: '', toolCalls: [call] }];
    }
    case 'function_call_output': {
      const message = { content: item.requiredString('output'), toolCallId: item.requiredString('call_id') };
      item.end();
      return [{ role: 'tool', ...message }];
    }
    case 'reasoning':
      // Clients send it back; chat templates leave it out.
      return [];
    default:
      throw unsupportedParameter(item.pathOf('type'), noSuchPart(type));
  }
}

function readContent(item: Parameters): PromptMessage['content'] {
  const content = item.required('content');
  if (typeof content === 'string') return content.toWellFormed();
  return item.list('content', { most: MOST_MESSAGES })?.map(readPart) ?? [];
}

function readPart(part: Parameters): PromptPart {
  const type = part.requiredString('type');
  if (type === 'input_text' || type === 'output_text') {
    const text = part.requiredString('text');
    part.accept('annotations', 'logprobs');
    part.end();
    return { type: 'text', text };
  }
  if (type !== 'input_image') throw unsupportedParameter(part.pathOf('type'), noSuchPart(type));
  const url = part.requiredString('image_url');
  part.refuse({ detail: ['auto'], file_id: [] });
  part.end();
  return { type: 'image', image: checkImageUrl(url, part.pathOf('image_url')) };
}
