/** Reads an answer of Open WebUI: its text, reasoning, tool calls and the code that it ran. */
import { field, numberField, textField } from '../../platform/untrusted-json.ts';
import type { MessagePart } from '../message-parts.ts';
import { openAiContent, resultText, toolCall } from './draft-parts.ts';

/** The answer is in `output`, a list of items (from 0.7 on), or in `content`, where blocks of HTML stand for the items. */
export function readOpenWebUiAnswer(content: unknown, output: readonly unknown[]): MessagePart[] {
  const items = output.flatMap(readItem);
  if (items.some((part) => part.type === 'text' && part.text.trim() !== '')) return items;
  const pieces = openAiContent(content).flatMap((part) => (part.type === 'text' ? splitBlocks(part.text) : part));
  return pieces.length > items.length ? pieces : items;
}

/** One item of `output`, which has the form of OpenAI's Responses API, with items of Open WebUI's own. */
function readItem(item: unknown, index: number): MessagePart[] {
  const callId = textField(item, 'call_id') ?? textField(item, 'id') ?? `call-${index}`;
  switch (textField(item, 'type')) {
    case 'message':
      return openAiContent(field(item, 'content'));
    case 'reasoning': {
      const text = resultText(field(item, 'content')) || resultText(field(item, 'summary'));
      return [reasoningPart(text, numberField(item, 'duration', 0))];
    }
    case 'function_call':
      return [toolCall(callId, textField(item, 'name') ?? '', field(item, 'arguments') ?? {}, 'complete')];
    case 'function_call_output':
      return [{ type: 'tool-result', toolCallId: callId, content: resultText(field(item, 'output')) }];
    case 'open_webui:code_interpreter':
      return ranCode(callId, textField(item, 'code') ?? '', resultText(field(item, 'output')));
    default:
      return [toolCall(callId, textField(item, 'type') ?? '', item, 'complete')];
  }
}

function ranCode(id: string, code: string, output: string): MessagePart[] {
  const call = toolCall(id, 'code_interpreter', code, 'complete');
  return output === '' ? [call] : [call, { type: 'tool-result', toolCallId: id, content: output }];
}

function reasoningPart(text: string, seconds: number | undefined): MessagePart {
  return { type: 'reasoning', text, ...(seconds !== undefined && { durationMs: Math.round(seconds * 1_000) }) };
}

const BLOCK = /^<details type="(reasoning|tool_calls|code_interpreter)"([^>]*)>\n?/m;
const BLOCK_END = '</details>';

/**
 * Open WebUI writes what is not text into the answer, as blocks of HTML with the details in escaped attributes:
 * `<details type="reasoning" done="true" duration="3">\n<summary>…</summary>\n> …\n</details>`
 */
function splitBlocks(whole: string): MessagePart[] {
  const parts: MessagePart[] = [];
  let rest = whole;
  for (let found = BLOCK.exec(rest); found !== null; found = BLOCK.exec(rest)) {
    const [start, type, attributes = ''] = found;
    const inner = rest.slice(found.index + start.length);
    const end = inner.indexOf(BLOCK_END);
    const body = (end === -1 ? inner : inner.slice(0, end)).replace(/^<summary>.*?<\/summary>\n?/s, '');
    parts.push({ type: 'text', text: rest.slice(0, found.index).trim() });
    parts.push(...readBlock(type ?? '', attributesIn(attributes), body, `call-${parts.length}`));
    rest = end === -1 ? '' : inner.slice(end + BLOCK_END.length);
  }
  const text = parts.length === 0 ? rest : rest.trim();
  return [...parts, { type: 'text', text }];
}

function readBlock(
  type: string,
  attributes: ReadonlyMap<string, string>,
  body: string,
  fallbackId: string,
): MessagePart[] {
  const id = attributes.get('id') || fallbackId;
  if (type === 'reasoning') {
    const seconds = Number(attributes.get('duration') ?? Number.NaN);
    return [reasoningPart(unquoted(body), seconds >= 0 ? seconds : undefined)];
  }
  if (type === 'code_interpreter') {
    return ranCode(id, /```[^\n]*\n(.*?)\n?```/s.exec(body)?.[1] ?? body.trim(), fromJson(attributes.get('output')));
  }
  const state = attributes.get('done') === 'false' ? 'pending' : 'complete';
  const call = toolCall(id, attributes.get('name') ?? '', fromJson(attributes.get('arguments')), state);
  const content = fromJson(attributes.get('result')) || unescaped(body.trim());
  return content === '' ? [call] : [call, { type: 'tool-result', toolCallId: id, content }];
}

function attributesIn(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescaped(value)]),
  );
}

/** An attribute is JSON, often of a text that is JSON itself. Returns that text, or the JSON of anything else. */
function fromJson(text = ''): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value.toWellFormed() : text;
  } catch {
    return text;
  }
}

function unquoted(body: string): string {
  const lines = body.trim().split('\n');
  const isEscaped = lines.some((line) => line.startsWith('&gt;'));
  const text = lines.map((line) => line.replace(/^(?:>|&gt;) ?/, '')).join('\n');
  return (isEscaped ? unescaped(text) : text).trim();
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#39': "'" };

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#x27|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
