import type { Message } from './conversation.ts';
import { otherParts, textOf } from './message-parts.ts';

/** Characters of an automatic title, at most. */
const TITLE_LENGTH = 60;
/** A sentence of fewer characters says too little to stand for its whole line. */
const SENTENCE_LENGTH = 12;

/** A message that says nothing about the subject of a chat, in the languages of the interface. */
const GREETING =
  /^(hi|hello|hey|hallo|hey there|hi there|hello there|good (morning|afternoon|evening)|guten (morgen|tag|abend)|moin|servus|bonjour|salut|bonsoir|hola|buenos días|buenas|olá|oi|bom dia|boa tarde|你好|您好|嗨|こんにちは|こんばんは|おはよう(ございます)?|مرحبا|السلام عليكم|test)$/iu;

/** The first question that is not just a greeting. No model is asked, so that the KV cache keeps the chat's prefix. */
export function titleFor(path: readonly Message[]): string {
  const titles = path.filter(({ role }) => role === 'user').map(titleOf);
  return titles.find((title) => title !== '' && !isGreeting(title)) ?? titles.find((title) => title !== '') ?? '';
}

/** A line that stands for one message: the start of its text, else the name of its first file; `''` where it has neither. */
export function titleOf(message: Pick<Message, 'parts'>): string {
  const title = titleFrom(textOf(message));
  if (title !== '') return title;
  const name = otherParts(message).flatMap((part) => ('name' in part ? part.name : []))[0];
  return name === undefined ? '' : titleFrom(name);
}

function isGreeting(title: string): boolean {
  return GREETING.test(title.replace(/[\p{P}\p{S}\s]+$/u, ''));
}

/**
 * A title from the first line that has words in it, without Markdown's marks, cut after a sentence or a word. A line that
 * only introduces the next one ("Context:") is joined with it.
 */
export function titleFrom(text: string): string {
  const line = firstLine(text);
  const characters = [...line];
  if (characters.length <= TITLE_LENGTH) return line;
  const cut = characters.slice(0, TITLE_LENGTH).join('');
  const sentence = /^.*?[.!?。！？؟](?=\s|$)/u.exec(cut)?.[0] ?? '';
  if (sentence.length >= SENTENCE_LENGTH) return sentence;
  const lastSpace = cut.lastIndexOf(' ');
  return `${lastSpace > TITLE_LENGTH / 2 ? cut.slice(0, lastSpace) : cut}…`;
}

function firstLine(text: string): string {
  let lead = '';
  // The text may be megabytes long.
  for (const line of text.slice(0, 4_000).toWellFormed().split('\n')) {
    const words = line
      // Marks at the start of a line, and those around words.
      .replace(/^[\s>#*+-]+|^\s*\d+[.)]\s+|`+|\*\*|__/g, '')
      // Control characters, and those that set a direction: they would change the list around the title.
      .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    if (!/[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(words)) continue;
    if (lead !== '' || !/[:：]$/.test(words)) return `${lead}${words}`;
    lead = `${words} `;
  }
  if (lead !== '') return lead.trimEnd();
  return text.slice(0, TITLE_LENGTH).toWellFormed().replace(/\s+/g, ' ').trim();
}
