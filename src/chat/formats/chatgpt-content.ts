/** Reads the content of one message of ChatGPT: texts with their citations, reasoning, files, canvases, tool results. */
import { arrayField, field, fieldsOf, numberField, textField } from '../../platform/untrusted-json.ts';
import type { MessagePart, TextPart } from '../message-parts.ts';
import { withLinks } from './chatgpt-citations.ts';
import { filePart, resultText, writtenDocument } from './draft-parts.ts';

/** What ChatGPT adds to a conversation and never shows. */
const HIDDEN = new Set(['model_editable_context', 'user_editable_context', 'app_pairing_content']);

/** @returns undefined for content of an unknown kind */
export function contentPieces(message: unknown): MessagePart[] | undefined {
  const content = field(message, 'content');
  const type = textField(content, 'content_type') ?? 'text';
  if (HIDDEN.has(type)) return [];
  const attachments = arrayField(field(message, 'metadata'), 'attachments') ?? [];
  switch (type) {
    case 'text':
    case 'multimodal_text':
      return readParts(arrayField(content, 'parts') ?? [], attachments).map((part) =>
        part.type === 'text' ? { ...part, text: withLinks(part.text, field(message, 'metadata')) } : part,
      );
    case 'code':
      return [{ type: 'text', text: textField(content, 'text') ?? '' }];
    case 'thoughts':
      return (arrayField(content, 'thoughts') ?? []).map((thought) => ({
        type: 'reasoning',
        text: textField(thought, 'content') ?? '',
      }));
    // "Thought for 12 seconds"
    case 'reasoning_recap':
      return [];
    default:
      return undefined;
  }
}

/** The texts and transcripts of speech, and the files, of which the export has only the names. */
function readParts(parts: readonly unknown[], attachments: readonly unknown[]): MessagePart[] {
  const named = new Set<unknown>();
  const pieces = parts.flatMap((part): MessagePart[] => {
    if (typeof part === 'string') return [{ type: 'text', text: part.toWellFormed() }];
    const type = textField(part, 'content_type') ?? '';
    if (type === 'audio_transcription') return [{ type: 'text', text: textField(part, 'text') ?? '' }];
    if (fieldsOf(part) === undefined) return [];
    const id = (textField(part, 'asset_pointer') ?? '').replace(/^[\w-]+:\/\//, '');
    const attachment = attachments.find((one) => textField(one, 'id') === id);
    named.add(attachment);
    return [
      filePart({
        name: textField(attachment, 'name') ?? id,
        mediaType: mediaTypeOf(attachment) ?? /image|audio/.exec(type)?.[0],
        sizeBytes: numberField(part, 'size_bytes', 0),
      }),
    ];
  });
  const others = attachments.filter((attachment) => !named.has(attachment));
  return [
    ...others.map((attachment) =>
      filePart({
        name: textField(attachment, 'name'),
        mediaType: mediaTypeOf(attachment),
        sizeBytes: numberField(attachment, 'size', 0),
      }),
    ),
    ...pieces,
  ];
}

function mediaTypeOf(attachment: unknown): string | undefined {
  return textField(attachment, 'mime_type') ?? textField(attachment, 'mimeType');
}

/** What a tool returned: words, and the pictures that it made. */
export function toolResultPieces(message: unknown, toolCallId: string): MessagePart[] {
  const content = field(message, 'content');
  const pieces = readParts(arrayField(content, 'parts') ?? [], []);
  const texts = pieces.flatMap((part) => (part.type === 'text' ? part.text : []));
  const result = textField(content, 'text') ?? textField(content, 'result') ?? resultText(texts);
  return [
    ...(result === '' ? [] : [{ type: 'tool-result' as const, toolCallId, content: result }]),
    ...pieces.filter(({ type }) => type !== 'text'),
  ];
}

/** A document that was written in a canvas, beside the conversation. */
export interface CanvasDocument {
  readonly name: string;
  /** `document`, or `code/` and the language. */
  readonly type: string;
  readonly part: TextPart;
}

/**
 * A new document, or a new version of one that replaces it as a whole.
 * @param before the document that is updated
 * @returns undefined for other calls, and for an update of some passages by regular expressions, which are not applied here
 */
export function readCanvas(
  recipient: string,
  input: string,
  before: () => CanvasDocument | undefined,
): CanvasDocument | undefined {
  if (recipient !== 'canmore.create_textdoc' && recipient !== 'canmore.update_textdoc') return undefined;
  const call = parsed(input);
  if (recipient === 'canmore.create_textdoc') {
    const content = textField(call, 'content');
    return content === undefined
      ? undefined
      : canvasOf(textField(call, 'name') ?? '', textField(call, 'type') ?? 'document', content);
  }
  const [update, ...others] = arrayField(call, 'updates') ?? [];
  const content = textField(update, 'replacement');
  const document = before();
  if (content === undefined || others.length > 0 || document === undefined) return undefined;
  return textField(update, 'pattern') === '.*' ? canvasOf(document.name, document.type, content) : undefined;
}

function canvasOf(name: string, type: string, content: string): CanvasDocument {
  const language = type.startsWith('code') ? type.slice('code/'.length) : undefined;
  return { name, type, part: writtenDocument(name, language, content) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
