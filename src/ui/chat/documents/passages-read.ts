import { msg, str } from '@lit/localize';
import type { PassageOnPath } from '../../../chat/prompt/read-passages.ts';
import type { ReadPassage } from '../../../chat/reading.ts';
import type { NumberedPassage } from '../../../documents/retrieval/quoted-documents.ts';
import type { SessionLike } from '../../contract/session-like.ts';

export type Documents = Pick<SessionLike['chats']['documents'], 'textOf'>;

/** Where a passage is in its document, for people; `''` where the document has no pages. */
export function pageName({ label }: ReadPassage): string {
  return /^[\divxlc]+$/i.test(label) ? msg(str`page ${label}`) : label;
}

export function passageLabel({ passage, document: { name } }: PassageOnPath): string {
  const { number } = passage;
  const page = pageName(passage);
  return page === '' ? msg(str`Passage ${number}: ${name}`) : msg(str`Passage ${number}: ${name}, ${page}`);
}

/** The passages with their texts. Undefined where a document is gone: nothing can then be checked. */
export async function withTexts(
  passages: readonly PassageOnPath[],
  documents: Documents,
): Promise<readonly NumberedPassage[] | undefined> {
  const known = new Map<string, ReturnType<Documents['textOf']>>();
  const found = passages.map(async ({ document: { sha256, name }, passage }) => {
    const opening = known.get(sha256) ?? documents.textOf(sha256, name);
    known.set(sha256, opening);
    const text = (await opening)?.pages[passage.page]?.text.slice(passage.start, passage.end);
    return text === undefined ? undefined : { ...passage, name, passage: { ...passage, text } };
  });
  const all = await Promise.all(found);
  return all.every((passage) => passage !== undefined) ? all : undefined;
}
