/**
 * Storage that other programs of this origin left behind: caches of web-llm, wllama and transformers.js, filled by pages
 * that used them directly. Nothing reads these weights again, and they can be gigabytes.
 */
export interface ForeignCache {
  readonly kind: 'cache' | 'folder' | 'database';
  readonly name: string;
  readonly madeBy: 'web-llm' | 'wllama' | 'transformers.js';
  /** Undefined where only reading it all would tell. */
  readonly sizeBytes: number | undefined;
}

/** https://github.com/mlc-ai/web-llm: the caches of its three kinds of files, and TVM's of older versions. */
const CACHES: ReadonlyMap<string, ForeignCache['madeBy']> = new Map([
  ['webllm/model', 'web-llm'],
  ['webllm/config', 'web-llm'],
  ['webllm/wasm', 'web-llm'],
  ['tvmjs', 'web-llm'],
  ['transformers-cache', 'transformers.js'],
]);

/**
 * wllama's folder in the private file system (3.8.1 and 3.13.0, its storage backend for OPFS). Its name says little: only
 * a folder that holds nothing but files named as wllama names them is wllama's, and not the host page's.
 */
const FOLDERS: ReadonlyMap<string, ForeignCache['madeBy']> = new Map([['cache', 'wllama']]);

/** With `cacheBackend: "indexeddb"` web-llm has databases of the same names. */
const DATABASES: ReadonlyMap<string, ForeignCache['madeBy']> = new Map([
  ['webllm/model', 'web-llm'],
  ['webllm/config', 'web-llm'],
  ['webllm/wasm', 'web-llm'],
]);

/** Never throws: what the browser does not list is not found. */
export async function findForeignCaches(): Promise<readonly ForeignCache[]> {
  const found = await Promise.all(
    [findCaches(), findFolders(), findDatabases()].map((search) => search.catch(() => [])),
  );
  return found.flat();
}

export async function removeForeignCache({ kind, name }: ForeignCache): Promise<void> {
  switch (kind) {
    case 'cache':
      await caches.delete(name);
      return;
    case 'folder':
      await (await navigator.storage.getDirectory()).removeEntry(name, { recursive: true });
      return;
    case 'database':
      await new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = () => resolve();
        request.onerror = () => reject(request.error);
        request.onblocked = () => reject(new DOMException('in use', 'InvalidStateError'));
      });
  }
}

async function findCaches(): Promise<ForeignCache[]> {
  const names = (await caches.keys()).filter((name) => CACHES.has(name));
  return Promise.all(
    names.map(async (name) => ({
      kind: 'cache' as const,
      name,
      madeBy: CACHES.get(name) ?? 'web-llm',
      sizeBytes: await cacheSize(name),
    })),
  );
}

/** Sums the Content-Length headers: reading gigabytes only to count them is not worth it. */
async function cacheSize(name: string): Promise<number | undefined> {
  const cache = await caches.open(name);
  let sizeBytes = 0;
  for (const request of await cache.keys()) {
    const length = Number((await cache.match(request))?.headers.get('Content-Length') ?? Number.NaN);
    if (!Number.isFinite(length)) return undefined;
    sizeBytes += length;
  }
  return sizeBytes;
}

async function findFolders(): Promise<ForeignCache[]> {
  const root = await navigator.storage.getDirectory();
  const found: ForeignCache[] = [];
  for (const [name, madeBy] of FOLDERS) {
    const folder = await root.getDirectoryHandle(name).catch(() => undefined);
    if (folder === undefined) continue;
    const sizeBytes = await folderSize(folder);
    if (sizeBytes !== undefined && sizeBytes > 0) found.push({ kind: 'folder', name, madeBy, sizeBytes });
  }
  return found;
}

/** wllama's cache-manager.ts: the SHA-1 of the address and the file's name, and the same for what it notes about it. */
const WLLAMA_FILE = /^(?:__metadata__)?[0-9a-f]{40}_/;

/** @returns undefined if it holds anything else */
async function folderSize(folder: FileSystemDirectoryHandle): Promise<number | undefined> {
  let sizeBytes = 0;
  for await (const entry of folder.values()) {
    if (!isFile(entry) || !WLLAMA_FILE.test(entry.name)) return undefined;
    sizeBytes += (await entry.getFile()).size;
  }
  return sizeBytes;
}

function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file';
}

async function findDatabases(): Promise<ForeignCache[]> {
  const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
  return names.flatMap((name): ForeignCache[] => {
    const madeBy = DATABASES.get(name);
    return madeBy === undefined ? [] : [{ kind: 'database', name, madeBy, sizeBytes: undefined }];
  });
}
