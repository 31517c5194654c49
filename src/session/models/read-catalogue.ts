import { parseCatalogue } from '../../models/catalogue/catalogue.ts';
import { profileOf } from '../../models/engines/engine-profiles.ts';
import { type ModelRecord, modelKeyOf } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { toHex } from '../../platform/hex.ts';
import { packagedCatalogue } from './default-catalogue.ts';

/** A catalogue of 5,000 models is smaller; a larger file is no catalogue. */
const MOST_BYTES = 8_000_000;

/** How long the host may take, ms. */
const LIMIT_MS = 60_000;

export interface CatalogueModels {
  readonly records: readonly ModelRecord[];
  /** Those of `records` that need no download. */
  readonly ready: ReadonlySet<ModelRecord>;
}

/**
 * Leaves out models on the disk of another device.
 * @param isForeign the catalogue is not the site's own: its models get ids and keys that no model of the site has, so that
 *   nothing of it is stored, listed or run in the place of one
 * @throws AlcoveError `catalogue-invalid`, or why the fetch failed
 */
export async function readCatalogue(catalogueUrl: string, isForeign = false): Promise<CatalogueModels> {
  const packaged = await packagedCatalogue(catalogueUrl);
  const json: unknown = packaged === undefined ? await fetchCatalogue(catalogueUrl) : JSON.parse(packaged);
  const { models } = parseCatalogue(json, catalogueUrl);
  const tag = isForeign ? await tagOf(catalogueUrl) : undefined;
  const records = models
    .filter(({ source }) => source.kind !== 'disk')
    .map((record) => (tag === undefined ? record : withTag(record, tag)));
  return { records, ready: new Set(records.filter((record) => profileOf(record).isReady(record))) };
}

async function fetchCatalogue(catalogueUrl: string): Promise<unknown> {
  let response: Response;
  try {
    const signal = AbortSignal.timeout(LIMIT_MS);
    response = await fetch(catalogueUrl, { referrerPolicy: 'no-referrer', credentials: 'same-origin', signal });
  } catch (error) {
    throw new AlcoveError('offline', 'the catalogue could not be fetched', { cause: error });
  }
  const { url, status } = response;
  if (!response.ok) throw new AlcoveError('not-found', `the catalogue answered ${status}`, { data: { url, status } });
  return readJson(response);
}

function withTag(record: ModelRecord, tag: string): ModelRecord {
  return { ...record, id: `${record.id.slice(-100)}.${tag}`, modelKey: `${modelKeyOf(record)} ${tag}` };
}

/** 12 hexadecimal digits of the SHA-256 of a catalogue's address. */
async function tagOf(catalogueUrl: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(catalogueUrl));
  return toHex(new Uint8Array(digest, 0, 6));
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
      throw new AlcoveError('catalogue-invalid', `the catalogue is larger than ${MOST_BYTES} bytes`);
    }
  }
  const text = await new Blob(pieces).text();
  try {
    return JSON.parse(text);
  } catch (cause) {
    const isWebPage = /^\s*</.test(text);
    const message = `the catalogue is ${isWebPage ? 'a web page' : 'not JSON'}`;
    throw new AlcoveError('catalogue-invalid', message, { data: { isWebPage }, cause });
  }
}
