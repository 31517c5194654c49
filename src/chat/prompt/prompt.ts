/** Builds the prompt for an answer from a path of the conversation. */
import type { Message } from '../conversation.ts';
import {
  type ImagePart,
  type MessagePart,
  resultOf,
  type ToolCallPart,
  type ToolResultPart,
  textOf,
} from '../message-parts.ts';

export interface PromptTurn {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string;
  /** Those that the model is given, each before the character of `content` at its index. */
  readonly images?: readonly PlacedImage[];
  /** The calls that an assistant's turn makes; a tool's turn follows for each. */
  readonly toolCalls?: readonly Pick<ToolCallPart, 'id' | 'name' | 'argumentsJson'>[];
  /** The call that a tool's turn answers. */
  readonly toolCallId?: string;
}

export interface PlacedImage {
  readonly at: number;
  readonly part: ImagePart;
}

/** What a model can be given beside text. */
export interface PromptAbilities {
  /** It is offered tools: it reads earlier calls in the form in which it makes them, and otherwise as text. */
  readonly tools?: boolean;
  /** It sees: a user's images are given to it, and otherwise named. */
  readonly images?: boolean;
  /** What goes before a question, by the question's id: the texts that were read of documents. */
  readonly documents?: ReadonlyMap<string, string>;
}

/** In English: models read that best. */
const NO_QUESTION = '[The beginning of this conversation is missing.]';
const SUMMARY_HEADING = 'Summary of the conversation so far:';
const NO_RESULT = '[The call did not end.]';

/**
 * The prompt for an answer to the last message of a path: the system prompt, then the turns, without reasoning and without
 * answers that failed before their first word. The newest summary, in the system turn, replaces the turns that it sums up.
 * Adjacent turns of one role are joined, and a user's turn is put before an answer that has none, since chat templates expect
 * the roles to alternate, beginning with the user.
 *
 * The prompt of a longer path begins with that of a shorter one, until a summary is added: an engine that keeps its KV
 * cache prefills only what is new.
 */
export function promptFor(path: readonly Message[], systemPrompt = '', can: PromptAbilities = {}): PromptTurn[] {
  const summary = path.findLast(isUsableSummary);
  const system = [
    ...(systemPrompt.trim() === '' ? [] : [systemPrompt]),
    ...(summary === undefined ? [] : [`${SUMMARY_HEADING}\n${textOf(summary)}`]),
  ].join('\n\n');
  return [...(system === '' ? [] : [{ role: 'system' as const, content: system }]), ...turnsOf(keptPath(path), can)];
}

/** The messages of a path that no summary replaces in the prompt. */
export function keptPath(path: readonly Message[]): readonly Message[] {
  const summary = path.findLast(isUsableSummary);
  if (summary === undefined) return path;
  return path.slice(path.findIndex(({ id }) => id === (summary.throughId ?? summary.parentId)) + 1);
}

/**
 * What a model reads of a message: its text, the text of its documents and recordings, and a line in place of each part
 * that it cannot be given, so that it knows that something was there. In English: models read that best.
 */
export function promptText(message: Pick<Message, 'parts'>): string {
  if (message.parts.every(({ type }) => type === 'text' || type === 'reasoning')) return textOf(message);
  return joinedPieces(message.parts);
}

/** A line that stands for an image where it cannot be given. */
export function imageLine({ name }: ImagePart): string {
  return `[Image: ${oneLine(name)}]`;
}

function joinedPieces(parts: readonly MessagePart[]): string {
  let text = '';
  let isAfterText = false;
  for (const part of parts) {
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
      return imageLine(part);
    case 'document':
      return `[Document: ${oneLine(part.name)}]${part.text === undefined ? '' : `\n${part.text}`}`;
    case 'audio':
      return `[Audio: ${oneLine(part.name)}]${part.transcript === undefined ? '' : `\n${part.transcript}`}`;
    case 'tool-call':
      return `[Tool call: ${oneLine(part.name)}]\n${part.argumentsJson}`;
    case 'tool-result':
      return `[Tool result]\n${resultText(part)}`;
    default:
      return '[Attachment]';
  }
}

function resultText({ content, omittedCharacters }: ToolResultPart): string {
  if (omittedCharacters === undefined) return content;
  return `${content}\n[The result is cut here: ${omittedCharacters} more characters are left out.]`;
}

