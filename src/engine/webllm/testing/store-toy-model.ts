import { parseCatalogue } from '../../../models/catalogue/catalogue.ts';
import type { EngineId, ModelRecord } from '../../../models/model-record.ts';
import { CHUNK_BYTES, WeightStore } from '../../../storage/weights/weight-store.ts';
import type { Edit } from './damage.ts';

/** The toy model as the catalogue describes it for an engine. */
export async function fetchToyRecord(engine: EngineId = 'webllm'): Promise<ModelRecord> {
  const url = new URL('/catalogue.json', location.href).href;
  const catalogue = parseCatalogue(await (await fetch(url)).json(), url);
  const record = catalogue.models.find((model) => model.id.startsWith('toy-') && model.engine === engine);
  if (record === undefined) throw new Error('the catalogue has no toy model');
  return record;
}

/** Puts the toy model's real files into a weight store, as a download would. Does nothing if they are there. */
export async function storeToyModel(
  storeName: string,
  record: ModelRecord,
  edits: Readonly<Record<string, Edit>> = {},
): Promise<void> {
  if (record.source.kind !== 'files') throw new Error('the toy model lists its files');
  const store = await WeightStore.open(storeName);
  if ((await store.getModel(record.id))?.complete) return store.close();
  const files = await Promise.all(
    record.source.files.map(async ({ path, url, sha256 }) => {
      const original = new Uint8Array(await (await fetch(url)).arrayBuffer());
      const bytes = edits[path]?.(original) ?? original;
      return { path, url, sha256, bytes, sizeBytes: bytes.byteLength, gitBlobId: undefined };
    }),
  );
  const modelId = record.id;
  await store.addModel({ record, revision: record.source.revision, files });
  for (const { path, bytes, sha256 } of files) {
    for (let index = 0; index * CHUNK_BYTES < bytes.byteLength; index++) {
      const blob = new Blob([bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES)]);
      await store.writeChunk({ modelId, path, index, blob, hashState: new Uint8Array(), etag: undefined });
    }
    await store.finishFile(modelId, path, sha256);
  }
  store.close();
}
