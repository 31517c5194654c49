import type { ModelFile, ModelRecord } from '../../../models/model-record.ts';
import type { Edit } from './damage.ts';
import { storeToyModel } from './store-toy-model.ts';

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
