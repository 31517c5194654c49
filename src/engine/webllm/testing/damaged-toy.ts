import type { ModelFile, ModelRecord } from '../../../models/model-record.ts';
import { type Edit, storeToyModel } from './store-toy-model.ts';

/** Every fourth weight of the middle half changes its sign: shapes and sizes stay, and nothing that is checked is wrong. */
export const flipSigns: Edit = (bytes) => {
  const weights = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = quarter(bytes); at < 3 * quarter(bytes); at += 16)
    weights.setUint8(at + 3, weights.getUint8(at + 3) ^ 0x80);
  return bytes;
};

/** What a bad upload or a broken conversion leaves: numbers that are none. */
export const toNaN: Edit = (bytes) => {
  const weights = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = quarter(bytes); at < 3 * quarter(bytes); at += 4) weights.setFloat32(at, Number.NaN, true);
  return bytes;
};

/** A compiled library with a fault of arithmetic in one shader: x · sigmoid(−x) in the place of x · sigmoid(x). */
export const wrongActivation: Edit = (bytes) => {
  const [from, to] = ['exp((0.000000e+00f - ', 'exp((0.000000e+00f + '].map((text) => new TextEncoder().encode(text));
  if (from === undefined || to === undefined) throw new Error('unreachable');
  let count = 0;
  for (let at = bytes.indexOf(from[0] ?? 0); at !== -1; at = bytes.indexOf(from[0] ?? 0, at + 1)) {
    if (!from.every((byte, offset) => bytes[at + offset] === byte)) continue;
    bytes.set(to, at);
    count++;
  }
  if (count === 0) throw new Error('the library has no such shader any more');
  return bytes;
};

/** Stores a toy of its own with changed files, whose record says their hashes: as sound as a download can tell. */
export async function storeDamagedToy(
  storeName: string,
  toy: ModelRecord,
  edits: Readonly<Record<string, Edit>>,
): Promise<ModelRecord> {
  if (toy.source.kind !== 'files') throw new Error('the toy model lists its files');
  const files = await Promise.all(
    toy.source.files.map(async (file): Promise<ModelFile> => {
      const edit = edits[file.path];
      if (edit === undefined) return file;
      const bytes = edit(new Uint8Array(await (await fetch(file.url)).arrayBuffer()));
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      return { ...file, sizeBytes: bytes.byteLength, sha256 };
    }),
  );
  const id = `damaged-${crypto.randomUUID()}`;
  const record: ModelRecord = { ...toy, id, source: { ...toy.source, revision: id, files } };
  await storeToyModel(storeName, record, edits);
  return record;
}

/** A quarter of a file in whole weights. */
function quarter(bytes: Uint8Array): number {
  return Math.floor(bytes.byteLength / 4 / 4) * 4;
}
