import { parseCatalogue } from '../../models/catalogue/catalogue.ts';
import { profileOf } from '../../models/engines/engine-profiles.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';

/** A catalogue of 5,000 models is smaller; a larger file is no catalogue. */
const MOST_BYTES = 8_000_000;

export interface CatalogueModels {
  readonly records: readonly ModelRecord[];
  /** Those of `records` that need no download. */
  readonly ready: ReadonlySet<ModelRecord>;
}

/** Leaves out models on the disk of another device. @throws AlcoveError `catalogue-invalid`, or why the fetch failed */
export async function readCatalogue(catalogueUrl: string): Promise<CatalogueModels> {
  let response: Response;
  try {
    response = await fetch(catalogueUrl, { referrerPolicy: 'no-referrer', credentials: 'same-origin' });
  } catch (error) {
    throw new AlcoveError('offline', 'the catalogue could not be fetched', { cause: error });
  }
  const { url, status } = response;
  if (!response.ok) throw new AlcoveError('not-found', `the catalogue answered ${status}`, { data: { url, status } });
  const { models } = parseCatalogue(await readJson(response), catalogueUrl);
  const records = models.filter(({ source }) => source.kind !== 'disk');
  return { records, ready: new Set(records.filter((record) => profileOf(record).isReady(record))) };
}

async function readJson(response: Response): Promise<unknown> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let sizeBytes = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    pieces.push(part.value);
    sizeBytes += part.value.byteLength;
    if (sizeBytes > MOST_BYTES) {
      await reader?.cancel();
      throw invalid(`the catalogue is larger than ${MOST_BYTES} bytes`);
    }
  }
  try {
    return JSON.parse(await new Blob(pieces).text());
  } catch (error) {
    throw invalid('the catalogue is not JSON', error);
  }
}

function invalid(message: string, cause?: unknown): AlcoveError {
  return new AlcoveError('catalogue-invalid', message, { data: { path: '' }, ...(cause !== undefined && { cause }) });
}
