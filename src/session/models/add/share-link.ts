import { invalidRecord, parseRecord } from '../../../models/catalogue/parse-record.ts';
import { ENGINE_PROFILES } from '../../../models/engines/engine-profiles.ts';
import { plainLine } from '../../../models/gguf/gguf-header.ts';
import type { ModelRecord } from '../../../models/model-record.ts';
import { isFields } from '../../../platform/untrusted-json.ts';
import { customId, type ModelDraft } from './draft.ts';

/** Longest text after `#add=` that is read; a record has some hundred characters. */
const MOST_CHARACTERS = 32_768;

/** Carries a record in a fragment, which browsers do not send. @returns undefined for a model on the disk */
export function shareLink(record: ModelRecord, pageUrl: string): string | undefined {
  if (record.source.kind === 'disk') return undefined;
  const url = new URL(pageUrl);
  url.search = '';
  url.hash = `add=${encode(record)}`;
  return url.href;
}

/**
 * Reads the record of a shared address for the user's review. Gives it an id of its own, so that it replaces no other model,
 * and makes its texts plain lines.
 * @throws AlcoveError `record-invalid`
 */
export function readSharedRecord(text: string): ModelDraft {
  return draftOfJson(decode(text));
}

/** Does the same for the JSON of a record, or of a catalogue with one model. @throws AlcoveError `record-invalid` */
export function draftOfJson(json: unknown): ModelDraft {
  const list = isFields(json) && Array.isArray(json['models']) ? json['models'] : [json];
  if (list.length !== 1) throw invalidRecord('models');
  const { purpose, ...record } = parseRecord(list[0]);
  if (!isPlausible(record)) throw invalidRecord('');
  const { source, engine, note } = record;
  if (source.kind === 'disk' || ENGINE_PROFILES[engine].weights === undefined) throw invalidRecord('source.kind');
  for (const url of addressesOf(record)) {
    const { username, password } = new URL(url);
    if (username !== '' || password !== '') throw invalidRecord('source');
  }
  return {
    record: {
      ...record,
      id: customId(record.id.replace(/^custom-/, '')),
      name: line(record.name),
      maker: line(record.maker),
      family: line(record.family),
      quantization: line(record.quantization),
      licence: { ...record.licence, name: line(record.licence.name) },
      ...(note !== undefined && { note: line(note) }),
      // The toy is the site's own, which the first page offers.
      ...(purpose !== undefined && purpose !== 'toy' && { purpose }),
    },
    header: undefined,
    files: undefined,
  };
}

export function recordJson(record: ModelRecord): string {
  return `${JSON.stringify({ version: 1, models: [record] }, undefined, 2)}\n`;
}

/** False for numbers that no model has, such as a context window that would take all memory. */
function isPlausible({ contextWindow, parameterCount }: ModelRecord): boolean {
  return contextWindow <= 16_777_216 && parameterCount <= 1e14;
}

function addressesOf({ source, licence }: ModelRecord): readonly string[] {
  const files = source.kind === 'files' || source.kind === 'url' ? source.files.map(({ url }) => url) : [];
  const library = source.kind === 'huggingface' && source.library ? [source.library.url] : [];
  return [licence.url, ...files, ...library];
}

function line(text: string): string {
  return plainLine(text).slice(0, 200) || '?';
}

/** Encodes as base64url of UTF-8, which no program changes in an address. */
function encode(record: ModelRecord): string {
  const bytes = new TextEncoder().encode(JSON.stringify(record));
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function decode(text: string): unknown {
  if (text.length > MOST_CHARACTERS) throw invalidRecord('');
  try {
    const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw invalidRecord('', error);
  }
}
