import type { PromptMessage, PromptPart, ToolCall } from '../engine/engine.ts';
import { invalidValue, unsupportedParameter, unsupportedValue } from './api-error.ts';
import { Parameters, wrongType } from './parameters.ts';

/** More would fill any context window, and a template would take seconds to find that out. */
export const MOST_MESSAGES = 4096;

/** Reads `messages` of a chat completion. */
export function readMessages(parameters: Parameters): readonly PromptMessage[] {
  parameters.required('messages');
  const list = parameters.list('messages', { least: 1, most: MOST_MESSAGES }) ?? [];
  return joinSystem(list.map(readMessage));
}

/** Templates allow one system message, at the start; a request may have several there. */
export function joinSystem(messages: readonly PromptMessage[]): readonly PromptMessage[] {
  const count = messages.findIndex(({ role }) => role !== 'system');
  if (count < 2) return messages;
  const content = messages.slice(0, count).flatMap((message, index) => {
    const parts = toParts(message.content);
    return index === 0 ? parts : [{ type: 'text' as const, text: '\n\n' }, ...parts];
  });
  return [{ role: 'system', content }, ...messages.slice(count)];
}

function toParts(content: PromptMessage['content']): readonly PromptPart[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function readMessage(message: Parameters): PromptMessage {
  message.required('role');
  const role = message.oneOf('role', ['system', 'developer', 'user', 'assistant', 'tool']);
  const read = readRole(message, role ?? 'user');
  message.refuse({ name: [] });
  message.end();
  return read;
}

function readRole(message: Parameters, role: 'developer' | PromptMessage['role']): PromptMessage {
  switch (role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: readContent(message, 'text') };
    case 'user':
      return { role, content: readContent(message, 'text-and-images') };
    case 'tool':
      return { role, content: readContent(message, 'text'), toolCallId: message.requiredString('tool_call_id') };
    case 'assistant': {
      const toolCalls = message.list('tool_calls', { most: 128 })?.map(readToolCall) ?? [];
      // What a model with reasoning has thought is not part of the next prompt, and templates leave it out.
      message.accept('refusal', 'reasoning_content', 'annotations');
      message.refuse({ audio: [], function_call: [] });
      const content = message.has('content') || toolCalls.length === 0 ? readContent(message, 'text') : '';
      return { role, content, ...(toolCalls.length > 0 && { toolCalls }) };
    }
  }
}

function readToolCall(call: Parameters): ToolCall {
  const id = call.requiredString('id');
  call.oneOf('type', ['function']);
  call.accept('index');
  call.required('function');
  const called = call.object('function') ?? call;
  const name = called.requiredString('name');
  const argumentsJson = called.string('arguments') || '{}';
  try {
    JSON.parse(argumentsJson);
  } catch {
    const param = called.pathOf('arguments');
    throw invalidValue(param, `Invalid '${param}': expected JSON.`);
  }
  called.end();
  call.end();
  return { id, name, argumentsJson };
}

function readContent(message: Parameters, allowed: 'text' | 'text-and-images'): PromptMessage['content'] {
  const content = message.required('content');
  if (typeof content === 'string') return content.toWellFormed();
  if (!Array.isArray(content)) throw wrongType(message.pathOf('content'), 'a string or a list of parts', content);
  return content.map((part, index) => {
    return readPart(new Parameters(part, `${message.pathOf('content')}[${index}]`), allowed);
  });
}

function readPart(part: Parameters, allowed: 'text' | 'text-and-images'): PromptPart {
  const type = part.requiredString('type');
  if (type === 'text') {
    const text = part.requiredString('text');
    part.end();
    return { type, text };
  }
  if (type !== 'image_url' || allowed === 'text') throw unsupportedParameter(part.pathOf('type'), noSuchPart(type));
  part.required('image_url');
  const image = part.object('image_url') ?? part;
  const url = image.requiredString('url');
  image.refuse({ detail: ['auto'] });
  image.end();
  part.end();
  return { type: 'image', image: checkImageUrl(url, image.pathOf('url')) };
}

export function noSuchPart(type: string): string {
  return `Unsupported content: a part of type '${type}' is not supported here.`;
}

/** Nothing that a message names is fetched, so that no image can call home. */
export function checkImageUrl(url: string, param: string): string {
  if (/^data:image\/(png|jpeg);base64,/.test(url)) return url;
  throw unsupportedValue(param, `Unsupported value: '${param}' is a data URL of a PNG or JPEG; no address is fetched.`);
}
