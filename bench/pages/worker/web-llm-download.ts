import { MLCEngine } from '@mlc-ai/web-llm';
import { answerPage } from './answer-page.ts';

interface Options {
  readonly modelUrl: string;
  readonly libraryUrl: string;
  readonly backend: 'cache' | 'indexeddb';
}

/**
 * web-llm's download is its `reload`, from its "Start to fetch params", when configuration, library and tokenizer are loaded,
 * to its report that the last shard is fetched and cached. The GPU upload after it is not awaited; with "indexeddb" the
 * data is not committed by then.
 */
answerPage(async ({ modelUrl, libraryUrl, backend }: Options) => {
  const fetched = Promise.withResolvers<number>();
  let start = 0;
  const engine = new MLCEngine({
    appConfig: {
      model_list: [{ model: modelUrl, model_id: 'bench', model_lib: libraryUrl }],
      cacheBackend: backend,
    },
    initProgressCallback: ({ text }) => {
      if (text === 'Start to fetch params') start = performance.now();
      const [, count, total] = /^Fetching param cache\[(\d+)\/(\d+)\]/.exec(text) ?? [];
      if (count !== undefined && count === total) fetched.resolve(performance.now());
    },
  });
  // It fails after the last shard, because the layers are missing; only a failure before that counts.
  engine.reload('bench').catch(fetched.reject);
  const end = await fetched.promise;
  return { ms: end - start, bytes: backend === 'cache' ? await bytesInCache() : await bytesInDatabase() };
});

async function bytesInCache(): Promise<number> {
  const cache = await caches.open('webllm/model');
  let bytes = 0;
  for (const request of await cache.keys()) {
    if (request.url.endsWith('.bin')) bytes += (await (await cache.match(request))?.blob())?.size ?? 0;
  }
  return bytes;
}

/** A new transaction waits for the writes that web-llm has not awaited. */
async function bytesInDatabase(): Promise<number> {
  const opening = indexedDB.open('webllm/model');
  await settled(opening);
  const urls = opening.result.transaction('urls').objectStore('urls');
  let bytes = 0;
  const cursor = urls.openCursor();
  for (await settled(cursor); cursor.result !== null; await settled(cursor)) {
    const { url, data } = cursor.result.value as { url: string; data: ArrayBuffer };
    if (url.endsWith('.bin')) bytes += data.byteLength;
    cursor.result.continue();
  }
  opening.result.close();
  return bytes;
}

function settled(request: IDBRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}
