import type { Conversation, Message } from '../conversation.ts';
import { visibleMessages } from '../deletion.ts';
import { activePath } from '../tree.ts';
import { foldedWords, isSaid, searchableText, UNSPACED_CHARACTERS } from './search-index.ts';

/** Characters of an excerpt, and how many of them stand before the first match. */
const LENGTH = 140;
const LEAD = 32;

/** A word as written, with its marks; one character in scripts without spaces. */
const WRITTEN_WORDS = new RegExp(
  `(?=[\\p{L}\\p{N}])[${UNSPACED_CHARACTERS}]\\p{M}*|(?:(?![${UNSPACED_CHARACTERS}])[\\p{L}\\p{N}\\p{M}])+`,
  'gu',
);

/** A piece of a text, and whether it matches the query. */
export interface ExcerptPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** The passage of a chat that matches a query best. */
export interface Excerpt {
  readonly messageId: string;
  readonly parts: readonly ExcerptPart[];
}

/** A range of a text, in UTF-16 code units. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Words of a text that begin with a word of the query. @param words folded, see `foldedWords` */
export function* placesOf(text: string, words: readonly string[]): Generator<Place & { readonly words: string[] }> {
  for (const { 0: written, index } of text.matchAll(WRITTEN_WORDS)) {
    const said = foldedWords(written);
    const found = words.filter((word) => isSaid(word, said));
    if (found.length > 0) yield { start: index, end: index + written.length, words: found };
  }
}

/** The whole text in pieces; words that begin with a word of the query are marked. */
export function markedParts(text: string, query: string): ExcerptPart[] {
  const parts: ExcerptPart[] = [];
  let at = 0;
  for (const { start, end } of placesOf(text, foldedWords(query))) {
    if (start > at) parts.push({ text: text.slice(at, start), isMatch: false });
    parts.push({ text: text.slice(start, end), isMatch: true });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isMatch: false });
  return parts;
}

/** From the message with most words of the query; of several, the newest on the shown branch, else the newest. */
export function excerptFrom(chat: Conversation, query: string): Excerpt | undefined {
  const words = [...new Set(foldedWords(query))];
  const shown = new Set(activePath(chat).map(({ id }) => id));
  let best: { readonly message: Message; readonly rank: number } | undefined;
  for (const message of visibleMessages(chat)) {
    const said = foldedWords(searchableText(message));
    const count = words.filter((word) => isSaid(word, said)).length;
    if (count === 0) continue;
    const rank = count + (shown.has(message.id) ? 0.5 : 0);
    if (best === undefined || rank > best.rank || (rank === best.rank && message.createdAt >= best.message.createdAt)) {
      best = { message, rank };
    }
  }
  if (best === undefined) return undefined;
  return { messageId: best.message.id, parts: cut(searchableText(best.message), words, query) };
}

/** The text around the first match, from the beginning of a word. */
function cut(text: string, words: readonly string[], query: string): ExcerptPart[] {
  const first = placesOf(text, words).next().value?.start ?? 0;
  const from = first <= LEAD ? 0 : wordStart(text, first - LEAD, first);
  // Do not cut a surrogate pair at the end.
  const part = text
    .slice(from, from + LENGTH)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/\s+/g, ' ');
  return markedParts(`${from > 0 ? '…' : ''}${part}${from + LENGTH < text.length ? '…' : ''}`, query);
}

/** The first beginning of a word from `at` on; `found` where there is none before that. */
function wordStart(text: string, at: number, found: number): number {
  const space = text.slice(at, found).search(/\s/);
  return space === -1 ? found : at + space + 1;
}
