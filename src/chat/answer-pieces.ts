import type { Message } from './conversation.ts';
import {
  type MessagePart,
  type OtherPart,
  otherParts,
  type ReasoningPart,
  resultOf,
  type TextPart,
  type ToolCallPart,
  type ToolResultPart,
} from './message-parts.ts';

/** A call with its result, as one row shows them. */
export interface CallPiece {
  readonly type: 'call';
  readonly call: ToolCallPart;
  readonly result: ToolResultPart | undefined;
}

export type AnswerPiece = TextPart | ReasoningPart | CallPiece;

/** An answer in the order in which it was written, if the model has called tools; undefined if not. */
export function answerPieces(message: Message): readonly AnswerPiece[] | undefined {
  if (!message.parts.some(({ type }) => type === 'tool-call')) return undefined;
  const pieces: AnswerPiece[] = [];
  for (const part of message.parts) {
    const last = pieces.at(-1);
    if (part.type === 'text' || part.type === 'reasoning') {
      if (last?.type === part.type) pieces[pieces.length - 1] = { ...last, text: last.text + part.text };
      else pieces.push(part);
    } else if (part.type === 'tool-call') {
      pieces.push({ type: 'call', call: part, result: resultOf(message, part.id) });
    }
  }
  return pieces;
}

/** The parts that are neither text nor reasoning nor shown with a call. */
export function attachmentsOf(message: Message): readonly OtherPart[] {
  const isInRow = (part: MessagePart): boolean =>
    part.type === 'tool-call' ||
    (part.type === 'tool-result' &&
      message.parts.some((call) => call.type === 'tool-call' && call.id === part.toolCallId));
  return otherParts(message).filter((part) => !isInRow(part));
}

/** The most that a file for reading has of arguments or a result. */
const MOST_CHARACTERS = 2_000;

export interface BoundedText {
  readonly text: string;
  /** Characters that are not in `text`. */
  readonly omittedCharacters: number;
}

/** JSON with a line for each member; any other text as it is. */
export function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** Arguments or a result, for a file that is to be read. @param omittedCharacters that were cut off before */
export function boundedText(text: string, omittedCharacters = 0): BoundedText {
  const whole = indented(text);
  const kept = whole.slice(0, MOST_CHARACTERS).toWellFormed();
  return { text: kept, omittedCharacters: whole.length - kept.length + omittedCharacters };
}