function oneLine(name: string): string {
  return name.replace(/\s+/g, ' ').trim();
}

/** A summary that was stopped or cut off is incomplete: the turns that it would replace are sent in full. */
function isUsableSummary(message: Message): boolean {
  return message.role === 'summary' && message.status === 'complete' && textOf(message) !== '';
}

function turnsOf(
  path: readonly Message[],
  { tools = false, images = false, documents }: PromptAbilities,
): PromptTurn[] {
  const turns: PromptTurn[] = [];
  for (const message of path) {
    const { id, role } = message;
    if (role === 'summary') continue;
    const added = tools && role === 'assistant' ? answerTurns(message) : [textTurn(message, role, images)];
    const text = documents?.get(id);
    if (text !== undefined) addTurn(turns, { role, content: text });
    for (const turn of added) addTurn(turns, turn);
  }
  return turns;
}

function textTurn(message: Message, role: PromptTurn['role'], seesImages: boolean): PromptTurn {
  if (!seesImages || role !== 'user' || !message.parts.some(isStoredImage)) {
    return { role, content: promptText(message) };
  }
  let content = '';
  let pieces: MessagePart[] = [];
  const images: PlacedImage[] = [];
  const end = (): void => {
    content = joinedTexts(content, joinedPieces(pieces));
    pieces = [];
  };
  for (const part of message.parts) {
    if (!isStoredImage(part)) pieces.push(part);
    else {
      end();
      images.push({ at: content.length, part });
    }
  }
  end();
  return { role, content, images };
}

/** An image whose bytes an import did not bring along can only be named. */
function isStoredImage(part: MessagePart): part is ImagePart {
  return part.type === 'image' && part.sha256 !== undefined;
}

function joinedTexts(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}

function addTurn(turns: PromptTurn[], turn: PromptTurn): void {
  const { role, content, toolCalls, images = [] } = turn;
  if (role === 'assistant' && content === '' && toolCalls === undefined) return;
  const last = turns.at(-1);
  if (last === undefined && role === 'assistant') turns.push({ role: 'user', content: NO_QUESTION });
  if (last?.role === role && role !== 'tool') {
    const joined = joinedTexts(last.content, content);
    const shift = joined.length - content.length;
    const all = [...(last.images ?? []), ...images.map(({ at, part }) => ({ at: at + shift, part }))];
    turns[turns.length - 1] = { ...turn, content: joined, ...(all.length > 0 && { images: all }) };
  } else {
    turns.push(turn);
  }
}

/** An answer as the turns of which it was made: text with calls, the results of the calls, text … */
function answerTurns(message: Message): PromptTurn[] {
  const turns: PromptTurn[] = [];
  let pieces: MessagePart[] = [];
  let calls: ToolCallPart[] = [];
  const called = new Set<string>();
  const end = (): void => {
    const content = joinedPieces(pieces).trim();
    const toolCalls = calls.map(({ id, name, argumentsJson }) => {
      return { id, name, argumentsJson: objectJson(argumentsJson) };
    });
    turns.push({ role: 'assistant', content, ...(calls.length > 0 && { toolCalls }) });
    for (const { id } of calls) {
      const result = resultOf(message, id);
      // An engine refuses an empty last message.
      const text = result === undefined ? NO_RESULT : resultText(result);
      turns.push({ role: 'tool', content: text.trim() === '' ? '(empty)' : text, toolCallId: id });
    }
    pieces = [];
    calls = [];
  };
  let hasResult = false;
  for (const part of message.parts) {
    if (part.type === 'tool-call') {
      // The next call was made after the result of the one before.
      if (hasResult) end();
      calls.push(part);
      called.add(part.id);
      hasResult = false;
    } else if (part.type === 'tool-result' && called.has(part.toolCallId)) {
      hasResult = calls.length > 0;
    } else if (part.type !== 'reasoning') {
      if (calls.length > 0) end();
      hasResult = false;
      pieces.push(part);
    }
  }
  end();
  return turns;
}

/** Arguments as a JSON object: chat templates and servers take nothing else, but a model or another program may write it. */
function objectJson(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return json;
  } catch {
    // It is code, or cut off.
  }
  return json.trim() === '' ? '{}' : JSON.stringify({ input: json });
}
