import { AlcoveError } from '../../platform/errors.ts';
import type { ByteSource } from './byte-source.ts';
import { GgufCursor } from './gguf-cursor.ts';
import { TENSOR_TYPES } from './tensor-types.ts';

export type GgufValue = number | boolean | string | readonly number[];

/** The header of a GGUF: everything before the weights. */
export interface GgufContents {
  readonly version: number;
  /** Without the tokenizer's vocabulary. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  readonly tensorCount: number;
  readonly parameterCount: number;
  /** Number of weights by their tensor type's name. */
  readonly weightsByType: ReadonlyMap<string, number>;
  readonly headerBytes: number;
  /** Minimum size of the file, bytes. */
  readonly sizeBytes: number;
}

/** https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
const MAGIC = 'GGUF';
const KEY_BYTES = 65_535;
const MOST_KEYS = 65_536;
const MOST_TENSORS = 1_000_000;
const MOST_DIMENSIONS = 4;
const NAME_BYTES = 1_024;
const STRING = 8;
const ARRAY = 9;

/** A chat template has some kB. Longer texts are skipped. */
const KEPT_TEXT_BYTES = 1024 * 1024;
/** Lists with one number per layer are kept; longer ones are skipped. */
const KEPT_LIST_LENGTH = 1_024;

interface NumberType {
  readonly sizeBytes: number;
  readonly read: (cursor: GgufCursor) => number | boolean;
}

/** The value types that are numbers, by their number in the format; 8 and 9 are texts and lists. */
const NUMBER_TYPES: ReadonlyMap<number, NumberType> = new Map<number, NumberType>([
  [0, { sizeBytes: 1, read: (cursor) => cursor.uint8() }],
  [1, { sizeBytes: 1, read: (cursor) => cursor.int8() }],
  [2, { sizeBytes: 2, read: (cursor) => cursor.uint16() }],
  [3, { sizeBytes: 2, read: (cursor) => cursor.int16() }],
  [4, { sizeBytes: 4, read: (cursor) => cursor.uint32() }],
  [5, { sizeBytes: 4, read: (cursor) => cursor.int32() }],
  [6, { sizeBytes: 4, read: (cursor) => cursor.float32() }],
  [7, { sizeBytes: 1, read: (cursor) => cursor.uint8() !== 0 }],
  [10, { sizeBytes: 8, read: (cursor) => cursor.uint64() }],
  [11, { sizeBytes: 8, read: (cursor) => cursor.int64() }],
  [12, { sizeBytes: 8, read: (cursor) => cursor.float64() }],
]);

/**
 * Reads a GGUF up to its weights and checks everything that the file states: a malicious file ends in an error, not in an
 * endless loop or a huge allocation.
 * @throws AlcoveError `not-gguf`, `gguf-cut-short`, `gguf-unsupported` (data: reason `version` or `big-endian`),
 * `gguf-invalid`; what the source throws
 */
export async function readGguf(source: ByteSource): Promise<GgufContents> {
  const cursor = new GgufCursor(source);
  const version = await readVersion(cursor, source.name);
  await cursor.need(16);
  const tensorCount = cursor.uint64();
  const keyCount = cursor.uint64();
  if (keyCount > MOST_KEYS) throw cursor.invalid(`it claims ${keyCount} keys`);
  if (tensorCount > MOST_TENSORS) throw cursor.invalid(`it claims ${tensorCount} tensors`);
  const metadata = await readMetadata(cursor, keyCount);
  const alignment = metadata.get('general.alignment') ?? 32;
  if (typeof alignment !== 'number' || alignment < 1 || (alignment & (alignment - 1)) !== 0) {
    throw cursor.invalid('its alignment is no power of two');
  }
  const tensors = await readTensors(cursor, tensorCount, alignment);
  const headerBytes = Math.ceil(cursor.offset / alignment) * alignment;
  const sizeBytes = tensorCount === 0 ? cursor.offset : headerBytes + tensors.dataBytes;
  if (source.sizeBytes !== undefined && source.sizeBytes < sizeBytes) {
    throw cursor.cutShort(sizeBytes, source.sizeBytes);
  }
  const { parameterCount, weightsByType } = tensors;
  return { version, metadata, tensorCount, parameterCount, weightsByType, headerBytes, sizeBytes };
}

async function readVersion(cursor: GgufCursor, path: string): Promise<number> {
  try {
    await cursor.need(8);
  } catch (error) {
    if (!AlcoveError.isInstance(error) || error.code !== 'gguf-cut-short') throw error;
    throw new AlcoveError('not-gguf', `${path} is too short for a GGUF`, { data: { path }, cause: error });
  }
  if (cursor.text(4) !== MAGIC) throw new AlcoveError('not-gguf', `${path} is not a GGUF`, { data: { path } });
  const version = cursor.uint32();
  if (version === 2 || version === 3) return version;
  // Version 3 in the other byte order reads as 0x03000000.
  const reason = (version & 0xffff) === 0 && version !== 0 ? 'big-endian' : 'version';
  throw new AlcoveError('gguf-unsupported', `${path} is a GGUF of version ${version}`, {
    data: { path, reason, version },
  });
}

