import type { Conversation, Message } from '../conversation.ts';
import { activePath } from '../tree.ts';

/** The words of a Markdown file, in the reader's language. */
export interface MarkdownWords {
  readonly you: string;
  /** The name of the model that wrote an answer. */
  readonly nameOf: (message: Message) => string;
  readonly thinking: string;
  readonly summary: string;
  /** Stands under an answer that did not end by itself. */
  readonly unfinished: string;
}

/**
 * The path that is shown, as Markdown: a heading for each turn, its text as it was written. Thinking is quoted before
 * its answer. Headings within a text are pushed below those of the turns, so that the outline stays right.
 */
export function toMarkdown(chat: Conversation, words: MarkdownWords): string {
  const parts = [`# ${oneLine(chat.title)}`];
  for (const message of activePath(chat)) {
    parts.push(`## ${oneLine(headingOf(message, words))}`);
    if (message.reasoning) parts.push(quoted(`**${words.thinking}**\n\n${message.reasoning}`));
    if (message.text !== '') parts.push(message.role === 'assistant' ? lowerHeadings(message.text) : message.text);
    if (message.status === 'stopped' || message.status === 'failed') parts.push(`*${words.unfinished}*`);
  }
  return `${parts.join('\n\n')}\n`;
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

/** Two levels down, at most to the sixth; what stands in a fence is code and stays. */
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

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** A name for a file, without what some file system refuses. */
export function fileNameFor(title: string, extension: string): string {
  const safe = title
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ .]+|[ .]+$/g, '');
  return `${[...safe].slice(0, 60).join('').trim() || 'chat'}.${extension}`;
}
