import { AlcoveError } from '../../platform/errors.ts';
import type { ModelRecord } from '../model-record.ts';
import { parseCatalogue } from './catalogue.ts';

/** Stands for an address where a record needs one and there is none: a file on the disk, and a licence without a page. */
export const NO_ADDRESS = 'https://nowhere.invalid/';

/** Reads one record of unknown origin. @throws AlcoveError `record-invalid`; its `data.path` names the place */
export function parseRecord(value: unknown): ModelRecord {
  try {
    const [record] = parseCatalogue({ version: 1, models: [value] }, NO_ADDRESS).models;
    if (record !== undefined) return record;
  } catch (error) {
    if (!AlcoveError.isInstance(error)) throw error;
    throw invalidRecord(String(error.data['path'] ?? '').replace(/^models\[0\]\.?/, ''), error);
  }
  throw invalidRecord('');
}

export function invalidRecord(path: string, cause?: unknown): AlcoveError {
  return new AlcoveError('record-invalid', `the record is wrong at ${path || 'its root'}`, { data: { path }, cause });
}
