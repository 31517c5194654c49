import { openDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import type { DocumentText } from '../document-text.ts';
import { DocumentIndex, type Embedder } from './document-index.ts';
import { IndexInMemory, StoredIndex } from './index-store.ts';

const indexes: DocumentIndex[] = [];

afterEach(() => {
  for (const index of indexes.splice(0)) index.close();
});

/** Another tab opens the same name. */
function open(name = `documents-${crypto.randomUUID()}`): { index: DocumentIndex; name: string } {
  const index = new DocumentIndex(new StoredIndex(name));
  indexes.push(index);
  return { index, name };
}

function documentOf(...pages: readonly string[]): DocumentText {
  return { kind: 'text', pages: pages.map((text, index) => ({ label: String(index + 1), text })) };
}

const { signal } = new AbortController();

/** Tells texts about water from others, by no word that they share with the query. */
class ScriptedEmbedder implements Embedder {
  readonly modelId: string = 'scripted';
  readonly embedded: string[] = [];
  /** Called before each batch of passages. */
  onBatch: (done: number) => Promise<void> = async () => {};

  async embed(texts: readonly string[], purpose: 'passage' | 'query'): Promise<readonly Float32Array[]> {
    if (purpose === 'passage') {
      await this.onBatch(this.embedded.length);
      this.embedded.push(...texts);
    }
    return texts.map((text) => (/ocean|waves|tide/.test(text) ? Float32Array.of(1, 0) : Float32Array.of(0, 1)));
  }
}

test('finds passages by their words in the documents that are asked, with page and place', async () => {
  const { index, name } = open();
  await index.add('a', documentOf('The sky is blue.', '  The tide is high.'));
  await index.add('b', documentOf('The tide is low.'));
  const found = await open(name).index.search('tides at high tide', ['a'], { count: 5, signal });
  expect(found).toEqual([
    {
      sha256: 'a',
      passage: { page: 1, label: '2', start: 2, end: 19, text: 'The tide is high.' },
      score: expect.any(Number),
    },
  ]);
  expect(await index.textOf('b')).toEqual(documentOf('The tide is low.'));
});

test('finds passages by their meaning too, where they have a vector', async () => {
  const { index } = open();
  await index.add('a', documentOf('The sky is blue.', 'Waves of the ocean, waves.', 'A low desk.'));
  const embedder = new ScriptedEmbedder();
  const labels = async (): Promise<string[]> => {
    const found = await index.search('low tide', ['a'], { count: 3, embedder, signal });
    return found.map(({ passage }) => passage.label);
  };
  expect(await labels()).toEqual(['3']);
  await index.embed('a', embedder, signal);
  expect((await labels()).toSorted()).toEqual(['2', '3']);
});

test('continues after a kill with the batch that is missing, and embeds no passage twice', async () => {
  const { index, name } = open();
  const pages = Array.from({ length: 100 }, (_, page) => `Page ${page} of the tide.`);
  await index.add('a', documentOf(...pages));
  const killed = new AbortController();
  const embedder = new ScriptedEmbedder();
  embedder.onBatch = async (done) => {
    if (done === 48) killed.abort();
    killed.signal.throwIfAborted();
  };
  await expect(index.embed('a', embedder, killed.signal)).rejects.toMatchObject({ name: 'AbortError' });
  const after = new ScriptedEmbedder();
  const progress: number[] = [];
  await open(name).index.embed('a', after, signal, ({ done }) => progress.push(done));
  expect([...embedder.embedded, ...after.embedded]).toEqual(pages);
  expect(progress).toEqual([48, 64, 80, 96, 100]);
});

test('is built by one tab at a time: another one waits, and finds it done', async () => {
  const { index, name } = open();
  const text = documentOf(...Array.from({ length: 40 }, (_, page) => `Page ${page}`));
  await Promise.all([index.add('a', text), open(name).index.add('a', text)]);
  const embedders = [new ScriptedEmbedder(), new ScriptedEmbedder()];
  await Promise.all(embedders.map((embedder) => open(name).index.embed('a', embedder, signal)));
  expect(embedders.map(({ embedded }) => embedded.length).toSorted((a, b) => a - b)).toEqual([0, 40]);
});

test('vectors of another model are its own', async () => {
  const { index } = open();
  await index.add('a', documentOf('The tide.'));
  await index.embed('a', new ScriptedEmbedder(), signal);
  const other = new (class extends ScriptedEmbedder {
    override readonly modelId = 'other';
  })();
  await index.embed('a', other, signal);
  expect(other.embedded).toEqual(['The tide.']);
});

test('a document goes with its vectors, also one that is being embedded, and no other does', async () => {
  const { index, name } = open();
  await index.add('a', documentOf(...Array.from({ length: 40 }, (_, page) => `Page ${page}`)));
  await index.add('b', documentOf('The tide.'));
  await index.embed('b', new ScriptedEmbedder(), signal);
  const embedder = new ScriptedEmbedder();
  embedder.onBatch = async (done) => {
    if (done === 16) await index.remove(['a']);
  };
  await index.embed('a', embedder, signal);
  const database = await openDB(name);
  expect(await database.getAllKeys('documents')).toEqual(['b']);
  expect(await database.getAllKeys('vectors')).toEqual([['b', 'scripted', 0]]);
  database.close();
  expect(await index.search('page', ['a'], { count: 5, signal })).toEqual([]);
});

test('in memory it finds the same, continues and forgets, and stores nothing', async () => {
  const before = await indexedDB.databases();
  const index = new DocumentIndex(new IndexInMemory());
  indexes.push(index);
  await index.add('a', documentOf('The sky is blue.', 'Waves of the ocean, waves.', 'A low desk.'));
  const embedder = new ScriptedEmbedder();
  await index.embed('a', embedder, signal);
  await index.embed('a', embedder, signal);
  expect(embedder.embedded).toHaveLength(3);
  const found = await index.search('low tide', ['a'], { count: 3, embedder, signal });
  expect(found.map(({ passage }) => passage.label).toSorted()).toEqual(['2', '3']);
  await index.remove(['a']);
  expect(await index.hashes()).toEqual([]);
  expect(await index.textOf('a')).toBeUndefined();
  expect(await indexedDB.databases()).toEqual(before);
});
