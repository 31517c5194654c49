import type { Message } from '../conversation.ts';

/**
 * Scripts that write without spaces: each character is a word of its own. By script extensions, so that marks which several
 * scripts share, such as `ー`, belong to the word around them.
 */
export const UNSPACED_CHARACTERS = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}`;
const UNSPACED = new RegExp(`(?=[\\p{L}\\p{N}])[${UNSPACED_CHARACTERS}]`, 'u');
/** Letters of a script with spaces end where one without begins: `Python入門` is `python`, `入`, `門`. */
const WORDS = new RegExp(
  `(?=[\\p{L}\\p{N}])[${UNSPACED_CHARACTERS}]|(?:(?![${UNSPACED_CHARACTERS}])[\\p{L}\\p{N}])+`,
  'gu',
);

/** Most texts need only their case folded, which is many times faster. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all of ASCII.
const ASCII = /^[\x00-\x7f]*$/;
const ASCII_WORDS = /[a-z0-9]+/g;

/** Characters. Longer words are cut: no user types them into a search, and a pasted file may be one word. */
const LONGEST_WORD = 40;

/** Words of a query that are looked up; the user may paste a book into the search. */
const MOST_WORDS = 32;

/** New words that a search compares one by one before they are sorted into the rest. */
const FRESH_WORDS = 2_000;

/** What can be found: text, names of files, and their extracted text; no reasoning, no parts of unknown kinds. */
export function searchableText({ parts }: Message): string {
  const pieces: string[] = [];
  for (const part of parts) {
    if (part.type === 'text') pieces.push(part.text);
    else if (part.type === 'image') pieces.push(part.name);
    else if (part.type === 'document') pieces.push(part.name, part.text ?? '');
    else if (part.type === 'audio') pieces.push(part.name, part.transcript ?? '');
  }
  return pieces.length === 1 ? (pieces[0] ?? '') : pieces.filter((piece) => piece !== '').join('\n');
}

/** The words of a text, without case and marks: `Ärger` is found by `arg`, `straße` by `strasse`. */
export function foldedWords(text: string): string[] {
  const words = ASCII.test(text) ? text.toLowerCase().match(ASCII_WORDS) : folded(text).match(WORDS);
  return (words ?? []).map((word) => (word.length > LONGEST_WORD ? word.slice(0, LONGEST_WORD) : word));
}

/** Whether one of a text's words begins with a word of a query. All are folded. */
export function isSaid(word: string, said: readonly string[]): boolean {
  return said.some((one) => one.startsWith(word));
}

function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replaceAll('ı', 'i');
}

/** Which chats contain which words, in memory. Each word of a query must be the beginning of a word in the chat. */
export class SearchIndex {
  /** Ids by number. A chat that was indexed again has a new number, and its old one is undefined. */
  readonly #ids: (string | undefined)[] = [];
  readonly #numbers = new Map<string, number>();
  /** For each word the numbers of the chats that contain it, ascending. */
  readonly #chats = new Map<string, number[]>();
  #sorted: string[] = [];
  #fresh: string[] = [];

  get size(): number {
    return this.#numbers.size;
  }

  add(id: string, words: Iterable<string>): void {
    let number = this.#numbers.get(id);
    if (number === undefined) {
      number = this.#ids.push(id) - 1;
      this.#numbers.set(id, number);
    }
    for (const word of words) {
      const known = this.#chats.get(word);
      if (known === undefined) {
        this.#chats.set(word, [number]);
        this.#fresh.push(word);
      } else if (known.at(-1) !== number) {
        known.push(number);
      }
    }
  }

  remove(id: string): void {
    const number = this.#numbers.get(id);
    if (number === undefined) return;
    this.#ids[number] = undefined;
    this.#numbers.delete(id);
  }

  /** Ids of the chats that contain, for each word of the query, a word that begins with it. */
  find(query: string): string[] {
    const words = [...new Set(foldedWords(query))].slice(0, MOST_WORDS);
    if (words.length === 0) return [];
    this.#sortFresh();
    const counts = new Uint8Array(this.#ids.length);
    for (const [step, word] of words.entries()) {
      for (const found of this.#wordsFrom(word)) {
        for (const number of this.#chats.get(found) ?? []) if (counts[number] === step) counts[number] = step + 1;
      }
    }
    return this.#ids.flatMap((id, number) => (id !== undefined && counts[number] === words.length ? id : []));
  }

  #sortFresh(): void {
    if (this.#fresh.length < FRESH_WORDS && this.#sorted.length > 0) return;
    if (this.#fresh.length === 0) return;
    this.#sorted = [...this.#sorted, ...this.#fresh].sort();
    this.#fresh = [];
  }

  #wordsFrom(beginning: string): string[] {
    const fresh = this.#fresh.filter((word) => word.startsWith(beginning));
    // A character of a script without spaces is a whole word.
    if (UNSPACED.test(beginning)) return this.#chats.has(beginning) ? [beginning] : [];
    const from = this.#firstFrom(beginning);
    let to = from;
    while (this.#sorted[to]?.startsWith(beginning)) to += 1;
    return [...this.#sorted.slice(from, to), ...fresh];
  }

  #firstFrom(beginning: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#sorted[middle] ?? '') < beginning) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
