import { parseCatalogue } from '../../models/catalogue/catalogue.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';

/** A catalogue of 5,000 models is smaller; what is larger is something else. */
const MOST_BYTES = 8_000_000;

/** @throws AlcoveError `catalogue-invalid` or why it cannot be fetched */
export async function readCatalogue(catalogueUrl: string): Promise<readonly ModelRecord[]> {
  let response: Response;
  try {
    response = await fetch(catalogueUrl, { referrerPolicy: 'no-referrer', credentials: 'same-origin' });
  } catch (error) {
    throw new AlcoveError('offline', 'the catalogue could not be fetched', { cause: error });
  }
  const { url, status } = response;
  if (!response.ok) throw new AlcoveError('not-found', `the catalogue answered ${status}`, { data: { url, status } });
  return parseCatalogue(await readJson(response), catalogueUrl).models;
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
