import type { Message } from '../conversation.ts';
import { CharacterCodes } from './character-codes.ts';
import { foldText, isUnspaced, queryWords } from './folded-text.ts';
import { PackedNumbers } from './packed-numbers.ts';

/** So many numbers are cheaper as an array: most words are in few chats. */
const FEW_CHATS = 32;

/** Characters. V8 keeps a longer part of a text as a reference to all of it. */
const COPIED = 12;

/** Chats that were indexed again, beside as many as there are, before their old numbers are dropped. */
const SPARE_NUMBERS = 256;

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

/**
 * Which chats contain which words, in memory. Each word of a query must be the beginning of a word in the chat; one of a
 * script without spaces may stand anywhere. Of these scripts the index has the characters, and the text itself to look a
 * word up in. Pairs of characters instead took twice the time and the memory (10,000 chats of 20 Chinese messages of 200
 * characters), and words of `Intl.Segmenter` miss what a query splits differently. 5,000 such chats take 41 MB, 5,000 English
 * ones of 20 messages of 60 words 14 MB (Chromium 156; 73 and 24 MB with strings and arrays as they come).
 */
export class SearchIndex {
  /** Ids by number. A chat that was indexed again has a new number, and its old one is undefined. */
  readonly #ids: (string | undefined)[] = [];
  readonly #numbers = new Map<string, number>();
  /** By number: what the chat has of scripts without spaces, in codes. */
  readonly #unspaced: (string | undefined)[] = [];
  readonly #codes = new CharacterCodes();
  /** For each word, and each character of scripts without spaces, the numbers of the chats that contain it, ascending. */
  readonly #chats = new Map<string, number[] | PackedNumbers>();
  #sorted: string[] = [];
  #fresh: string[] = [];

  get size(): number {
    return this.#numbers.size;
  }

  add(id: string, texts: Iterable<string>): void {
    let number = this.#numbers.get(id);
    if (number === undefined) {
      if (this.#ids.length > 2 * this.#numbers.size + SPARE_NUMBERS) this.#dropOldNumbers();
      number = this.#ids.push(id) - 1;
      this.#numbers.set(id, number);
    }
    // A set for each chat drops repeated words faster than the index does.
    const said = new Set<string>();
    const passages: string[] = [];
    for (const text of texts) {
      const { words, unspaced } = foldText(text);
      for (const word of words) said.add(word);
      for (const character of unspaced) said.add(character);
      if (unspaced !== '') passages.push(unspaced);
    }
    said.delete(' ');
    if (passages.length > 0) {
      this.#unspaced[number] = (this.#unspaced[number] ?? '') + this.#codes.encode(` ${passages.join(' ')}`);
    }
    for (const word of said) this.#note(word, number);
  }

  #note(word: string, number: number): void {
    const known = this.#chats.get(word);
    if (known === undefined) {
      const own = word.length > COPIED ? [...word].join('') : word;
      this.#chats.set(own, [number]);
      this.#fresh.push(own);
    } else if (known.at(-1) !== number) {
      known.push(number);
      if (Array.isArray(known) && known.length > FEW_CHATS) this.#chats.set(word, new PackedNumbers(known));
    }
  }

  remove(id: string): void {
    const number = this.#numbers.get(id);
    if (number === undefined) return;
    this.#ids[number] = undefined;
    this.#unspaced[number] = undefined;
    this.#numbers.delete(id);
  }

  /** How much it keeps: the numbers of chats that are here or were, and the words. For tests. */
  get kept(): { readonly numbers: number; readonly words: number } {
    return { numbers: this.#ids.length, words: this.#chats.size };
  }

  /** A chat that changes is indexed again and again; without this each time would be kept. */
  #dropOldNumbers(): void {
    const ids = this.#ids.splice(0);
    const unspaced = this.#unspaced.splice(0);
    const renumbered = ids.map((id, number) => {
      if (id === undefined) return undefined;
      const next = this.#ids.push(id) - 1;
      this.#numbers.set(id, next);
      this.#unspaced[next] = unspaced[number];
      return next;
    });
    for (const [word, chats] of this.#chats) {
      const left: number[] = [];
      chats.forEach((number) => {
        const next = renumbered[number];
        if (next !== undefined) left.push(next);
      });
      if (left.length === 0) this.#chats.delete(word);
      else this.#chats.set(word, left.length > FEW_CHATS ? new PackedNumbers(left) : left);
    }
    this.#sorted = [...this.#chats.keys()].sort();
    this.#fresh = [];
  }

  /** Ids of the chats that contain each word of the query. */
  find(query: string): string[] {
    const words = queryWords(query);
    const looked = [...new Set(words.flatMap((word) => (isUnspaced(word) ? [...word] : word)))];
    if (looked.length === 0) return [];
    this.#sortFresh();
    const counts = new Uint16Array(this.#ids.length);
    for (const [step, word] of looked.entries()) {
      for (const found of this.#wordsFrom(word)) {
        this.#chats.get(found)?.forEach((number) => {
          if (counts[number] === step) counts[number] = step + 1;
        });
      }
    }
    const passages = words.filter((word) => isUnspaced(word)).map((word) => this.#codes.encode(word));
    return this.#ids.flatMap((id, number) =>
      id !== undefined && counts[number] === looked.length && this.#hasEach(number, passages) ? id : [],
    );
  }

  #hasEach(number: number, passages: readonly string[]): boolean {
    return passages.every((passage) => this.#unspaced[number]?.includes(passage));
  }

  #sortFresh(): void {
    if (this.#fresh.length < FRESH_WORDS && this.#sorted.length > 0) return;
    if (this.#fresh.length === 0) return;
    this.#sorted = [...this.#sorted, ...this.#fresh].sort();
    this.#fresh = [];
  }

  #wordsFrom(beginning: string): string[] {
    // A character of a script without spaces is noted alone.
    if (isUnspaced(beginning)) return [beginning];
    const fresh = this.#fresh.filter((word) => word.startsWith(beginning));
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
