import { termsOf } from './search-terms.ts';

/**
 * Which passages of a document have which terms. Typed arrays, as they are stored: a hundred documents of 300 pages take some
 * 30 MB, which as objects would be ten times as much.
 */
export interface TermIndex {
  /** In order, with a line end between them. */
  readonly terms: string;
  /** Where each term begins in `terms`; one more at the end. */
  readonly termStarts: Uint32Array;
  /** Where each term's passages begin in `passages`; one more at the end. */
  readonly listStarts: Uint32Array;
  readonly passages: Uint32Array;
  /** How often the term is in that passage, 255 at most. */
  readonly counts: Uint8Array;
  /** Terms of each passage. */
  readonly lengths: Uint32Array;
}

/** Takes passages one by one, so that a caller can pause in between. */
export class TermIndexBuilder {
  readonly #lists = new Map<string, number[]>();
  readonly #lengths: number[] = [];

  add(text: string): void {
    const passage = this.#lengths.length;
    const terms = termsOf(text);
    this.#lengths.push(terms.length);
    for (const term of terms) {
      const list = this.#lists.get(term);
      if (list === undefined) this.#lists.set(term, [passage, 1]);
      else if (list.at(-2) !== passage) list.push(passage, 1);
      else list[list.length - 1] = Math.min(255, (list.at(-1) ?? 0) + 1);
    }
  }

  build(): TermIndex {
    const terms = [...this.#lists.keys()].sort();
    const count = terms.reduce((sum, term) => sum + (this.#lists.get(term)?.length ?? 0) / 2, 0);
    const index = {
      terms: terms.join('\n'),
      termStarts: new Uint32Array(terms.length + 1),
      listStarts: new Uint32Array(terms.length + 1),
      passages: new Uint32Array(count),
      counts: new Uint8Array(count),
      lengths: Uint32Array.from(this.#lengths),
    };
    let at = 0;
    let start = 0;
    for (const [rank, term] of terms.entries()) {
      const list = this.#lists.get(term) ?? [];
      for (let entry = 0; entry < list.length; entry += 2) {
        index.passages[at] = list[entry] ?? 0;
        index.counts[at] = list[entry + 1] ?? 0;
        at += 1;
      }
      start += term.length + 1;
      index.termStarts[rank + 1] = start;
      index.listStarts[rank + 1] = at;
    }
    return index;
  }
}

/** The passages that have a term, and how often. */
export interface TermList {
  readonly from: number;
  readonly to: number;
}

/** Terms that are the word, or begin with it: `tide` finds `tides`. */
export function* listsOf(
  index: TermIndex,
  term: string,
  isPrefix: boolean,
): Generator<TermList & { isWhole: boolean }> {
  const count = index.termStarts.length - 1;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (termAt(index, middle) < term) low = middle + 1;
    else high = middle;
  }
  for (let rank = low; rank < count; rank += 1) {
    const found = termAt(index, rank);
    const isWhole = found === term;
    if (!isWhole && !(isPrefix && found.startsWith(term))) return;
    yield { from: index.listStarts[rank] ?? 0, to: index.listStarts[rank + 1] ?? 0, isWhole };
  }
}

function termAt({ terms, termStarts }: TermIndex, rank: number): string {
  return terms.slice(termStarts[rank], (termStarts[rank + 1] ?? 0) - 1);
}
