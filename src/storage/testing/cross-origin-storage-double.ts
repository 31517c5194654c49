import { onTestFinished } from 'vitest';

export interface StorageDoubleOptions {
  /** The method's name in the drafts, newest first. */
  readonly shape?: 'getFileHandle' | 'requestFileHandle' | 'requestFileHandles';
  /** The user refuses every request. */
  readonly isRefused?: boolean;
}

interface Hash {
  readonly algorithm: string;
  readonly value: string;
}

interface Options {
  readonly create?: boolean;
  readonly origins?: '*';
}

/** Cross-Origin Storage after its drafts, on `navigator` until the end of the test, for browsers that have none. */
export class CrossOriginStorageDouble {
  /** By SHA-256. */
  readonly files = new Map<string, Blob>();
  /** The hashes of each request to read. */
  readonly asked: string[][] = [];
  /** The options of each request to write. */
  readonly created: Options[] = [];

  constructor({ shape = 'getFileHandle', isRefused = false }: StorageDoubleOptions = {}) {
    const handle = async (hashes: readonly Hash[], options: Options = {}): Promise<readonly object[]> => {
      if (hashes.some(({ algorithm }) => algorithm !== 'SHA-256')) throw new TypeError('not SHA-256');
      if (options.create !== true) this.asked.push(hashes.map(({ value }) => value));
      else this.created.push(options);
      if (isRefused) throw new DOMException('refused', 'NotAllowedError');
      if (options.create === true) return hashes.map(({ value }) => this.#writable(value));
      return hashes.map(({ value }) => {
        const file = this.files.get(value);
        if (file === undefined) throw new DOMException('not found', 'NotFoundError');
        return { getFile: async () => file };
      });
    };
    const api =
      shape === 'requestFileHandles'
        ? { [shape]: handle }
        : { [shape]: async (hash: Hash, options?: Options) => (await handle([hash], options))[0] };
    Object.defineProperty(navigator, 'crossOriginStorage', { value: api, configurable: true });
    onTestFinished(() => {
      Reflect.deleteProperty(navigator, 'crossOriginStorage');
    });
  }

  #writable(hash: string): object {
    let written = new Blob();
    return {
      createWritable: async () => ({
        write: async (blob: Blob) => {
          written = new Blob([written, blob]);
        },
        close: async () => {
          if ((await sha256Of(written)) !== hash) throw new DOMException('another hash', 'DataError');
          this.files.set(hash, written);
        },
      }),
    };
  }
}

async function sha256Of(blob: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
