import type { Page } from '@playwright/test';

/** What a page's origin has on the disk, read beside the app and not through it. */
export interface StoredBytes {
  /** Of the chunks of all models. */
  readonly chunkBytes: number;
  /** Files that are marked as whole and right. */
  readonly verifiedPaths: readonly string[];
  readonly databaseNames: readonly string[];
  /** `cache name: address` */
  readonly cachedUrls: readonly string[];
}

export function readStored(page: Page, databaseName = 'alcove-weights'): Promise<StoredBytes> {
  return page.evaluate(async (name) => {
    const databaseNames = (await indexedDB.databases()).flatMap((database) => database.name ?? []);
    const cachedUrls: string[] = [];
    for (const cacheName of await caches.keys()) {
      const cache = await caches.open(cacheName);
      cachedUrls.push(...(await cache.keys()).map((request) => `${cacheName}: ${request.url}`));
    }
    if (!databaseNames.includes(name)) return { chunkBytes: 0, verifiedPaths: [], databaseNames, cachedUrls };
    const database = await promised(indexedDB.open(name));
    const transaction = database.transaction(['files', 'chunks']);
    const [files, chunks] = await Promise.all([
      promised(transaction.objectStore('files').getAll()),
      promised(transaction.objectStore('chunks').getAll()),
    ]);
    database.close();
    return {
      chunkBytes: chunks.reduce((total: number, { blob }) => total + (blob?.size ?? 0), 0),
      verifiedPaths: files.filter(({ verified }) => verified).map(({ path }) => path),
      databaseNames,
      cachedUrls,
    };

    function promised<Result>(request: IDBRequest<Result>): Promise<Result> {
      return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    }
  }, databaseName);
}

/** Changes one byte of a stored chunk, as a failing disk does. */
export async function rotChunk(page: Page, modelId: string, path: string, index: number): Promise<void> {
  await page.evaluate(
    async (key) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('alcove-weights');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const read = database.transaction('chunks').objectStore('chunks').get(key);
      await new Promise((resolve) => {
        read.onsuccess = resolve;
      });
      const bytes = new Uint8Array(await read.result.blob.arrayBuffer());
      bytes[10] = (bytes[10] ?? 0) ^ 1;
      const transaction = database.transaction('chunks', 'readwrite');
      transaction.objectStore('chunks').put({ ...read.result, blob: new Blob([bytes]) }, key);
      await new Promise((resolve) => {
        transaction.oncomplete = resolve;
      });
      database.close();
    },
    [modelId, path, index],
  );
}
