import { readFile } from 'node:fs/promises';
import { parseCatalogue } from '../../src/models/catalogue/catalogue.ts';
import type { ModelFile, ModelRecord } from '../../src/models/model-record.ts';
import type { SyntheticShard } from './synthetic-model.ts';

/** The shipped catalogue's toy model, its files served below `prefixUrl`. */
export async function toyRecord(prefixUrl: string): Promise<ModelRecord> {
  const text = await readFile(new URL('../../public/catalogue.json', import.meta.url), 'utf8');
  const { models } = parseCatalogue(JSON.parse(text), 'http://bench.invalid/catalogue.json');
  const toy = models.find(({ source }) => source.kind === 'files');
  if (toy?.source.kind !== 'files') throw new Error('the catalogue lists no toy model');
  return withFiles(
    toy,
    toy.id,
    toy.source.files.map((file) => ({ ...file, url: `${prefixUrl}${file.path}` })),
  );
}

export function withFiles(record: ModelRecord, id: string, files: readonly ModelFile[]): ModelRecord {
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { ...record, id, sizeBytes, source: { kind: 'files', revision: 'bench', files } };
}

export function shardFile(prefixUrl: string, { path, bytes, sha256 }: SyntheticShard): ModelFile {
  return { path, url: `${prefixUrl}${path}`, sizeBytes: bytes.length, sha256 };
}
