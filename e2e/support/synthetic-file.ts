import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';

/** The bytes behind an address. */
export interface FileSource {
  readonly sizeBytes: number;
  /** Changes when the bytes change. */
  readonly etag: string;
  read(startByte: number, endByte: number): AsyncIterable<Buffer>;
}

const BLOCK_BYTES = 1024 * 1024;
/** One write to a socket. */
const PIECE_BYTES = 64 * 1024;

/** Bytes that look random, the same for the same seed and size; made as they are read, so that size costs nothing. */
export function syntheticFile(seed: number, sizeBytes: number): FileSource {
  const block = randomBlock(seed);
  return {
    sizeBytes,
    etag: `"${seed}-${sizeBytes}"`,
    async *read(startByte, endByte) {
      for (let offset = startByte; offset < endByte; ) {
        const inBlock = offset % BLOCK_BYTES;
        const length = Math.min(PIECE_BYTES - (inBlock % PIECE_BYTES), endByte - offset);
        const piece = block.subarray(inBlock, inBlock + length);
        yield inBlock < PIECE_BYTES ? numbered(block, Math.floor(offset / BLOCK_BYTES), inBlock, length) : piece;
        offset += length;
      }
    },
  };
}

/** Bytes at hand. */
export function memoryFile(bytes: Buffer): FileSource {
  return {
    sizeBytes: bytes.length,
    etag: `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`,
    async *read(startByte, endByte) {
      for (let offset = startByte; offset < endByte; offset += PIECE_BYTES) {
        yield bytes.subarray(offset, Math.min(endByte, offset + PIECE_BYTES));
      }
    },
  };
}

/** A file on this machine, such as one of the toy model's. */
export async function diskFile(path: string): Promise<FileSource | undefined> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) return undefined;
  return {
    sizeBytes: info.size,
    etag: `"${info.size}-${info.mtimeMs}"`,
    async *read(startByte, endByte) {
      const handle = await open(path);
      try {
        for (let offset = startByte; offset < endByte; offset += PIECE_BYTES) {
          const piece = Buffer.alloc(Math.min(PIECE_BYTES, endByte - offset));
          await handle.read(piece, 0, piece.length, offset);
          yield piece;
        }
      } finally {
        await handle.close();
      }
    },
  };
}

export interface FileHashes {
  /** Lower-case hex. */
  readonly sha256: string;
  /** git's name for the same bytes: the SHA-1 of `blob <size>\0` and them. */
  readonly gitBlobId: string;
}

export async function hashFile(file: FileSource): Promise<FileHashes> {
  const sha256 = createHash('sha256');
  const git = createHash('sha1').update(`blob ${file.sizeBytes}\0`);
  for await (const piece of file.read(0, file.sizeBytes)) {
    sha256.update(piece);
    git.update(piece);
  }
  return { sha256: sha256.digest('hex'), gitBlobId: git.digest('hex') };
}

/** The block's first piece, with the block's number written over its beginning so that no two blocks are equal. */
function numbered(block: Buffer, blockNumber: number, start: number, length: number): Buffer {
  const piece = Buffer.from(block.subarray(0, PIECE_BYTES));
  piece.writeUInt32LE(blockNumber, 0);
  return piece.subarray(start, start + length);
}

const blocks = new Map<number, Buffer>();

function randomBlock(seed: number): Buffer {
  const known = blocks.get(seed);
  if (known !== undefined) return known;
  const block = Buffer.alloc(BLOCK_BYTES);
  // xorshift32: https://www.jstatsoft.org/article/view/v008i14
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  for (let offset = 0; offset < BLOCK_BYTES; offset += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    block.writeUInt32LE(state, offset);
  }
  blocks.set(seed, block);
  return block;
}
