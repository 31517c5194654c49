import { AlcoveError } from '../../../platform/errors.ts';
import type { StoredModel, WeightStore } from '../../../storage/weights/weight-store.ts';

/** Reserved for names that resolve nowhere (RFC 6761), should a request ever get past the stand-ins. */
const ORIGIN = 'https://weights.invalid';

/** web-llm requests the first name, some packages still use the second. */
const ALIASES: Readonly<Record<string, string>> = { 'tensor-cache.json': 'ndarray-cache.json' };

export type ReadListener = (path: string, sizeBytes: number) => void;

/** One stored model under the addresses that web-llm is given. Bytes are read when web-llm reads a body, not before. */
export class ModelFiles {
  readonly totalBytes: number;
  readonly #store: WeightStore;
  readonly #modelId: string;
  readonly #paths: ReadonlySet<string>;
  readonly #onRead: ReadListener;

  /** @param onRead called with each body's size before it is handed over */
  constructor(store: WeightStore, model: StoredModel, onRead: ReadListener) {
    this.totalBytes = model.sizeBytes;
    this.#store = store;
    this.#modelId = model.record.id;
    this.#paths = new Set(model.files.filter((file) => file.verified).map((file) => file.path));
    this.#onRead = onRead;
  }

  /** Ends in `resolve/…/`, or web-llm would add a branch's name. */
  get baseUrl(): string {
    return `${ORIGIN}/${encodeURIComponent(this.#modelId)}/resolve/stored/`;
  }

  get libraryUrl(): string {
    return `${this.baseUrl}library.wasm`;
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  /** @returns undefined for an address that is no stored file of this model */
  find(url: string): Response | undefined {
    const path = this.#pathOf(url);
    return path === undefined ? undefined : lazyResponse(() => this.#read(path));
  }

  #pathOf(url: string): string | undefined {
    if (!url.startsWith(this.baseUrl)) return undefined;
    const path = decodeURIComponent(url.slice(this.baseUrl.length));
    return [path, ALIASES[path]].find((name) => name !== undefined && this.#paths.has(name));
  }

  async #read(path: string): Promise<ArrayBuffer> {
    const blob = await this.#store.readFile(this.#modelId, path);
    if (blob === undefined) throw missingFile(path);
    const bytes = await readBlob(blob, path);
    this.#onRead(path, bytes.byteLength);
    return bytes;
  }
}

/** The response to web-llm's request for a file that is not stored. */
export function missingFile(path: string): AlcoveError {
  return new AlcoveError('model-missing', `${path} is not in the store`, { data: { path } });
}

async function readBlob(blob: Blob, path: string): Promise<ArrayBuffer> {
  try {
    return await blob.arrayBuffer();
  } catch (cause) {
    // Either the browser lost the file behind the Blob, or memory is too small for it.
    if (cause instanceof DOMException && cause.name !== 'NotReadableError') throw cause;
    throw new AlcoveError('model-damaged', `${path} cannot be read`, { data: { path }, cause });
  }
}

/** A Response whose body is read by the two methods that web-llm uses. */
function lazyResponse(read: () => Promise<ArrayBuffer>): Response {
  const json = async (): Promise<unknown> => JSON.parse(new TextDecoder().decode(await read()));
  return Object.defineProperties(new Response(null), { arrayBuffer: { value: read }, json: { value: json } });
}
