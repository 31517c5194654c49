import type { Message } from './conversation.ts';

/** Characters of an automatic title, at most. */
const TITLE_LENGTH = 60;
/** A sentence that ends before this is too little to stand for the rest of its line. */
const SENTENCE_LENGTH = 12;

/** Says nothing about what a chat is about; in the languages of the interface. */
const GREETING =
  /^(hi|hello|hey|hallo|hey there|hi there|hello there|good (morning|afternoon|evening)|guten (morgen|tag|abend)|moin|servus|bonjour|salut|bonsoir|hola|buenos días|buenas|olá|oi|bom dia|boa tarde|你好|您好|嗨|こんにちは|こんばんは|おはよう(ございます)?|مرحبا|السلام عليكم|test)$/iu;

/**
 * The title of a chat by itself: the first question that says what it is about. No model is asked, so that nothing
 * disturbs the prefix that the engine has cached.
 */
export function titleFor(path: readonly Message[]): string {
  const titles = path.filter(({ role }) => role === 'user').map(({ text }) => titleFrom(text));
  return titles.find((title) => title !== '' && !isGreeting(title)) ?? titles.find((title) => title !== '') ?? '';
}

function isGreeting(title: string): boolean {
  return GREETING.test(title.replace(/[\p{P}\p{S}\s]+$/u, ''));
}

/**
 * A title from the first line with words in it, and the next one where that only leads to it ("Context:"), without
 * Markdown's marks, cut at a sentence or a word.
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
  // A title needs no more than the beginning of what may be megabytes.
  for (const line of text.slice(0, 4_000).toWellFormed().split('\n')) {
    const words = line
      // Marks at the start of a line, and those around words.
      .replace(/^[\s>#*+-]+|^\s*\d+[.)]\s+|`+|\*\*|__/g, '')
      // What would turn the list around it: control characters, and those that set a direction.
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