async function readMetadata(cursor: GgufCursor, keyCount: number): Promise<Map<string, GgufValue>> {
  const metadata = new Map<string, GgufValue>();
  const seen = new Set<string>();
  for (let index = 0; index < keyCount; index++) {
    const key = await readText(cursor, KEY_BYTES);
    if (key === '' || seen.has(key)) throw cursor.invalid('a key is empty or there twice');
    seen.add(key);
    await cursor.need(4);
    const value = await readValue(cursor, cursor.uint32());
    if (value !== undefined) metadata.set(key, value);
  }
  return metadata;
}

async function readText(cursor: GgufCursor, mostBytes: number): Promise<string> {
  await cursor.need(8);
  const byteCount = cursor.uint64();
  if (byteCount > mostBytes) throw cursor.invalid(`a name of ${byteCount} bytes`);
  await cursor.need(byteCount);
  return cursor.text(byteCount);
}

/** @returns undefined for a value that is not needed here */
async function readValue(cursor: GgufCursor, type: number): Promise<GgufValue | undefined> {
  if (type === STRING) {
    await cursor.need(8);
    const byteCount = cursor.uint64();
    if (byteCount > KEPT_TEXT_BYTES) {
      cursor.skip(byteCount);
      return undefined;
    }
    await cursor.need(byteCount);
    return cursor.text(byteCount);
  }
  if (type === ARRAY) return readList(cursor);
  const { sizeBytes, read } = numberType(cursor, type);
  await cursor.need(sizeBytes);
  return read(cursor);
}

async function readList(cursor: GgufCursor): Promise<readonly number[] | undefined> {
  await cursor.need(12);
  const type = cursor.uint32();
  const length = cursor.uint64();
  if (type === STRING) {
    for (let index = 0; index < length; index++) {
      if (!cursor.has(8)) await cursor.need(8);
      cursor.skip(cursor.uint64());
    }
    return undefined;
  }
  const { sizeBytes, read } = numberType(cursor, type);
  if (length > KEPT_LIST_LENGTH) {
    cursor.skip(length * sizeBytes);
    return undefined;
  }
  await cursor.need(length * sizeBytes);
  return Array.from({ length }, () => Number(read(cursor)));
}

/** @throws AlcoveError for an unknown type and for a list of lists, which llama.cpp refuses too */
function numberType(cursor: GgufCursor, type: number): NumberType {
  const found = NUMBER_TYPES.get(type);
  if (found === undefined) throw cursor.invalid(`a value of type ${type}`);
  return found;
}

async function readTensors(
  cursor: GgufCursor,
  tensorCount: number,
  alignment: number,
): Promise<Pick<GgufContents, 'parameterCount' | 'weightsByType'> & { dataBytes: number }> {
  const weightsByType = new Map<string, number>();
  let parameterCount = 0;
  let dataBytes = 0;
  for (let index = 0; index < tensorCount; index++) {
    await readText(cursor, NAME_BYTES);
    await cursor.need(4);
    const dimensionCount = cursor.uint32();
    if (dimensionCount > MOST_DIMENSIONS) throw cursor.invalid(`a tensor of ${dimensionCount} dimensions`);
    await cursor.need(dimensionCount * 8 + 12);
    const dimensions = Array.from({ length: dimensionCount }, () => cursor.uint64());
    const typeNumber = cursor.uint32();
    const offset = cursor.uint64();
    const weights = dimensions.reduce((product, dimension) => product * dimension, 1);
    if (!Number.isSafeInteger(weights)) throw cursor.invalid('a tensor larger than any');
    if (offset % alignment !== 0) throw cursor.invalid('a tensor that is not aligned');
    const type = TENSOR_TYPES.get(typeNumber);
    if (type !== undefined && (dimensions[0] ?? 1) % type.blockWeights !== 0) {
      throw cursor.invalid('a tensor whose rows are no whole number of blocks');
    }
    const tensorBytes = type === undefined ? 0 : (weights / type.blockWeights) * type.blockBytes;
    if (!Number.isSafeInteger(offset + tensorBytes)) throw cursor.invalid('a tensor past all bounds');
    parameterCount += weights;
    dataBytes = Math.max(dataBytes, offset + tensorBytes);
    const typeName = type?.name ?? `type ${typeNumber}`;
    weightsByType.set(typeName, (weightsByType.get(typeName) ?? 0) + weights);
  }
  return { parameterCount, weightsByType, dataBytes };
}
