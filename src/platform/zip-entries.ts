import { AlcoveError } from './errors.ts';

export interface ZipEntry {
  readonly name: string;
  /**
   * Its contents, unpacked as they are read.
   * @param mostBytes that may come out; default: what a text can have in it
   */
  open(mostBytes?: number): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
}

/** Of the end of the archive, its comment included: where the list of files is looked for. */
const MOST_END_BYTES = 22 + 65_535;
/** Of the list of files: an export of chats has a few hundred names. */
const MOST_LIST_BYTES = 64 * 1024 * 1024;

/** Most bytes that come out for each packed one. Deflate reaches 1,032; exports of chats have 4 to 10. */
const MOST_RATIO = 100;
/** Of a packed file, read at a time. */
const PIECE_BYTES = 64 * 1024;

const END_MARK = 0x06054b50;
const ENTRY_MARK = 0x02014b50;
const LOCAL_MARK = 0x04034b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;

/**
 * The files of a ZIP archive that can be unpacked here: stored or deflated, not encrypted. Reads only the list at the end
 * and, when one is opened, that file. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3 and 4.4
 * @returns none where the list is missing, damaged, or of the kind for archives over 4 GB
 */
export async function zipEntries(archive: Blob): Promise<ZipEntry[]> {
  const tail = await bytesOf(archive.slice(Math.max(0, archive.size - MOST_END_BYTES)));
  const end = findEnd(tail);
  if (end === undefined) return [];
  const listBytes = tail.getUint32(end + 12, true);
  const listOffset = tail.getUint32(end + 16, true);
  if (listBytes > MOST_LIST_BYTES || listOffset + listBytes > archive.size) return [];
  const list = await bytesOf(archive.slice(listOffset, listOffset + listBytes));
  const entries: ZipEntry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= list.byteLength && list.getUint32(at, true) === ENTRY_MARK; ) {
    const nameLength = list.getUint16(at + 28, true);
    const isEncrypted = (list.getUint16(at + 8, true) & 1) === 1;
    const method = list.getUint16(at + 10, true);
    if (!isEncrypted && (method === 0 || method === 8) && at + ENTRY_BYTES + nameLength <= list.byteLength) {
      const name = new TextDecoder().decode(new Uint8Array(list.buffer, at + ENTRY_BYTES, nameLength));
      const packedBytes = list.getUint32(at + 20, true);
      const offset = list.getUint32(at + 42, true);
      entries.push({ name, open: (most) => openEntry(archive, offset, packedBytes, method === 8, most) });
    }
    at += ENTRY_BYTES + nameLength + list.getUint16(at + 30, true) + list.getUint16(at + 32, true);
  }
  return entries;
}

async function openEntry(
  archive: Blob,
  offset: number,
  packedBytes: number,
  isDeflated: boolean,
  mostBytes?: number,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const local = await bytesOf(archive.slice(offset, offset + LOCAL_BYTES));
  if (local.byteLength < LOCAL_BYTES || local.getUint32(0, true) !== LOCAL_MARK) return new Blob([]).stream();
  const start = offset + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  const packed = archive.slice(start, start + packedBytes);
  return isDeflated ? inflated(packed, mostBytes) : packed.stream();
}

/** Unpacks piece by piece, and fails once more has come out than a text can have in it. */
function inflated(
  packed: Blob,
  most = packed.size * MOST_RATIO + PIECE_BYTES,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let unpacked = 0;
  const limit = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, output) {
      unpacked += piece.length;
      if (unpacked <= most) output.enqueue(piece);
      else
        output.error(new AlcoveError('import-unreadable', `over ${most} bytes`, { data: { reason: 'zip-too-large' } }));
    },
  });
  return piecesOf(packed).pipeThrough(new DecompressionStream('deflate-raw')).pipeThrough(limit);
}

/** Small pieces: whatever comes out of one is in memory at once. */
function piecesOf(blob: Blob): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    async pull(output) {
      if (at >= blob.size) return output.close();
      output.enqueue(new Uint8Array(await blob.slice(at, at + PIECE_BYTES).arrayBuffer()));
      at += PIECE_BYTES;
    },
  });
}

function findEnd(tail: DataView): number | undefined {
  for (let at = tail.byteLength - 22; at >= 0; at--) if (tail.getUint32(at, true) === END_MARK) return at;
  return undefined;
}

async function bytesOf(blob: Blob): Promise<DataView<ArrayBuffer>> {
  return new DataView(await blob.arrayBuffer());
}
