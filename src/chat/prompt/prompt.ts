/** Builds the prompt for an answer from a path of the conversation. */
import type { Message } from '../conversation.ts';
import { type MessagePart, textOf } from '../message-parts.ts';

export interface PromptTurn {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** In English: models read that best. */
const NO_QUESTION = '[The beginning of this conversation is missing.]';
const SUMMARY_HEADING = 'Summary of the conversation so far:';

/**
 * The prompt for an answer to the last message of a path: the system prompt, then the turns, without reasoning and without
 * answers that failed before their first word. The newest summary, in the system turn, replaces the turns that it sums up.
 * Adjacent turns of one role are joined, and a user's turn is put before an answer that has none, since chat templates expect
 * the roles to alternate, beginning with the user.
 *
 * The prompt of a longer path begins with that of a shorter one, until a summary is added: an engine that keeps its KV
 * cache prefills only what is new.
 */
export function promptFor(path: readonly Message[], systemPrompt = ''): PromptTurn[] {
  const at = path.findLastIndex(isUsableSummary);
  const summary = path[at];
  const through =
    summary === undefined ? -1 : path.findIndex(({ id }) => id === (summary.throughId ?? summary.parentId));
  const system = [
    ...(systemPrompt.trim() === '' ? [] : [systemPrompt]),
    ...(summary === undefined ? [] : [`${SUMMARY_HEADING}\n${textOf(summary)}`]),
  ].join('\n\n');
  return [
    ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
    ...turnsOf(path.slice(through + 1)),
  ];
}

/**
 * What a model reads of a message: its text, the text of its documents and recordings, and a line in place of each part
 * that it cannot be given, so that it knows that something was there. In English: models read that best.
 */
export function promptText(message: Pick<Message, 'parts'>): string {
  if (message.parts.every(({ type }) => type === 'text' || type === 'reasoning')) return textOf(message);
  let text = '';
  let isAfterText = false;
  for (const part of message.parts) {
    const piece = promptPiece(part);
    if (piece === '') continue;
    const isText = part.type === 'text';
    text += text === '' || (isText && isAfterText) ? piece : `\n\n${piece}`;
    isAfterText = isText;
  }
  return text;
}

function promptPiece(part: MessagePart): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'reasoning':
      return '';
    case 'image':
      return `[Image: ${oneLine(part.name)}]`;
    case 'document':
      return `[Document: ${oneLine(part.name)}]${part.text === undefined ? '' : `\n${part.text}`}`;
    case 'audio':
      return `[Audio: ${oneLine(part.name)}]${part.transcript === undefined ? '' : `\n${part.transcript}`}`;
    case 'tool-call':
      return `[Tool call: ${oneLine(part.name)}]\n${part.argumentsJson}`;
    case 'tool-result':
      return `[Tool result]\n${part.content}`;
    default:
      return '[Attachment]';
  }
}

function oneLine(name: string): string {
  return name.replace(/\s+/g, ' ').trim();
}

/** A summary that was stopped or cut off is incomplete: the turns that it would replace are sent in full. */
function isUsableSummary(message: Message): boolean {
  return message.role === 'summary' && message.status === 'complete' && textOf(message) !== '';
}

function turnsOf(path: readonly Message[]): PromptTurn[] {
  const turns: PromptTurn[] = [];
  for (const message of path) {
    const { role } = message;
    const content = promptText(message);
    if (role === 'summary' || (role === 'assistant' && content === '')) continue;
    const last = turns.at(-1);
    if (last === undefined && role === 'assistant') turns.push({ role: 'user', content: NO_QUESTION });
    if (last !== undefined && last.role === role) {
      turns[turns.length - 1] = { role: last.role, content: `${last.content}\n\n${content}` };
    } else {
      turns.push({ role, content });
    }
  }
  return turns;
}
