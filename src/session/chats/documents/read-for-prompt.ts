import type { Message } from '../../../chat/conversation.ts';
import { textOf } from '../../../chat/message-parts.ts';
import { keptPath } from '../../../chat/prompt/prompt.ts';
import {
  answerTo,
  isUnreadDocument,
  nextPassageNumber,
  passagesRead,
  unreadDocuments,
} from '../../../chat/prompt/read-passages.ts';
import type { ReadDocument, Reading } from '../../../chat/reading.ts';
import type { DocumentText } from '../../../documents/document-text.ts';
import type { DocumentIndex } from '../../../documents/retrieval/document-index.ts';
import { passagesOf } from '../../../documents/retrieval/passages.ts';
import {
  PASSAGES_SHARE,
  type QuotedDocuments,
  quoteBest,
  quotedText,
  quoteWhole,
} from '../../../documents/retrieval/quoted-documents.ts';
import type { FileName, ReadOptions, TextsForPrompt } from './document-texts.ts';

/** More passages than this help no answer, and on a slow device each takes seconds to read. */
const MOST_PASSAGES = 12;

/** Of the best score. What is below has a word like "the" in common with the question. */
const LEAST_SCORE = 0.25;

type ReadText = (document: FileName) => Promise<DocumentText | undefined>;

interface OpenDocument extends FileName {
  readonly text: DocumentText;
}

/**
 * What the prompt for the last message of a path has of documents. What earlier answers were given is repeated as it was,
 * so that the engine finds it in its KV cache. To a question it adds the documents that the prompt does not have as a whole
 * yet: whole if all of them fit, else the passages that fit the question best.
 */
export async function readForPrompt(
  path: readonly Message[],
  options: ReadOptions,
  index: Pick<DocumentIndex, 'search'>,
  readText: ReadText,
): Promise<TextsForPrompt> {
  const known = new Map<string, Promise<DocumentText | undefined>>();
  const once: ReadText = (document) => {
    const text = known.get(document.sha256) ?? readText(document);
    known.set(document.sha256, text);
    return text;
  };
  const texts = new Map<string, string>();
  const kept = keptPath(path);
  for (const [at, message] of kept.entries()) {
    const read = message.role === 'user' ? answerTo(kept, at)?.read : undefined;
    const lines = await goneLines(message, once);
    const quoted = read === undefined ? '' : await repeated(read, once);
    const text = [quoted, ...lines].filter((piece) => piece !== '').join('\n\n');
    if (text !== '') texts.set(message.id, text);
  }
  const question = path.at(-1);
  if (question?.role !== 'user') return { texts, read: undefined };
  const read = await readMore(path, question, options, index, once);
  if (read === undefined) return { texts, read };
  const text = [quotedText(read.quoted), texts.get(question.id) ?? ''].filter((piece) => piece !== '').join('\n\n');
  return { texts: texts.set(question.id, text), read: read.reading };
}

/** In English: models read that best. */
async function goneLines({ parts }: Message, readText: ReadText): Promise<string[]> {
  const lines = parts.filter(isUnreadDocument).map(async (document) => {
    const isGone = (await readText(document)) === undefined;
    return isGone ? `[The text of the document ${JSON.stringify(document.name)} cannot be read.]` : '';
  });
  return Promise.all(lines);
}

async function repeated({ documents, passages }: Reading, readText: ReadText): Promise<string> {
  const pages = await Promise.all(documents.map(async (document) => (await readText(document))?.pages));
  return quotedText(
    passages.flatMap(({ number, document, page, label, start, end }) => {
      const text = pages[document]?.[page]?.text.slice(start, end);
      return text === undefined ? [] : [{ number, name: documents[document]?.name ?? '', passage: { label, text } }];
    }),
  );
}

async function readMore(
  path: readonly Message[],
  question: Message,
  { budgetTokens, files = [], signal }: ReadOptions,
  index: Pick<DocumentIndex, 'search'>,
  readText: ReadText,
): Promise<{ quoted: QuotedDocuments['passages']; reading: Reading } | undefined> {
  const given = passagesRead(path);
  const whole = new Set(given.flatMap(({ document }) => (document.isWhole ? document.sha256 : [])));
  const documents: OpenDocument[] = [];
  const attached = unreadDocuments(path);
  const others = files.filter(({ sha256 }) => !attached.some((document) => document.sha256 === sha256));
  for (const { sha256, name } of [...attached, ...others]) {
    const text = whole.has(sha256) ? undefined : await readText({ sha256, name });
    if (text !== undefined) documents.push({ sha256, name, text });
  }
  if (documents.length === 0) return undefined;
  const first = nextPassageNumber(path);
  const quoted =
    quoteWhole(documents, budgetTokens, first) ??
    quoteBest(
      await bestPassages(textOf(question), documents, given, index, signal),
      budgetTokens * PASSAGES_SHARE,
      first,
    );
  if (quoted.passages.length === 0) return undefined;
  return { quoted: quoted.passages, reading: readingOf(quoted, documents) };
}

/** The passages that fit a question best, without those that the prompt has; the beginnings where no word is found. */
async function bestPassages(
  question: string,
  documents: readonly OpenDocument[],
  given: ReturnType<typeof passagesRead>,
  index: Pick<DocumentIndex, 'search'>,
  signal: AbortSignal,
) {
  const keys = new Set(given.map(({ document, passage }) => keyOf(document.sha256, passage)));
  const hashes = documents.map(({ sha256 }) => sha256);
  const found = await index.search(question, hashes, { count: MOST_PASSAGES + keys.size, signal });
  const [best] = found;
  const ranked = found
    .filter(({ score }) => score >= (best?.score ?? 0) * LEAST_SCORE)
    .map(({ sha256, passage, score }) => ({ document: hashes.indexOf(sha256), passage, score }));
  const beginnings = documents.flatMap(({ text }, document) =>
    passagesOf({ ...text, pages: text.pages.slice(0, MOST_PASSAGES) }).map((passage) => ({ document, passage })),
  );
  return (ranked.length > 0 ? ranked : beginnings)
    .filter(({ document, passage }) => !keys.has(keyOf(hashes[document] ?? '', passage)))
    .slice(0, MOST_PASSAGES)
    .map((one) => ({ ...one, name: documents[one.document]?.name ?? '' }));
}

function keyOf(sha256: string, { page, start, end }: { page: number; start: number; end: number }): string {
  return `${sha256} ${page} ${start} ${end}`;
}

/** Of the documents only those of which something was read. */
function readingOf({ passages, isWhole, tokens }: QuotedDocuments, documents: readonly OpenDocument[]): Reading {
  const used = [...new Set(passages.map(({ document }) => document))];
  return {
    documents: used.flatMap((document): ReadDocument[] => {
      const { sha256, name, text } = documents[document] ?? {};
      return sha256 === undefined || name === undefined || text === undefined
        ? []
        : [{ sha256, name, pages: text.pages.length, isWhole }];
    }),
    passages: passages.map(({ number, document, passage, tokens, score }) => ({
      number,
      document: used.indexOf(document),
      page: passage.page,
      label: passage.label,
      start: passage.start,
      end: passage.end,
      tokens,
      ...(score !== undefined && { score }),
    })),
    tokens,
  };
}
