import { abortError } from '../../platform/errors.ts';
import { withLock } from '../../platform/web-locks.ts';
import type { DocumentText } from '../document-text.ts';
import type { IndexStore, StoredDocument } from './index-store.ts';
import { type FoundPassage, type Passage, passagesOf } from './passages.ts';
import { fuse, type Ranked, rankByVectors, rankByWords } from './rank.ts';
import { TermIndexBuilder } from './term-index.ts';

/** Passages that are embedded in one call, and stored before the next: what a kill can lose. */
const EMBED_BATCH = 16;

/** Passages that are indexed between two pauses, in which the page can answer. */
const INDEX_BATCH = 20;

/** Candidates of each ranking that are fused. */
const CANDIDATES = 50;

/** What makes vectors, and how it is named: vectors of two models cannot be compared. */
export interface Embedder {
  readonly modelId: string;
  /** Vectors of length 1, of equal dimensions. `purpose`: many models want another prefix for each. */
  embed(texts: readonly string[], purpose: 'passage' | 'query', signal: AbortSignal): Promise<readonly Float32Array[]>;
}

export interface EmbedProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * The documents that chats search: their text, which words are in which passage, and the passages' vectors. By the SHA-256 of
 * the file, so a file that is attached twice is indexed once. All tabs share one that is stored.
 */
export class DocumentIndex {
  readonly #store: IndexStore;

  constructor(store: IndexStore) {
    this.#store = store;
  }

  /** Indexes the words of a document, unless it is indexed. @throws AlcoveError of the store; AbortError */
  async add(sha256: string, text: DocumentText, signal?: AbortSignal): Promise<void> {
    await withLock(this.#lockName(sha256), signal === undefined ? {} : { signal }, async () => {
      if (await this.has(sha256)) return;
      const passages = passagesOf(text);
      const builder = new TermIndexBuilder();
      for (const [index, passage] of passages.entries()) {
        builder.add(passage.text);
        if (index % INDEX_BATCH === INDEX_BATCH - 1) await pause(signal);
      }
      const places = passages.map(({ page, start, end }) => ({ page, start, end }));
      await this.#store.put({ sha256, text, passages: places, terms: builder.build() });
    });
  }

  has(sha256: string): Promise<boolean> {
    return this.#store.has(sha256);
  }

  /** SHA-256 of all its documents. */
  hashes(): Promise<readonly string[]> {
    return this.#store.hashes();
  }

  /** Its text, without reading the file again; undefined if it is not indexed. */
  async textOf(sha256: string): Promise<DocumentText | undefined> {
    return (await this.#store.get(sha256))?.text;
  }

  /**
   * Makes the vectors that a document does not have yet, in order, each batch stored before the next is made. One tab at a
   * time does it; another one waits, and finds them done.
   * @throws what `embed` throws; AlcoveError of the store; AbortError
   */
  async embed(
    sha256: string,
    embedder: Embedder,
    signal: AbortSignal,
    onProgress: (progress: EmbedProgress) => void = () => {},
  ): Promise<void> {
    await withLock(this.#lockName(sha256), { signal }, async () => {
      const document = await this.#store.get(sha256);
      if (document === undefined) return;
      const passages = document.passages.map((place) => passageOf(document, place));
      // Every batch but the last is full, and a last one needs no more.
      let done = (await this.#store.vectorCount(sha256, embedder.modelId)) * EMBED_BATCH;
      while (done < passages.length) {
        onProgress({ done, total: passages.length });
        const texts = passages.slice(done, done + EMBED_BATCH).map(({ text }) => text);
        const vectors = await embedder.embed(texts, 'passage', signal);
        if (signal.aborted) throw abortError();
        await this.#store.putVectors(sha256, embedder.modelId, done, join(vectors));
        done += texts.length;
      }
      onProgress({ done, total: passages.length });
    });
  }

  /**
   * The best passages of these documents, by their words and, with an embedder, by their meaning too. Passages without a
   * vector yet are found by their words.
   * @throws what `embed` throws; AlcoveError of the store
   */
  async search(
    query: string,
    sha256s: readonly string[],
    { count, embedder, signal }: { count: number; embedder?: Embedder; signal: AbortSignal },
  ): Promise<FoundPassage[]> {
    const documents = await this.#documents(sha256s);
    const byWords = rankByWords(
      query,
      documents.map(({ terms }) => terms),
      Math.max(CANDIDATES, count),
    );
    const ranked = embedder === undefined ? byWords : await this.#fused(query, documents, byWords, embedder, signal);
    return ranked.slice(0, count).flatMap(({ document, passage, score }) => {
      const found = documents[document];
      const place = found?.passages[passage];
      if (found === undefined || place === undefined) return [];
      return [{ sha256: found.sha256, passage: passageOf(found, place), score }];
    });
  }

  async #fused(
    query: string,
    documents: readonly StoredDocument[],
    byWords: readonly Ranked[],
    embedder: Embedder,
    signal: AbortSignal,
  ): Promise<Ranked[]> {
    const [vector] = await embedder.embed([query], 'query', signal);
    if (vector === undefined) return [...byWords];
    const vectors: Float32Array[] = [];
    for (const { sha256 } of documents) vectors.push(join(await this.#store.vectorsOf(sha256, embedder.modelId)));
    return fuse([byWords, rankByVectors(vector, vectors, CANDIDATES)], byWords.length + CANDIDATES);
  }

  /** Forgets documents, and their vectors with them. */
  remove(hashes: readonly string[]): Promise<void> {
    return this.#store.remove(hashes);
  }

  close(): void {
    this.#store.close();
  }

  async #documents(sha256s: readonly string[]): Promise<readonly StoredDocument[]> {
    const found = await Promise.all(sha256s.map((sha256) => this.#store.get(sha256)));
    return found.filter((document) => document !== undefined);
  }

  #lockName(sha256: string): string {
    return `${this.#store.name}:${sha256}`;
  }
}

function passageOf({ text }: StoredDocument, place: Omit<Passage, 'text' | 'label'>): Passage {
  const { label = '', text: page = '' } = text.pages[place.page] ?? {};
  return { ...place, label, text: page.slice(place.start, place.end) };
}

function join(vectors: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const vector of vectors) {
    joined.set(vector, at);
    at += vector.length;
  }
  return joined;
}

/** Lets the page answer what has come in meanwhile. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  if (signal?.aborted) throw abortError();
}
