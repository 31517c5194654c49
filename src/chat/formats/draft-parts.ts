/** Makes message parts of what other programs export; several formats hold the same things in the same way. */
import { type Fields, field, fieldsOf, textField } from '../../platform/untrusted-json.ts';
import { appended, type FilePart, type MessagePart, type TextPart, type ToolCallPart } from '../message-parts.ts';
import type { DraftNode } from './draft-chat.ts';

/** Characters of a file's name; file systems allow 255 bytes. */
const LONGEST_NAME = 255;

/** The parts of two turns, in order, with a blank line between the text of the two, and between their reasoning. */
export function joinedParts(before: readonly MessagePart[], after: readonly MessagePart[]): readonly MessagePart[] {
  const open = new Set(before.map(({ type }) => type));
  const parts = [...before];
  for (const part of after) {
    const isFirst = (part.type === 'text' || part.type === 'reasoning') && open.delete(part.type);
    parts.splice(-1, 1, ...appended(parts.slice(-1), isFirst ? { ...part, text: `\n\n${part.text}` } : part));
  }
  return parts;
}

/** The pieces of one message as its parts: texts are separated by a blank line, empty ones left out. */
export function partsOf(pieces: readonly MessagePart[]): readonly MessagePart[] {
  return pieces.reduce<readonly MessagePart[]>((parts, piece) => {
    const isEmpty = (piece.type === 'text' || piece.type === 'reasoning') && piece.text.trim() === '';
    return isEmpty ? parts : joinedParts(parts, [piece]);
  }, []);
}

export interface NamedFile {
  readonly name: string | undefined;
  readonly mediaType: string | undefined;
  readonly sizeBytes?: number | undefined;
  /** What the program extracted from it, or the words of a recording. */
  readonly text?: string | undefined;
}

/** A file whose bytes are not imported: its place in the message is kept. */
export function filePart({ name, mediaType, sizeBytes, text }: NamedFile): FilePart {
  const kind = (['image', 'audio'] as const).find((one) => mediaType?.startsWith(one)) ?? 'document';
  const fields = {
    name: (name ?? '').slice(0, LONGEST_NAME) || kind,
    mediaType: mediaType?.includes('/') ? mediaType : 'application/octet-stream',
    ...(sizeBytes !== undefined && { sizeBytes }),
  };
  if (kind === 'document') return { type: kind, ...fields, ...(text !== undefined && { text }) };
  if (kind === 'audio') return { type: kind, ...fields, ...(text !== undefined && { transcript: text }) };
  return { type: kind, ...fields };
}

/** Files of a chat of which nothing was imported but the name. */
export function missingFilesIn(nodes: readonly DraftNode[]): number {
  const files = nodes.flatMap(({ message }) => message?.parts ?? []).filter(isFile);
  return files.filter((part) => part.sha256 === undefined && !('text' in part) && !('transcript' in part)).length;
}

function isFile(part: MessagePart): part is FilePart {
  return part.type === 'image' || part.type === 'document' || part.type === 'audio';
}

/**
 * A document that a model wrote beside the conversation (a canvas, an artifact), as part of its answer.
 * @param language of code; undefined for prose, which is Markdown already
 */
export function writtenDocument(title: string, language: string | undefined, content: string): TextPart {
  const heading = title.trim() === '' ? '' : `**${title.trim().replace(/[\\*_`[\]<>\n]/g, ' ')}**\n\n`;
  if (language === undefined) return { type: 'text', text: `${heading}${content}` };
  const longest = Math.max(2, ...(content.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return { type: 'text', text: `${heading}${fence}${language}\n${content}\n${fence}` };
}

/** @param input the arguments, as text or as the object that they spell */
export function toolCall(id: string, name: string, input: unknown, state: ToolCallPart['state']): ToolCallPart {
  const argumentsJson = typeof input === 'string' ? input.toWellFormed() : (JSON.stringify(input) ?? '{}');
  return { type: 'tool-call', id, name, argumentsJson, state };
}

/** The content of a message in the form of OpenAI's API: a text, or a list of texts and files. */
export function openAiContent(content: unknown): MessagePart[] {
  if (typeof content === 'string') return [{ type: 'text', text: content.toWellFormed() }];
  return (Array.isArray(content) ? content : []).flatMap((part: unknown): MessagePart[] => {
    if (typeof part === 'string') return [{ type: 'text', text: part.toWellFormed() }];
    const text = textField(part, 'text');
    if (text !== undefined) return [{ type: 'text', text }];
    const type = textField(part, 'type') ?? '';
    const file = fieldsOf(field(part, 'file'));
    return fieldsOf(part) === undefined
      ? []
      : [filePart({ name: textField(file, 'filename'), mediaType: /image|audio/.exec(type)?.[0] })];
  });
}

/** `tool_calls` of a message in the form of OpenAI's API. */
export function openAiToolCalls(calls: readonly unknown[]): ToolCallPart[] {
  return calls.flatMap((call, index) => {
    const called: Fields | undefined = fieldsOf(field(call, 'function')) ?? fieldsOf(call);
    const name = textField(called, 'name');
    const id = textField(call, 'id') || `call-${index}`;
    return name === undefined ? [] : [toolCall(id, name, field(called, 'arguments') ?? {}, 'complete')];
  });
}

/** The texts of a list of content pieces, joined; of anything else that is not a text, its JSON. */
export function resultText(content: unknown): string {
  if (typeof content === 'string') return content.toWellFormed();
  if (!Array.isArray(content)) return content === undefined || content === null ? '' : JSON.stringify(content);
  const texts = content.map((piece: unknown) => textField(piece, 'text') ?? resultText(piece));
  return texts.filter((text) => text !== '').join('\n\n');
}

/** An id that is a text, or a number as older versions of some programs have it. */
export function idOf(value: unknown, name: string): string | undefined {
  const id = field(value, name);
  return typeof id === 'number' ? String(id) : textField(value, name);
}

export function systemPromptOf(...texts: readonly (string | undefined)[]): { systemPrompt: string } | undefined {
  const systemPrompt = texts.find((text) => text !== undefined && text.trim() !== '');
  return systemPrompt === undefined ? undefined : { systemPrompt };
}
