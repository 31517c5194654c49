import { arrayField, field, numberField, textField } from '../../platform/untrusted-json.ts';
import type { ReadDocument, Reading, ReadPassage } from '../reading.ts';
import { LONGEST_NAME, SHA256 } from './read-parts.ts';

/** A context window of a million tokens has some 3,000. */
const MOST_PASSAGES = 10_000;
const LONGEST_LABEL = 1_000;

/** What an answer has read, out of a file that anyone may have made; undefined where it is not sound. */
export function readReading(value: unknown): Reading | undefined {
  const tokens = numberField(value, 'tokens', 0);
  const documents = arrayField(value, 'documents')?.map(readDocument);
  const passages = arrayField(value, 'passages')?.map((passage) => readPassage(passage, documents?.length ?? 0));
  if (tokens === undefined || !areSound(documents) || !areSound(passages)) return undefined;
  const numbers = new Set(passages.map((passage) => passage.number));
  return passages.length > MOST_PASSAGES || numbers.size < passages.length
    ? undefined
    : { documents, passages, tokens };
}

function areSound<Value extends object>(values: readonly (Value | undefined)[] | undefined): values is Value[] {
  return values?.every((value) => value !== undefined) ?? false;
}

function readDocument(value: unknown): ReadDocument | undefined {
  const sha256 = textField(value, 'sha256');
  const name = textField(value, 'name')?.slice(0, LONGEST_NAME);
  const pages = countField(value, 'pages');
  if (sha256 === undefined || !SHA256.test(sha256) || name === undefined || pages === undefined) return undefined;
  return { sha256, name, pages, isWhole: field(value, 'isWhole') === true };
}

function readPassage(value: unknown, documentCount: number): ReadPassage | undefined {
  const number = countField(value, 'number');
  const document = countField(value, 'document');
  const page = countField(value, 'page');
  const start = countField(value, 'start');
  const end = countField(value, 'end');
  const tokens = numberField(value, 'tokens', 0);
  const score = numberField(value, 'score');
  const label = textField(value, 'label')?.slice(0, LONGEST_LABEL) ?? '';
  if (number === undefined || document === undefined || page === undefined || tokens === undefined) return undefined;
  if (start === undefined || end === undefined || start > end || document >= documentCount) return undefined;
  return { number, document, page, label, start, end, tokens, ...(score !== undefined && { score }) };
}

function countField(value: unknown, name: string): number | undefined {
  const number = numberField(value, name, 0, Number.MAX_SAFE_INTEGER);
  return Number.isInteger(number) ? number : undefined;
}
