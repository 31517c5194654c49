import { termsOf } from './search-terms.ts';
import { listsOf, type TermIndex } from './term-index.ts';

/** A passage by its document's place in the list that was searched, and its own place in the document. */
export interface Ranked {
  readonly document: number;
  readonly passage: number;
  readonly score: number;
}

/** BM25's usual constants: how soon repeats stop to count, and how much long passages are held back. Robertson, Zaragoza 2009 */
const K1 = 1.2;
const B = 0.75;

/** A word that only begins with a word of the query counts less. */
const PREFIX_WEIGHT = 0.4;
/** Characters from which on a word of the query finds longer ones. */
const LEAST_PREFIX = 4;

/** Of reciprocal rank fusion: Cormack, Clarke, Büttcher 2009. */
const FUSION_K = 60;

/** Passages of several documents by BM25, the best first; how rare a word is, is counted over all of them. */
export function rankByWords(query: string, indexes: readonly TermIndex[], count: number): Ranked[] {
  const total = indexes.reduce((sum, { lengths }) => sum + lengths.length, 0);
  const words = indexes.reduce((sum, { lengths }) => sum + lengths.reduce((all, length) => all + length, 0), 0);
  const meanLength = words / Math.max(total, 1);
  const scores = indexes.map(({ lengths }) => new Float32Array(lengths.length));
  for (const term of new Set(termsOf(query))) {
    const lists = indexes.map((index) => [...listsOf(index, term, term.length >= LEAST_PREFIX)]);
    const found = lists.flat().reduce((sum, { from, to }) => sum + to - from, 0);
    const rarity = Math.log(1 + (total - Math.min(found, total) + 0.5) / (Math.min(found, total) + 0.5));
    for (const [document, index] of indexes.entries()) {
      const ofDocument = scores[document] ?? new Float32Array();
      for (const { from, to, isWhole } of lists[document] ?? []) {
        const weight = rarity * (isWhole ? 1 : PREFIX_WEIGHT);
        for (let at = from; at < to; at += 1) {
          const passage = index.passages[at] ?? 0;
          const times = index.counts[at] ?? 0;
          const length = (index.lengths[passage] ?? 0) / meanLength;
          const score = (times * (K1 + 1)) / (times + K1 * (1 - B + B * length));
          ofDocument[passage] = (ofDocument[passage] ?? 0) + weight * score;
        }
      }
    }
  }
  return best(scores, count);
}

/**
 * Passages by how close their vectors are to the query's; vectors have length 1.
 * @param vectors `[passages, dimensions]` of each document; fewer passages where not all are embedded yet
 */
export function rankByVectors(query: Float32Array, vectors: readonly Float32Array[], count: number): Ranked[] {
  const { length } = query;
  return best(
    vectors.map((ofDocument) =>
      Float32Array.from({ length: Math.floor(ofDocument.length / length) }, (_, passage) => {
        let product = 0;
        const start = passage * length;
        for (let at = 0; at < length; at += 1) product += (query[at] ?? 0) * (ofDocument[start + at] ?? 0);
        return Math.max(product, 0);
      }),
    ),
    count,
  );
}

/** Reciprocal rank fusion: what several rankings have at their top comes first, whatever their scores mean. */
export function fuse(rankings: readonly (readonly Ranked[])[], count: number): Ranked[] {
  const fused = new Map<string, Ranked>();
  for (const ranking of rankings) {
    for (const [rank, { document, passage }] of ranking.entries()) {
      const key = `${document}:${passage}`;
      const score = (fused.get(key)?.score ?? 0) + 1 / (FUSION_K + rank + 1);
      fused.set(key, { document, passage, score });
    }
  }
  return [...fused.values()].sort((a, b) => b.score - a.score).slice(0, count);
}

function best(scores: readonly Float32Array[], count: number): Ranked[] {
  const found: Ranked[] = [];
  let least = 0;
  for (const [document, ofDocument] of scores.entries()) {
    for (let passage = 0; passage < ofDocument.length; passage += 1) {
      const score = ofDocument[passage] ?? 0;
      if (score <= least) continue;
      found.push({ document, passage, score });
      // Now and then, so that the list stays short whatever the number of passages.
      if (found.length >= count * 8) least = shorten(found, count);
    }
  }
  shorten(found, count);
  return found;
}

function shorten(found: Ranked[], count: number): number {
  found.sort((a, b) => b.score - a.score);
  found.length = Math.min(found.length, count);
  return found.length === count ? (found.at(-1)?.score ?? 0) : 0;
}
