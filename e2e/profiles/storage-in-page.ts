/**
 * What page.evaluate runs in the page to read and to write an origin's storage. Each function is sent as its source, so
 * that what it needs stands within it.
 */

/** Bytes that are read from the site instead of from a dump. */
export interface RestoredFile {
  /** Below the site's root. */
  readonly path: string;
  /** Of the first byte. */
  readonly offset: number;
}

/** What an origin has stored, as JSON. */
export interface StorageContents {
  readonly localStorage: Readonly<Record<string, string>>;
  readonly databases: readonly DatabaseDump[];
}

interface DatabaseDump {
  readonly name: string;
  readonly version: number;
  readonly stores: readonly StoreDump[];
}

interface StoreDump {
  readonly name: string;
  readonly keyPath: string | string[] | null;
  readonly autoIncrement: boolean;
  readonly indexes: readonly {
    readonly name: string;
    readonly keyPath: string | string[];
    readonly unique: boolean;
    readonly multiEntry: boolean;
  }[];
  /** `key` where the store has no key path. Values are JSON, and `{ $type: … }` for what JSON cannot say. */
  readonly records: readonly { readonly key?: unknown; readonly value: unknown }[];
}

export async function dumpStores(files: Readonly<Record<string, RestoredFile>>): Promise<StorageContents> {
  const found = await indexedDB.databases();
  const databases = [];
  for (const name of found.flatMap(({ name }) => name ?? []).sort()) {
    const database = await promised(indexedDB.open(name));
    const stores = [];
    for (const storeName of database.objectStoreNames) stores.push(await dumpStore(database, storeName));
    databases.push({ name, version: database.version, stores });
    database.close();
  }
  return { localStorage: { ...localStorage }, databases };

  async function dumpStore(database: IDBDatabase, name: string): Promise<StoreDump> {
    const store = database.transaction(name).objectStore(name);
    const { keyPath, autoIncrement } = store;
    const indexes = [...store.indexNames].map((indexName) => {
      const { keyPath, unique, multiEntry } = store.index(indexName);
      return { name: indexName, keyPath, unique, multiEntry };
    });
    const [keys, values] = await Promise.all([promised(store.getAllKeys()), promised(store.getAll())]);
    const records = [];
    for (const [index, value] of values.entries()) {
      const key = keyPath === null ? { key: await encode(keys[index]) } : {};
      records.push({ ...key, value: await encode(value) });
    }
    return { name, keyPath, autoIncrement, indexes, records };
  }

  async function encode(value: unknown): Promise<unknown> {
    if (value === undefined) return { $type: 'undefined' };
    if (typeof value === 'bigint') return { $type: 'bigint', value: String(value) };
    if (typeof value === 'number' && !Number.isFinite(value)) return { $type: 'number', value: String(value) };
    if (value === null || typeof value !== 'object') return value;
    if (value instanceof Date) return { $type: 'Date', value: value.getTime() };
    if (value instanceof Map) return { $type: 'Map', entries: await encodeAll([...value].flat()) };
    if (value instanceof Set) return { $type: 'Set', values: await encodeAll([...value]) };
    if (value instanceof FileSystemFileHandle) {
      const file = await value.getFile();
      const { name, lastModified } = file;
      return { $type: 'FileSystemFileHandle', name, lastModified, ...(await encodeBytes(file)) };
    }
    if (value instanceof Blob) return { $type: 'Blob', type: value.type, ...(await encodeBytes(value)) };
    if (value instanceof ArrayBuffer) return { $type: 'ArrayBuffer', ...(await encodeBytes(new Blob([value]))) };
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength);
      return { $type: value.constructor.name, ...(await encodeBytes(new Blob([bytes]))) };
    }
    if (Array.isArray(value)) return encodeAll(value);
    if (Object.getPrototypeOf(value) !== Object.prototype || '$type' in value) {
      throw new Error(`A dump cannot say what a ${value.constructor.name} is.`);
    }
    const members = Object.entries(value);
    const encoded = await encodeAll(members.map(([, member]) => member));
    return Object.fromEntries(members.map(([name], index) => [name, encoded[index]]));
  }

  async function encodeAll(values: readonly unknown[]): Promise<unknown[]> {
    const encoded = [];
    for (const value of values) encoded.push(await encode(value));
    return encoded;
  }

  async function encodeBytes(blob: Blob): Promise<object> {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const sha256 = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const file = files[sha256];
    const binary = (): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    return file === undefined ? { base64: btoa(binary()) } : { file, sizeBytes: bytes.length, sha256 };
  }

  function promised<Result>(request: IDBRequest<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
}

