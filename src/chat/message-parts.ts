/**
 * What a message is made of: an ordered list of typed parts, and the functions that read and change it. Text and reasoning
 * are shown; parts of every other kind are carried along, named in exports and in the prompt, and never dropped.
 */

/** What the user typed or the model answered: Markdown, as written. */
export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

/** What the model thought. It is not sent back to a model. */
export interface ReasoningPart {
  readonly type: 'reasoning';
  readonly text: string;
  /** How long the model thought, ms, as far as it is known. */
  readonly durationMs?: number;
}

/** A file. The message only refers to the bytes: they are stored once, however many messages and branches name them. */
interface FileFields {
  /** As the file was attached; not a path, and not to be trusted as one. */
  readonly name: string;
  /** IANA media type, such as `image/png`. */
  readonly mediaType: string;
  /** Undefined where the program that the chat was imported from does not say. */
  readonly sizeBytes?: number;
  /**
   * SHA-256 of the bytes, in lower-case hexadecimal: the key under which they are stored. Undefined for a file that an
   * imported chat names, and whose bytes were not imported.
   */
  readonly sha256?: string;
}

export interface ImagePart extends FileFields {
  readonly type: 'image';
}

export interface DocumentPart extends FileFields {
  readonly type: 'document';
  /** The text that was extracted from the file; undefined where there is none, or none yet. */
  readonly text?: string;
}

export interface AudioPart extends FileFields {
  readonly type: 'audio';
  /** What is said in it, where it was transcribed. */
  readonly transcript?: string;
}

/** A model asks for a tool to be run; the engine's `ToolCall` and how far it is. */
export interface ToolCallPart {
  readonly type: 'tool-call';
  /** Unique within the message. */
  readonly id: string;
  readonly name: string;
  /** As the model wrote them, so perhaps not valid JSON. */
  readonly argumentsJson: string;
  /**
   * `pending`: not run yet. `declined`: by the user or the page. A call that failed or was declined has a result that says
   * so.
   */
  readonly state: 'pending' | 'running' | 'complete' | 'failed' | 'declined';
}

export interface ToolResultPart {
  readonly type: 'tool-result';
  /** `id` of the call in the same message. */
  readonly toolCallId: string;
  readonly content: string;
  /** Characters that were cut off at the end of `content`, because the model could not read them all. */
  readonly omittedCharacters?: number;
}

export type FilePart = ImagePart | DocumentPart | AudioPart;

export type KnownPart = TextPart | ReasoningPart | FilePart | ToolCallPart | ToolResultPart;

declare const unknownType: unique symbol;

/**
 * A part of a kind that a later version of Alcove has added: kept as it is. Its type is a string as well, but an opaque one
 * to the compiler, so that `part.type === 'text'` narrows to `TextPart`.
 */
export interface UnknownPart {
  readonly type: { readonly [unknownType]: true };
}

export type MessagePart = KnownPart | UnknownPart;

/** A part that is neither text nor reasoning. */
export type OtherPart = Exclude<MessagePart, TextPart | ReasoningPart>;

interface HasParts {
  readonly parts: readonly MessagePart[];
}

/** The parts of a message of text, and of what was thought before it. An empty text is no part. */
export function textParts(text: string, reasoning = '', durationMs?: number): readonly MessagePart[] {
  const parts: MessagePart[] = [];
  if (reasoning !== '') {
    parts.push({ type: 'reasoning', text: reasoning, ...(durationMs !== undefined && { durationMs }) });
  }
  if (text !== '') parts.push({ type: 'text', text });
  return parts;
}

/**
 * All text of a message, without what lies between its pieces; `''` where it has none. Text before and after a call of a tool
 * is of two answers of the model, and thus paragraphs.
 */
export function textOf({ parts }: HasParts): string {
  let text = '';
  let isAfterCall = false;
  for (const part of parts) {
    if (part.type === 'tool-call') isAfterCall = true;
    if (part.type !== 'text' || part.text === '') continue;
    text += isAfterCall && text !== '' && !text.endsWith('\n') ? `\n\n${part.text}` : part.text;
    isAfterCall = false;
  }
  return text;
}

/** All reasoning of a message; `''` where it has none. */
export function reasoningOf(message: HasParts): string {
  return message.parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('');
}

/** How long the model thought, ms; undefined where that is not known. */
export function reasoningMsOf({ parts }: HasParts): number | undefined {
  const durations = parts.flatMap((part) => (part.type === 'reasoning' ? (part.durationMs ?? []) : []));
  return durations.length === 0 ? undefined : durations.reduce((sum, ms) => sum + ms, 0);
}

/** The parts that are neither text nor reasoning, in their order. */
export function otherParts({ parts }: HasParts): OtherPart[] {
  return parts.filter((part) => part.type !== 'text' && part.type !== 'reasoning');
}

/** SHA-256 of the files that the parts refer to, each as often as it is named. */
export function hashesOf({ parts }: HasParts): string[] {
  return parts.flatMap((part) => ('sha256' in part && typeof part.sha256 === 'string' ? part.sha256 : []));
}

/** The result of a call; undefined while there is none. */
export function resultOf({ parts }: HasParts, callId: string): ToolResultPart | undefined {
  return parts.find((part): part is ToolResultPart => part.type === 'tool-result' && part.toolCallId === callId);
}

/**
 * The parts with another text in place of the first piece of the old one, or at the end. Other parts stay. In an answer
 * that has called tools, the text comes after their results, from which it was written.
 */
export function withText(parts: readonly MessagePart[], text: string): readonly MessagePart[] {
  const results = parts.findLastIndex(({ type }) => type === 'tool-result');
  const isText = ({ type }: MessagePart): boolean => type === 'text';
  const at = parts.findIndex((part, index) => isText(part) && index > results);
  const end = at === -1 ? parts.length : at;
  const others = (from: number, to?: number): MessagePart[] => parts.slice(from, to).filter((part) => !isText(part));
  return [...others(0, end), ...textParts(text), ...others(end)];
}

/**
 * Adds what was written last: to the last part if both are text or both are reasoning, else as a new part. An empty text
 * adds nothing. Only the last part is replaced, and a JavaScript engine appends to its text without copying it.
 */
export function appended(parts: readonly MessagePart[], added: MessagePart): readonly MessagePart[] {
  if ((added.type === 'text' || added.type === 'reasoning') && added.text === '') return parts;
  const last = parts.at(-1);
  if (last?.type === 'text' && added.type === 'text') {
    return parts.with(-1, { ...last, text: last.text + added.text });
  }
  if (last?.type === 'reasoning' && added.type === 'reasoning') {
    return parts.with(-1, { ...last, ...added, text: last.text + added.text });
  }
  return [...parts, added];
}
