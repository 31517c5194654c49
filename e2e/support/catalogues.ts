import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseCatalogue } from '../../src/models/catalogue/catalogue.ts';
import type { ModelRecord } from '../../src/models/model-record.ts';
import type { SiteServer } from './site-server.ts';

const CATALOGUE = fileURLToPath(new URL('../../public/catalogue.json', import.meta.url));

/** A record as JSON has it, with any member replaced. */
export type LooseRecord = Readonly<Record<string, unknown>> | ModelRecord;

/** An address that stands for the site's own, whichever port it is at. */
const SITE = 'http://site.invalid/';

let shipped: readonly ModelRecord[] | undefined;

/** The shipped models; addresses of the site's own files are relative. Read once in a process: it takes 30 ms. */
export function shippedRecords(): readonly ModelRecord[] {
  shipped ??= readShipped();
  return shipped;
}

function readShipped(): readonly ModelRecord[] {
  const { models } = parseCatalogue(JSON.parse(readFileSync(CATALOGUE, 'utf8')), `${SITE}catalogue.json`);
  return JSON.parse(JSON.stringify(models).replaceAll(SITE, '')) as ModelRecord[];
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
