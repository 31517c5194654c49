/**
 * Cross-Origin Storage, where the browser or an extension has it: files of all sites, found by their SHA-256, so that a model
 * that another site has stored is not downloaded again. Files are read without a setting, since the browser asks the user;
 * they are offered to other sites only if the user has agreed. A draft that still changes its method's name:
 * https://github.com/WICG/cross-origin-storage (March 2026); web-llm 0.2.86 and wllama 3.13 call `getFileHandle`.
 */
import { hasLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';

interface FileHash {
  readonly algorithm: 'SHA-256';
  /** Lower-case hex. */
  readonly value: string;
}

interface CreateOptions {
  readonly create: true;
  /** Who may read the file: `*` for all. The draft of March 2026 takes a list, and all if there is none. */
  readonly origins?: '*';
}

type OneHandle = (hash: FileHash, options?: CreateOptions) => Promise<FileSystemFileHandle>;

interface CrossOriginStorage {
  readonly getFileHandle?: OneHandle;
  readonly requestFileHandle?: OneHandle;
  /** Finds all of the files or none. */
  readonly requestFileHandles?: (
    hashes: readonly FileHash[],
    options?: CreateOptions,
  ) => Promise<readonly FileSystemFileHandle[]>;
}

/** In localStorage, for the whole site. */
const KEY = 'alcove-offers-models';

export function hasCrossOriginStorage(): boolean {
  return openStorage() !== undefined;
}

/** Whether downloaded models are offered to other sites, which can then learn that they are here. Default: false. */
export function offersModels(): boolean {
  return hasLocalSetting(KEY);
}

export function setOffersModels(offers: boolean): void {
  writeLocalSetting(KEY, offers ? true : undefined);
}

/**
 * The files that are there, by hash. The browser may ask the user; after a refusal nothing more is asked. What is in a file
 * is not verified here. Never throws.
 */
export async function findFiles(hashes: readonly string[]): Promise<ReadonlyMap<string, Blob>> {
  const storage = openStorage();
  const found = new Map<string, Blob>();
  if (storage === undefined || hashes.length === 0) return found;
  const { requestFileHandles } = storage;
  try {
    if (requestFileHandles !== undefined) {
      const handles = await requestFileHandles.call(storage, hashes.map(toHash));
      for (const [index, handle] of handles.entries()) found.set(hashes[index] ?? '', await handle.getFile());
      return found;
    }
    for (const hash of hashes) {
      const file = await findOne(storage, hash);
      if (file !== undefined) found.set(hash, file);
    }
  } catch {
    // Not there, refused by the user, or taken away meanwhile: the rest is downloaded.
  }
  return found;
}

/** Stores a file for all sites, which the browser refuses if its hash is another one. @throws DOMException */
export async function offerFile(sha256: string, file: Blob): Promise<void> {
  const storage = openStorage();
  if (storage === undefined) return;
  const { requestFileHandles } = storage;
  const single = storage.getFileHandle ?? storage.requestFileHandle;
  const handle =
    single === undefined
      ? (await requestFileHandles?.call(storage, [toHash(sha256)], { create: true }))?.[0]
      : await single.call(storage, toHash(sha256), { create: true, origins: '*' });
  const writable = await handle?.createWritable();
  await writable?.write(file);
  await writable?.close();
}

async function findOne(storage: CrossOriginStorage, sha256: string): Promise<Blob | undefined> {
  const request = storage.getFileHandle ?? storage.requestFileHandle;
  try {
    return await (await request?.call(storage, toHash(sha256)))?.getFile();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

function toHash(value: string): FileHash {
  return { algorithm: 'SHA-256', value };
}

function openStorage(): CrossOriginStorage | undefined {
  const storage: CrossOriginStorage | undefined = Reflect.get(navigator, 'crossOriginStorage');
  const { getFileHandle, requestFileHandle, requestFileHandles } = storage ?? {};
  const methods: readonly unknown[] = [getFileHandle, requestFileHandle, requestFileHandles];
  return methods.some((method) => typeof method === 'function') ? storage : undefined;
}
