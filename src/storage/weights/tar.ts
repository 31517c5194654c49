export interface TarEntry {
  readonly name: string;
  readonly blob: Blob;
}

/** An archive that cannot be read; `expectedBytes` is set where it is cut short. */
export class TarError extends Error {
  readonly expectedBytes: number | undefined;

  constructor(message: string, expectedBytes?: number) {
    super(message);
    this.name = 'TarError';
    this.expectedBytes = expectedBytes;
  }
}

const BLOCK_BYTES = 512;
const MOST_NAME_BYTES = 100;
/** The largest number of eleven octal digits. */
const MOST_OCTAL = 8 ** 11 - 1;
const MOST_ENTRIES = 10_000;

/**
 * Puts files one after the other, in the format that every `tar` reads (POSIX ustar; GNU's numbers from 8 GiB on). The
 * result refers to the Blobs that it is made of: no byte is read or copied before it is written somewhere.
 */
export function writeTar(entries: readonly TarEntry[]): Blob {
  const parts = entries.flatMap(({ name, blob }) => [
    header(name, blob.size),
    blob,
    new Uint8Array((BLOCK_BYTES - (blob.size % BLOCK_BYTES)) % BLOCK_BYTES),
  ]);
  return new Blob([...parts, new Uint8Array(2 * BLOCK_BYTES)], { type: 'application/x-tar' });
}

/** The files of an archive, each a part of its Blob. Reads the headers only. @throws TarError */
export async function readTar(archive: Blob): Promise<readonly TarEntry[]> {
  const entries: TarEntry[] = [];
  let at = 0;
  while (at < archive.size) {
    if (at + BLOCK_BYTES > archive.size) throw new TarError('it ends in the middle of a header', at + BLOCK_BYTES);
    const block = new Uint8Array(await archive.slice(at, at + BLOCK_BYTES).arrayBuffer());
    if (block.every((byte) => byte === 0)) return entries;
    const { name, sizeBytes, isFile } = readHeader(block);
    const start = at + BLOCK_BYTES;
    const end = start + sizeBytes;
    if (end > archive.size) throw new TarError(`${name} is cut short`, end);
    if (isFile) entries.push({ name, blob: archive.slice(start, end) });
    if (entries.length > MOST_ENTRIES) throw new TarError('it has too many files');
    at = start + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
  throw new TarError('its end is missing', at + 2 * BLOCK_BYTES);
}

/** @throws RangeError for a name of more than 100 bytes */
function header(name: string, sizeBytes: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK_BYTES);
  const nameBytes = new TextEncoder().encode(name);
  if (nameBytes.length > MOST_NAME_BYTES) throw new RangeError(`a name of ${nameBytes.length} bytes`);
  block.set(nameBytes);
  const put = (at: number, text: string): void => block.set(new TextEncoder().encode(text), at);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  if (sizeBytes <= MOST_OCTAL) put(124, `${sizeBytes.toString(8).padStart(11, '0')}\0`);
  else writeLarge(block, sizeBytes);
  put(136, '00000000000\0');
  put(148, '        ');
  put(156, '0');
  put(257, 'ustar\x0000');
  put(148, `${checksum(block).toString(8).padStart(6, '0')}\0 `);
  return block;
}

/** GNU's form of large numbers: a marker bit, then the number in big-endian order. */
function writeLarge(block: Uint8Array, sizeBytes: number): void {
  const view = new DataView(block.buffer, block.byteOffset);
  view.setUint8(124, 0x80);
  view.setBigUint64(128, BigInt(sizeBytes));
}

function readHeader(block: Uint8Array): { name: string; sizeBytes: number; isFile: boolean } {
  const text = (start: number, end: number): string => {
    const bytes = block.subarray(start, end);
    const length = bytes.indexOf(0);
    return new TextDecoder().decode(length < 0 ? bytes : bytes.subarray(0, length));
  };
  const stated = Number.parseInt(text(148, 156).trim(), 8);
  const summed = block.slice();
  summed.fill(0x20, 148, 156);
  if (stated !== checksum(summed)) throw new TarError('the checksum of a header is wrong');
  const prefix = text(345, 500);
  const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
  const type = block[156];
  return { name, sizeBytes: readSize(block, text(124, 136)), isFile: type === 0x30 || type === 0 };
}

function readSize(block: Uint8Array, octal: string): number {
  const isLarge = block[124] === 0x80;
  const sizeBytes = isLarge
    ? Number(new DataView(block.buffer, block.byteOffset).getBigUint64(128))
    : Number.parseInt(octal.trim(), 8);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) throw new TarError('a size that is none');
  return sizeBytes;
}

function checksum(block: Uint8Array): number {
  return block.reduce((sum, byte) => sum + byte, 0);
}
