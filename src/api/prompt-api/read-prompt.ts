import type { PromptMessage, PromptPart } from '../../engine/engine.ts';
import { isFields } from '../../platform/untrusted-json.ts';
import type { LanguageModelPrompt } from './language-model-types.ts';

export interface ReadPrompt {
  readonly messages: readonly PromptMessage[];
  /** The last message is the beginning of the answer. */
  readonly hasPrefix: boolean;
}

/**
 * Validates and canonicalizes a prompt, as the specification of the Prompt API has it.
 * @param types of content that the session expects
 * @param isContinued whether the session has messages already
 * @throws TypeError, DOMException `SyntaxError`, `NotSupportedError`
 */
export async function readPrompt(
  given: LanguageModelPrompt,
  types: ReadonlySet<string>,
  isContinued: boolean,
): Promise<ReadPrompt> {
  const input = toPrompt(given);
  if (typeof input === 'string') return { messages: [{ role: 'user', content: input }], hasPrefix: false };
  if (input.length === 0) return { messages: [{ role: 'user', content: '' }], hasPrefix: false };
  const messages: PromptMessage[] = [];
  let hasPrefix = false;
  for (const [index, message] of input.entries()) {
    if (!isFields(message)) throw new TypeError(`message ${index} is no object`);
    const { role, content, prefix = false } = message;
    if (role !== 'system' && role !== 'user' && role !== 'assistant')
      throw new TypeError(`message ${index} has no role`);
    hasPrefix = prefix === true;
    if (hasPrefix && (role !== 'assistant' || index !== input.length - 1)) {
      throw new DOMException('only the last message, and the assistant’s, can be a prefix', 'SyntaxError');
    }
    if (role === 'system' && (isContinued || index > 0)) throw new TypeError('a system message is the first of all');
    messages.push({ role, content: await readContent(content, role, types) });
  }
  return { messages, hasPrefix };
}

/** As WebIDL converts a union of a sequence and a string: what cannot be iterated is a string. */
function toPrompt(given: unknown): string | readonly unknown[] {
  const isSequence = typeof given === 'object' && given !== null && Symbol.iterator in given;
  return isSequence ? Array.from(given as Iterable<unknown>) : String(given);
}

async function readContent(
  content: unknown,
  role: string,
  types: ReadonlySet<string>,
): Promise<PromptMessage['content']> {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw new TypeError('content is a string or a list of parts');
  return Promise.all(content.map((part: unknown) => readPart(part, role, types)));
}

async function readPart(part: unknown, role: string, types: ReadonlySet<string>): Promise<PromptPart> {
  if (!isFields(part)) throw new TypeError('a part of content is an object');
  const { type, value } = part;
  if (type === 'text') {
    if (typeof value !== 'string') throw new TypeError('the value of text is a string');
    return { type, text: value };
  }
  if (type !== 'image' || role === 'assistant' || !types.has(type)) {
    throw new DOMException(`content of type ${String(type)} is not supported, or not expected`, 'NotSupportedError');
  }
  return { type, image: await toBlob(value) };
}

async function toBlob(value: unknown): Promise<Blob> {
  if (value instanceof Blob && /^image\/(png|jpeg)$/.test(value.type)) return value;
  const source = value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? new Blob([value as BlobPart]) : value;
  // It throws the TypeError that the specification asks for.
  const bitmap = await createImageBitmap(source as ImageBitmapSource);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob();
}
