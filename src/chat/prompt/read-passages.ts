import type { Message } from '../conversation.ts';
import type { DocumentPart, MessagePart } from '../message-parts.ts';
import type { ProjectFile } from '../project.ts';
import type { ReadDocument, ReadPassage } from '../reading.ts';
import { keptPath } from './prompt.ts';

/** A document whose text is not in the message, and thus has to be read for the prompt. */
export type UnreadDocument = DocumentPart & { readonly sha256: string };

export function isUnreadDocument(part: MessagePart): part is UnreadDocument {
  return part.type === 'document' && part.text === undefined && part.sha256 !== undefined;
}

/** Documents of a path whose texts are not in it, each file once. */
export function unreadDocuments(path: readonly Pick<Message, 'parts'>[]): UnreadDocument[] {
  const found = new Map<string, UnreadDocument>();
  for (const part of path.flatMap(({ parts }) => parts)) {
    if (isUnreadDocument(part) && !found.has(part.sha256)) found.set(part.sha256, part);
  }
  return [...found.values()];
}

/** The answer to a question of a path: the next message that is not a summary, if a model wrote it. */
export function answerTo(path: readonly Message[], at: number): Message | undefined {
  const next = path.slice(at + 1).find(({ role }) => role !== 'summary');
  return next?.role === 'assistant' ? next : undefined;
}

/** Estimate of what documents take of the prompt for a path. */
export function readTokens(path: readonly Message[]): number {
  return keptPath(path).reduce((sum, { read }) => sum + (read?.tokens ?? 0), 0);
}

export interface PassageOnPath {
  readonly document: ReadDocument;
  readonly passage: ReadPassage;
}

/** The passages that were in the prompt for the last message of a path. */
export function passagesRead(path: readonly Message[]): PassageOnPath[] {
  return keptPath(path).flatMap(({ read }) =>
    (read?.passages ?? []).flatMap((passage) => {
      const document = read?.documents[passage.document];
      return document === undefined ? [] : [{ document, passage }];
    }),
  );
}

/** The number of the next passage: those of earlier ones are never given again, also where a summary has replaced them. */
export function nextPassageNumber(path: readonly Message[]): number {
  return path.reduce((most, { read }) => Math.max(most, ...(read?.passages ?? []).map(({ number }) => number)), 0) + 1;
}

/** Bytes of a document for a token, at most: what a text of its size can need. */
const BYTES_A_TOKEN = 3;

/** Of the context window: what is left free for documents that do not fit as a whole. */
const DOCUMENTS_SHARE = 0.25;

/**
 * Tokens that the prompt for a question after a path should have left for documents that it does not have as a whole.
 * @param files of the chat's project
 */
export function wantedTokens(
  path: readonly Message[],
  { parts }: Pick<Message, 'parts'>,
  windowTokens: number,
  files: readonly ProjectFile[] = [],
): number {
  const whole = new Set(passagesRead(path).flatMap(({ document }) => (document.isWhole ? document.sha256 : [])));
  const question = { parts: [...parts, ...files.map((file) => ({ type: 'document' as const, ...file }))] };
  const left = unreadDocuments([...path, question]).filter(({ sha256 }) => !whole.has(sha256));
  const bytes = left.reduce((sum, { sizeBytes = Number.POSITIVE_INFINITY }) => sum + sizeBytes, 0);
  return Math.ceil(Math.min(bytes / BYTES_A_TOKEN, left.length === 0 ? 0 : windowTokens * DOCUMENTS_SHARE));
}
