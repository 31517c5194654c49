import { isOfSource } from '../../../models/catalogue/same-source.ts';
import { readGgufName } from '../../../models/gguf/file-names.ts';
import type { ModelRecord } from '../../../models/model-record.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import { openDiskFiles } from '../../../storage/weights/disk-files.ts';
import type { WeightStore } from '../../../storage/weights/weight-store.ts';
import { WindowBuffers } from './window-buffers.ts';
import { PART_BYTES, WINDOW_BYTES, WindowReader } from './window-reader.ts';

/**
 * Gives wllama a stored model's GGUF files as Blobs that read the weight store only when wllama reads them, so that nothing
 * is stored twice. wllama's own storage hook, CacheManager, would end in a Blob too and needs metadata besides.
 */
export class StoredGguf {
  /** Sorted by name, which is the order of a split model's parts; a projector last. */
  readonly blobs: readonly Blob[];
  readonly totalBytes: number;
  /** The Blobs' reads take their buffers from here; give a buffer back when its bytes were copied. */
  readonly buffers = new WindowBuffers(PART_BYTES);
  readonly #readers: readonly WindowReader[];
  readonly #onRead: () => void;
  readonly #lossCode: 'model-damaged' | 'file-gone';
  #readBytes = 0;
  #failure: AlcoveError | undefined;

  /** @param lossCode the error for a file that can no longer be read */
  private constructor(
    files: readonly { readonly path: string; readonly blob: Blob }[],
    lossCode: 'model-damaged' | 'file-gone',
    onRead: () => void,
  ) {
    this.#lossCode = lossCode;
    this.#onRead = onRead;
    this.totalBytes = files.reduce((sum, { blob }) => sum + blob.size, 0);
    const opened = files.map(({ path, blob }) => this.#open(path, blob));
    this.#readers = opened.map(({ reader }) => reader);
    this.blobs = opened.map(({ blob }) => blob);
  }

  /**
   * Opens a model's files: in the weight store or, for a model on the disk of which no copy is stored, where they are.
   * @param storeName of the weight store
   * @param onRead called after every read of the store
   * @throws AlcoveError `model-missing`, `model-damaged`, `load-failed` for a model without a GGUF file;
   *   `file-permission`, `file-gone`, `file-replaced` for one on the disk
   */
  static async open(
    store: WeightStore,
    model: ModelRecord,
    storeName: string | undefined,
    onRead: () => void,
  ): Promise<StoredGguf> {
    const modelId = model.id;
    const held = await store.getModel(modelId);
    const stored = held !== undefined && isOfSource(held, model) ? held : undefined;
    if (!stored?.complete && model.source.kind === 'disk') {
      const files = (await openDiskFiles(storeName, model)).map((blob) => ({ path: blob.name, blob }));
      return new StoredGguf(files.sort(byPath), 'file-gone', onRead);
    }
    if (!stored?.complete) throw new AlcoveError('model-missing', `${modelId} is not in the store`);
    const paths = stored.files.map((file) => file.path).filter((path) => path.endsWith('.gguf'));
    if (paths.length === 0) throw new AlcoveError('load-failed', `${modelId} has no GGUF file`);
    const files = await Promise.all(
      paths.map(async (path) => {
        const blob = await store.readFile(modelId, path);
        if (blob === undefined) throw new AlcoveError('model-missing', `${path} is not stored`, { data: { path } });
        return { path, blob };
      }),
    );
    return new StoredGguf(files.sort(byPath), 'model-damaged', onRead);
  }

  /** Bytes read from the store; bytes read twice count twice. */
  get readBytes(): number {
    return this.#readBytes;
  }

  /** Bytes read at least once. */
  get coveredBytes(): number {
    return this.#readers.reduce((sum, reader) => sum + reader.coveredBytes, 0);
  }

  /** Why a read failed; wllama keeps only the message. */
  get failure(): AlcoveError | undefined {
    return this.#failure;
  }

  /** Releases the windows kept for later reads. */
  close(): void {
    for (const reader of this.#readers) reader.clear();
  }

  #open(path: string, blob: Blob): { readonly reader: WindowReader; readonly blob: Blob } {
    const reader = new WindowReader(blob, this.buffers, (sizeBytes) => {
      this.#readBytes += sizeBytes;
      this.#onRead();
    });
    const read = async (start: number, end: number): Promise<ArrayBuffer> => {
      try {
        return await reader.read(start, end);
      } catch (cause) {
        this.#failure = new AlcoveError(this.#lossCode, `${path} cannot be read`, { data: { path }, cause });
        throw this.#failure;
      }
    };
    return { reader, blob: lazyBlob(blob.size, read) };
  }
}

/** Sorts a split model's parts into their order. wllama finds the projector by its header. */
function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  const [first, second] = [a, b].map(({ path }) => Number(readGgufName(path)?.role === 'projector'));
  if (first !== second) return (first ?? 0) - (second ?? 0);
  return a.path < b.path ? -1 : 1;
}

/** A Blob with what wllama 3.13.0 uses: slices or, in browsers without JSPI, the stream from the beginning. */
function lazyBlob(sizeBytes: number, read: (start: number, end: number) => Promise<ArrayBuffer>): Blob {
  const slice = (start = 0, end = sizeBytes): Pick<Blob, 'arrayBuffer' | 'size'> => {
    const last = Math.min(end, sizeBytes);
    const first = Math.min(start, last);
    return { size: last - first, arrayBuffer: () => read(first, last) };
  };
  const stream = (): ReadableStream<Uint8Array> => {
    let offset = 0;
    return new ReadableStream({
      async pull(controller) {
        const end = Math.min(offset + WINDOW_BYTES, sizeBytes);
        if (end > offset) controller.enqueue(new Uint8Array(await read(offset, end)));
        offset = end;
        if (offset === sizeBytes) controller.close();
      },
    });
  };
  const members = { size: { value: sizeBytes }, slice: { value: slice }, stream: { value: stream } };
  return Object.defineProperties(new Blob(), members);
}
