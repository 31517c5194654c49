import { AlcoveError, abortError } from '../platform/errors.ts';
import { tooLarge } from './document-error.ts';
import { DOCUMENT_LIMITS, type DocumentKind, type DocumentPage, type DocumentText } from './document-text.ts';
import type { DocumentMethods, PdfMethods, WordMethods } from './reader-methods.ts';
import { ReadingQueue } from './reading-queue.ts';
import documentWorker from './worker/document-worker.ts?worker-file';
import pdfWorker from './worker/pdf-worker.ts?site-worker-file';
import wordWorker from './worker/word-worker.ts?worker-file';

export interface ReadOptions {
  /** Stops the work at once. */
  readonly signal?: AbortSignal | undefined;
  /** @param fraction 0 to 1 of what is read */
  readonly onProgress?: (fraction: number) => void;
}

/** Each starts when its kind of file first comes, and loads its library then. */
const documents = new ReadingQueue<DocumentMethods>(documentWorker, 'alcove-documents');
const words = new ReadingQueue<WordMethods>(wordWorker, 'alcove-word-documents');
/** Not in the npm package, where pdf.js has no room. */
const pdfs = pdfWorker === undefined ? undefined : new ReadingQueue<PdfMethods>(pdfWorker, 'alcove-pdf-documents');

/**
 * The text of a document of any kind in `DocumentKind`, which its content decides, not its name. Nothing in it runs, and
 * nothing that it names is fetched.
 * @param name with which the file was attached
 * @throws AlcoveError `document-*`; `worker-failed`; AbortError
 */
export async function readDocument(file: Blob, name: string, options: ReadOptions = {}): Promise<DocumentText> {
  return readNested(file, name, options, 0);
}

/** @param depth of the archives around it */
async function readNested(file: Blob, name: string, options: ReadOptions, depth: number): Promise<DocumentText> {
  if (file.size > DOCUMENT_LIMITS.bytes) throw tooLarge('bytes');
  const kind = await documents.call('identify', { file, name }, { signal: options.signal });
  const text = await readKind(file, name, kind, options, depth);
  const characters = charactersOf(text);
  if (characters > DOCUMENT_LIMITS.characters) throw tooLarge('characters');
  if (characters > 0) return text;
  const { length } = text.pages;
  throw new AlcoveError('document-without-text', `${length} pages`, { data: { kind, pages: length } });
}

async function readKind(
  file: Blob,
  name: string,
  kind: DocumentKind,
  options: ReadOptions,
  depth: number,
): Promise<DocumentText> {
  const { signal } = options;
  switch (kind) {
    case 'pdf':
      if (pdfs === undefined) throw new AlcoveError('document-unsupported', 'no pdf.js here', { data: { kind } });
      return pdfs.call('read', file, options);
    case 'docx': {
      const html = await words.call('read', file, { signal });
      return { ...(await documents.call('read', { file: html, name, kind: 'html' }, options)), kind };
    }
    case 'zip':
      if (depth > 1) throw new AlcoveError('document-unsupported', 'archives in archives', { data: { kind } });
      return readArchive(file, options, depth);
    default:
      return documents.call('read', { file, name, kind }, options);
  }
}

/** The documents of an archive, one after another; a page's label begins with the file's name. */
async function readArchive(archive: Blob, { signal, onProgress }: ReadOptions, depth: number): Promise<DocumentText> {
  const names = await documents.call('list', archive, { signal });
  const pages: DocumentPage[] = [];
  const skipped: string[] = [];
  let bytes = 0;
  let characters = 0;
  let reason: unknown;
  for (const [index, name] of names.entries()) {
    if (signal?.aborted) throw abortError();
    onProgress?.(index / names.length);
    const input = { archive, index, mostBytes: DOCUMENT_LIMITS.bytes - bytes };
    const file = await documents.call('unpack', input, { signal });
    bytes += file.size;
    try {
      const document = await readNested(file, name, { signal }, depth + 1);
      pages.push(
        ...document.pages.map(({ label, text }) => ({ label: label === '' ? name : `${name}, ${label}`, text })),
      );
      characters += charactersOf(document);
      skipped.push(...(document.skipped ?? []).map((inner) => `${name}/${inner}`));
    } catch (error) {
      if (!AlcoveError.isInstance(error) || !error.code.startsWith('document-')) throw error;
      reason = error;
      skipped.push(name);
    }
    if (pages.length > DOCUMENT_LIMITS.pages) throw tooLarge('pages');
    if (characters > DOCUMENT_LIMITS.characters) throw tooLarge('characters');
  }
  // An archive of one file that cannot be read is refused with that file's reason.
  if (pages.length === 0) throw reason;
  return { kind: 'zip', pages, ...(skipped.length > 0 && { skipped }) };
}

function charactersOf({ pages }: Pick<DocumentText, 'pages'>): number {
  return pages.reduce((sum, { text }) => sum + text.length, 0);
}
