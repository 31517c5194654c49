import { AlcoveError } from '../../platform/errors.ts';
import { type ZipEntry, zipEntries } from '../../platform/zip-entries.ts';
import { tooLarge } from '../document-error.ts';
import { DOCUMENT_LIMITS } from '../document-text.ts';

/** The files of a ZIP archive, as which EPUB and Office documents are stored. Counts what comes out of all of them. */
export class Archive {
  readonly #entries: ReadonlyMap<string, ZipEntry>;
  #leftBytes: number;

  private constructor(entries: readonly ZipEntry[], mostBytes: number) {
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
    this.#leftBytes = mostBytes;
  }

  static async open(file: Blob, mostBytes: number = DOCUMENT_LIMITS.bytes): Promise<Archive> {
    return new Archive(await zipEntries(file), mostBytes);
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Calls back with each piece of a file as it is unpacked; never, if there is no such file. */
  async read(name: string, onPiece: (piece: Uint8Array<ArrayBuffer>) => void): Promise<void> {
    const stream = await this.#entries.get(name)?.open(this.#leftBytes);
    const reader = stream?.getReader();
    try {
      for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
        this.#leftBytes -= read.value.length;
        if (this.#leftBytes < 0) throw tooLarge('bytes');
        onPiece(read.value);
      }
    } catch (error) {
      await reader?.cancel(error).catch(() => {});
      // More than the limit came out of one deflated file.
      throw AlcoveError.isInstance(error) && error.code === 'import-unreadable' ? tooLarge('bytes') : error;
    }
  }

  /** A file as text, `''` if there is none. All that is read so is in UTF-8. */
  async text(name: string): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    await this.read(name, (piece) => {
      text += decoder.decode(piece, { stream: true });
    });
    return text + decoder.decode();
  }

  async blob(name: string): Promise<Blob> {
    const pieces: BlobPart[] = [];
    await this.read(name, (piece) => pieces.push(piece));
    return new Blob(pieces);
  }
}

/** The name in the archive of what a file of it refers to; a reference that leaves the archive names nothing. */
export function resolveName(from: string, reference: string): string {
  const { origin, pathname } = new URL(reference, new URL(from, 'https://archive.invalid/'));
  return origin === 'https://archive.invalid' ? decodeURIComponent(pathname.slice(1)) : '';
}
