import { type AnswerPiece, answerPieces, attachmentsOf, boundedText, type CallPiece } from '../answer-pieces.ts';
import type { Conversation, Message } from '../conversation.ts';
import { type OtherPart, reasoningOf, textOf } from '../message-parts.ts';
import { activePath } from '../tree.ts';

/** The words of a Markdown file, in the user's language. */
export interface MarkdownWords {
  readonly you: string;
  /** The name of the model that wrote an answer. */
  readonly nameOf: (message: Message) => string;
  readonly thinking: string;
  readonly summary: string;
  /** Names a part that is neither text nor reasoning: its kind, and the name and size of its file. */
  readonly labelOf: (part: OtherPart) => string;
  /** Of a tool's call. */
  readonly arguments: string;
  readonly result: string;
  /** Says how many characters of a text are left out. */
  readonly omitted: (characters: number) => string;
  /** Follows an answer that did not end by itself. */
  readonly unfinished: string;
}

/**
 * The shown path as Markdown: a heading for each turn, then its text as written. Reasoning is quoted, calls of tools are folded
 * with the beginning of their arguments and results, and other parts are named. Headings within an answer are moved below
 * those of the turns, so that the outline stays right.
 */
export function toMarkdown(chat: Conversation, words: MarkdownWords): string {
  const blocks = [`# ${oneLine(chat.title)}`];
  for (const message of activePath(chat)) {
    blocks.push(`## ${oneLine(headingOf(message, words))}`);
    const parts = attachmentsOf(message).map((part) => `*${escaped(oneLine(words.labelOf(part)))}*`);
    const pieces = answerPieces(message);
    if (pieces === undefined) {
      const [reasoning, text] = [reasoningOf(message), textOf(message)];
      if (reasoning !== '') blocks.push(reasoningBlock(reasoning, words));
      blocks.push(...parts);
      if (text !== '') blocks.push(message.role === 'assistant' ? lowerHeadings(text) : text);
    } else {
      blocks.push(...parts, ...pieces.map((piece) => pieceBlock(piece, words)));
    }
    if (message.status === 'stopped' || message.status === 'failed') blocks.push(`*${words.unfinished}*`);
  }
  return `${blocks.join('\n\n')}\n`;
}

function pieceBlock(piece: AnswerPiece, words: MarkdownWords): string {
  switch (piece.type) {
    case 'text':
      return lowerHeadings(piece.text.trim());
    case 'reasoning':
      return reasoningBlock(piece.text, words);
    case 'call':
      return callBlock(piece, words);
  }
}

function reasoningBlock(reasoning: string, { thinking }: MarkdownWords): string {
  return quoted(`**${thinking}**\n\n${reasoning}`);
}

/** Folded where the program that shows the file knows HTML. */
function callBlock({ call, result }: CallPiece, words: MarkdownWords): string {
  const blocks = [`<details><summary>${escapedHtml(oneLine(words.labelOf(call)))}</summary>`];
  const add = (name: string, content: string, omitted?: number): void => {
    const { text, omittedCharacters } = boundedText(content, omitted);
    blocks.push(name, fenced(text));
    if (omittedCharacters > 0) blocks.push(`*${words.omitted(omittedCharacters)}*`);
  };
  add(words.arguments, call.argumentsJson);
  if (result !== undefined) add(words.result, result.content, result.omittedCharacters);
  return [...blocks, '</details>'].join('\n\n');
}

/** As code, whatever the text has of fences. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([marks]) => marks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}

function headingOf(message: Message, words: MarkdownWords): string {
  if (message.role === 'user') return words.you;
  return message.role === 'summary' ? words.summary : words.nameOf(message);
}

function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');
}

/** Lowers headings by two levels, at most to the sixth; a fenced block is code and stays as it is. */
function lowerHeadings(text: string): string {
  let fence: string | undefined;
  return text
    .split('\n')
    .map((line) => {
      const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
      if (fence === undefined && mark !== undefined) fence = mark;
      else if (fence !== undefined && mark !== undefined && mark[0] === fence[0] && mark.length >= fence.length) {
        fence = undefined;
      }
      const level = fence === undefined ? /^(#{1,6}) /.exec(line)?.[1]?.length : undefined;
      return level === undefined ? line : `${'#'.repeat(Math.min(6, level + 2))}${line.slice(level)}`;
    })
    .join('\n');
}

/** A file's name may look like Markdown. */
function escaped(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, '\\$&');
}

function escapedHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** A name for a file, without characters that some file system refuses. */
export function fileNameFor(title: string, extension: string): string {
  const safe = title
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ .]+|[ .]+$/g, '');
  return `${[...safe].slice(0, 60).join('').trim() || 'chat'}.${extension}`;
}