export async function restoreStores(contents: StorageContents): Promise<void> {
  const site = new Map<string, Promise<ArrayBuffer>>();
  const written = new Map<string, PromiseWithResolvers<File>>();
  for (const [key, value] of Object.entries(contents.localStorage)) localStorage.setItem(key, value);
  for (const { name, version, stores } of contents.databases) {
    const database = await create(name, version, stores);
    for (const { name: storeName, records } of stores) {
      const decoded = await Promise.all(
        records.map(async ({ key, value }) => ({ key: await decode(key), value: await decode(value) })),
      );
      const transaction = database.transaction(storeName, 'readwrite');
      const store = transaction.objectStore(storeName);
      for (const { key, value } of decoded) {
        if (store.keyPath === null) store.put(value, key as IDBValidKey);
        else store.put(value);
      }
      await new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
    }
    database.close();
  }

  function create(name: string, version: number, stores: readonly StoreDump[]): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(name, version);
      request.onupgradeneeded = () => {
        for (const { name: storeName, keyPath, autoIncrement, indexes } of stores) {
          const store = request.result.createObjectStore(storeName, { keyPath, autoIncrement });
          for (const index of indexes) store.createIndex(index.name, index.keyPath, index);
        }
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async function decode(value: unknown): Promise<unknown> {
    if (Array.isArray(value)) return Promise.all(value.map(decode));
    if (typeof value !== 'object' || value === null) return value;
    const { $type, ...rest } = value as Record<string, unknown>;
    if ($type === undefined) {
      const members = Object.entries(rest).map(async ([name, member]) => [name, await decode(member)] as const);
      return Object.fromEntries(await Promise.all(members));
    }
    switch ($type) {
      case 'undefined':
        return undefined;
      case 'bigint':
        return BigInt(String(rest['value']));
      case 'number':
        return Number(rest['value']);
      case 'Date':
        return new Date(Number(rest['value']));
      case 'Map': {
        const flat = (await decode(rest['entries'])) as unknown[];
        return new Map(flat.flatMap((key, index) => (index % 2 === 0 ? [[key, flat[index + 1]]] : [])));
      }
      case 'Set':
        return new Set((await decode(rest['values'])) as unknown[]);
      case 'Blob':
        return new Blob([await bytesOf(rest)], { type: String(rest['type']) });
      case 'ArrayBuffer':
        return bytesOf(rest);
      case 'lastModified':
        return (await fileNamed(String(rest['name'])).promise).lastModified;
      case 'FileSystemFileHandle':
        return writeFile(String(rest['name']), await bytesOf(rest));
      default: {
        const View: unknown = Reflect.get(globalThis, String($type));
        if (typeof View !== 'function') throw new Error(`There is no ${String($type)}.`);
        return Reflect.construct(View, [await bytesOf(rest)]);
      }
    }
  }

  async function bytesOf(encoded: Record<string, unknown>): Promise<ArrayBuffer> {
    const { base64, file, sizeBytes, sha256 } = encoded;
    if (typeof base64 === 'string') return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
    const { path, offset } = file as RestoredFile;
    const whole = site.get(path) ?? fetch(path).then((response) => response.arrayBuffer());
    site.set(path, whole);
    const bytes = (await whole).slice(offset, offset + Number(sizeBytes));
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    if ([...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('') !== sha256) {
      throw new Error(`${path} is another file than when this was recorded.`);
    }
    return bytes;
  }

  /** Handles of the user's disk are like those of the origin's private file system, which a page may write. */
  async function writeFile(name: string, bytes: ArrayBuffer): Promise<FileSystemFileHandle> {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle(name, { create: true });
    const writable = await handle.createWritable();
    await writable.write(bytes);
    await writable.close();
    fileNamed(name).resolve(await handle.getFile());
    return handle;
  }

  /** The times of its file, which is new, stand elsewhere too. */
  function fileNamed(name: string): PromiseWithResolvers<File> {
    const known = written.get(name) ?? Promise.withResolvers<File>();
    written.set(name, known);
    return known;
  }
}

/** What the app's key of a device is made of. */
export async function deviceFacts(): Promise<Record<string, string>> {
  const gpu = (navigator as { gpu?: { requestAdapter(): Promise<Adapter | null> } }).gpu;
  const adapter = await gpu?.requestAdapter();
  return {
    browser: /Chrome\/\d+/.exec(navigator.userAgent)?.[0] ?? '',
    vendor: adapter?.info.vendor ?? '',
    architecture: adapter?.info.architecture ?? '',
    isFallback: String(adapter?.info.isFallbackAdapter ?? false),
    shaderF16: String(adapter?.features.has('shader-f16') ?? false),
    cores: String(navigator.hardwareConcurrency),
  };

  interface Adapter {
    readonly info: { readonly vendor: string; readonly architecture: string; readonly isFallbackAdapter?: boolean };
    readonly features: ReadonlySet<string>;
  }
}
