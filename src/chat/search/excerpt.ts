import type { Conversation, Message } from '../conversation.ts';
import { visibleMessages } from '../deletion.ts';
import { activePath } from '../tree.ts';
import { foldText, hasWord, isUnspaced, queryWords, writtenRuns } from './folded-text.ts';
import { searchableText } from './search-index.ts';

/** Characters of an excerpt, and how many of them stand before the first match. */
const LENGTH = 140;
const LEAD = 32;

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

/**
 * Where a text has words of a query, see `hasWord`.
 * @param words see `queryWords`
 */
export function* placesOf(text: string, words: readonly string[]): Generator<Place> {
  for (const { 0: written, index } of writtenRuns(text)) {
    if (isUnspaced(written)) yield* placesWithin(written, index, words);
    else if (words.some((word) => hasWord(foldText(written), word)))
      yield { start: index, end: index + written.length };
  }
}

/** Within a passage that is written without spaces. Places that meet are one. */
function* placesWithin(passage: string, start: number, words: readonly string[]): Generator<Place> {
  const starts: number[] = [];
  let folded = '';
  for (const { 0: character, index } of passage.matchAll(/\P{M}\p{M}*/gu)) {
    const { words: spaced, unspaced } = foldText(character);
    const part = unspaced || (spaced[0] ?? '');
    for (let unit = 0; unit < part.length; unit += 1) starts.push(start + index);
    folded += part;
  }
  starts.push(start + passage.length);
  const found = words.flatMap((word) => (isUnspaced(word) ? occurrences(folded, word) : []));
  let last: Place | undefined;
  for (const place of found.sort((a, b) => a.start - b.start)) {
    if (last !== undefined && place.start <= last.end) last = { start: last.start, end: Math.max(last.end, place.end) };
    else {
      if (last !== undefined) yield written(last);
      last = place;
    }
  }
  if (last !== undefined) yield written(last);

  function written({ start: from, end }: Place): Place {
    return { start: starts[from] ?? start, end: starts[end] ?? start + passage.length };
  }
}

function occurrences(text: string, word: string): Place[] {
  const places: Place[] = [];
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
    places.push({ start: at, end: at + word.length });
  }
  return places;
}

/** The whole text in pieces; words that begin with a word of the query are marked. */
export function markedParts(text: string, query: string): ExcerptPart[] {
  const parts: ExcerptPart[] = [];
  let at = 0;
  for (const { start, end } of placesOf(text, queryWords(query))) {
    if (start > at) parts.push({ text: text.slice(at, start), isMatch: false });
    parts.push({ text: text.slice(start, end), isMatch: true });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), isMatch: false });
  return parts;
}

/** From the message with most words of the query; of several, the newest on the shown branch, else the newest. */
export function excerptFrom(chat: Conversation, query: string): Excerpt | undefined {
  const words = queryWords(query);
  const shown = new Set(activePath(chat).map(({ id }) => id));
  let best: { readonly message: Message; readonly rank: number } | undefined;
  for (const message of visibleMessages(chat)) {
    const text = foldText(searchableText(message));
    const count = words.filter((word) => hasWord(text, word)).length;
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
