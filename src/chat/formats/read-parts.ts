/** Reads the parts of a message out of a file that anyone may have made. */
import { type Fields, field, fieldsOf, numberField, textField } from '../../platform/untrusted-json.ts';
import { type KnownPart, type MessagePart, textParts, type UnknownPart } from '../message-parts.ts';

/** Characters of a file's name; file systems allow 255 bytes. */
export const LONGEST_NAME = 255;

export const SHA256 = /^[0-9a-f]{64}$/;

type Readers = {
  readonly [Type in KnownPart['type']]: (value: Fields) => Extract<KnownPart, { type: Type }> | undefined;
};

/** One reader for each kind. The compiler asks for one when a kind is added. */
const READERS: Readers = {
  text: (value) => {
    const text = textField(value, 'text');
    return text === undefined ? undefined : { type: 'text', text };
  },
  reasoning: (value) => {
    const text = textField(value, 'text');
    const durationMs = numberField(value, 'durationMs', 0);
    return text === undefined
      ? undefined
      : { type: 'reasoning', text, ...(durationMs !== undefined && { durationMs }) };
  },
  image: (value) => {
    const file = readFile(value);
    return file && { type: 'image', ...file };
  },
  document: (value) => {
    const file = readFile(value);
    const text = textField(value, 'text');
    return file && { type: 'document', ...file, ...(text !== undefined && { text }) };
  },
  audio: (value) => {
    const file = readFile(value);
    const transcript = textField(value, 'transcript');
    return file && { type: 'audio', ...file, ...(transcript !== undefined && { transcript }) };
  },
  'tool-call': (value) => {
    const id = textField(value, 'id');
    const name = textField(value, 'name');
    const argumentsJson = textField(value, 'argumentsJson');
    if (id === undefined || name === undefined || argumentsJson === undefined) return undefined;
    // A call that was running when the file was written is not run any more.
    const state =
      (['complete', 'failed', 'declined'] as const).find((one) => one === field(value, 'state')) ?? 'pending';
    return { type: 'tool-call', id, name, argumentsJson, state };
  },
  'tool-result': (value) => {
    const toolCallId = textField(value, 'toolCallId');
    const content = textField(value, 'content');
    const omittedCharacters = numberField(value, 'omittedCharacters', 1);
    if (toolCallId === undefined || content === undefined) return undefined;
    return { type: 'tool-result', toolCallId, content, ...(omittedCharacters !== undefined && { omittedCharacters }) };
  },
};

/**
 * The parts of a message, without those that are not sound. A part of an unknown kind is returned as it is. Version 1 of
 * the format has `text`, `reasoning` and `reasoningMs` instead of parts.
 * @returns undefined where the message has neither
 */
export function readParts(message: unknown): readonly MessagePart[] | undefined {
  const parts = field(message, 'parts');
  if (Array.isArray(parts)) return parts.flatMap((part: unknown) => readPart(part) ?? []);
  const text = textField(message, 'text');
  return text === undefined
    ? undefined
    : textParts(text, textField(message, 'reasoning'), numberField(message, 'reasoningMs', 0));
}

function readPart(value: unknown): MessagePart | undefined {
  const fields = fieldsOf(value);
  const type = field(fields, 'type');
  if (fields === undefined || typeof type !== 'string') return undefined;
  if (isKnownType(type)) return READERS[type](fields);
  return /^[A-Za-z0-9_-]{1,64}$/.test(type) && type !== '__proto__' ? (value as UnknownPart) : undefined;
}

function isKnownType(type: string): type is KnownPart['type'] {
  return Object.hasOwn(READERS, type);
}

export function readFile(
  value: Fields,
): { name: string; mediaType: string; sizeBytes?: number; sha256?: string } | undefined {
  const name = textField(value, 'name');
  const mediaType = textField(value, 'mediaType');
  if (name === undefined || mediaType === undefined) return undefined;
  const sizeBytes = numberField(value, 'sizeBytes', 0);
  const sha256 = textField(value, 'sha256');
  const isHash = sha256 === undefined ? field(value, 'sha256') === undefined : SHA256.test(sha256);
  if (!isHash) return undefined;
  return {
    name: name.slice(0, LONGEST_NAME),
    mediaType,
    ...(sizeBytes !== undefined && { sizeBytes }),
    ...(sha256 !== undefined && { sha256 }),
  };
}
