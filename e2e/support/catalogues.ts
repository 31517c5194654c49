import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ModelRecord } from '../../src/models/model-record.ts';
import type { SiteServer } from './site-server.ts';

const CATALOGUE = fileURLToPath(new URL('../../public/catalogue.json', import.meta.url));

/** A record as JSON has it, with any member replaced. */
export type LooseRecord = Readonly<Record<string, unknown>> | ModelRecord;

export function shippedRecords(): readonly ModelRecord[] {
  const { models } = JSON.parse(readFileSync(CATALOGUE, 'utf8')) as { models: ModelRecord[] };
  return models;
}

export function toyRecord(): ModelRecord {
  const toy = shippedRecords().find(({ id }) => id.startsWith('toy'));
  if (toy === undefined) throw new Error('The catalogue has no toy.');
  return toy;
}

/** Has the site offer these models, and no others. */
export function serveCatalogue(site: SiteServer, models: readonly LooseRecord[]): void {
  site.serve('/catalogue.json', JSON.stringify({ version: 1, models }), 'application/json');
}

/** A model of a repository on Hugging Face, called "Weights". */
export function huggingFaceRecord(repo: string): LooseRecord {
  return {
    ...toyRecord(),
    id: 'weights-q4f32_1-MLC',
    name: 'Weights',
    sizeBytes: undefined,
    source: {
      kind: 'huggingface',
      repo,
      revision: 'main',
      library: { url: 'https://raw.githubusercontent.com/mlc-ai/binary-mlc-llm-libs/main/weights.wasm' },
    },
  };
}
