import { AlcoveError } from '../../platform/errors.ts';
import { serveCalls } from '../../platform/worker-rpc.ts';
import { tooLarge, withDocumentErrors } from '../document-error.ts';
import { DOCUMENT_LIMITS, type DocumentText } from '../document-text.ts';
import type { DocumentMethods } from '../reader-methods.ts';
import { Archive } from './archive.ts';
import { decodeText } from './decode-text.ts';
import { readEpub } from './epub.ts';
import { htmlText } from './html-text.ts';
import { identify } from './identify.ts';
import { sectionsOf } from './sections.ts';
import { readSheets } from './sheets.ts';
import { readSlides } from './slides.ts';

/** Of UTF-8 for a character. */
const MOST_CHARACTER_BYTES = 4;

serveCalls<DocumentMethods>({
  identify: ({ file, name }) => withDocumentErrors(undefined, () => identify(file, name)),
  read: ({ file, kind }, { report }) => withDocumentErrors(kind, () => readKind(file, kind, report)),
  list: (archive) => withDocumentErrors('zip', () => list(archive)),
  unpack: ({ archive, index, mostBytes }) => withDocumentErrors('zip', () => unpack(archive, index, mostBytes)),
});

function readKind(
  file: Blob,
  kind: DocumentMethods['read']['input']['kind'],
  report: (fraction: number) => void,
): Promise<DocumentText> {
  switch (kind) {
    case 'epub':
      return readEpub(file, report);
    case 'pptx':
      return readSlides(file, report);
    case 'xlsx':
      return readSheets(file, report);
    default:
      return readText(file, kind);
  }
}

async function list(archive: Blob): Promise<readonly string[]> {
  const names = filesOf(await Archive.open(archive));
  if (names.length > DOCUMENT_LIMITS.files) throw tooLarge('files');
  return names;
}

async function unpack(archive: Blob, index: number, mostBytes: number): Promise<Blob> {
  const opened = await Archive.open(archive, mostBytes);
  return opened.blob(filesOf(opened)[index] ?? '');
}

async function readText(
  file: Blob,
  kind: 'text' | 'markdown' | 'code' | 'csv' | 'json' | 'html',
): Promise<DocumentText> {
  if (file.size > DOCUMENT_LIMITS.characters * MOST_CHARACTER_BYTES) throw tooLarge('characters');
  const decoded = decodeText(new Uint8Array(await file.arrayBuffer()), true);
  if (decoded === undefined) throw new AlcoveError('document-unsupported', 'bytes after text', { data: {} });
  const text = decoded.replace(/\r\n?/g, '\n');
  if (kind === 'html') {
    const { text: markdown, title } = htmlText(text);
    return { kind, pages: sectionsOf(markdown), ...(title !== undefined && { title }) };
  }
  return { kind, pages: kind === 'markdown' ? sectionsOf(text) : [{ label: '', text }] };
}

/** Without folders, and without what macOS puts beside each file. */
function filesOf({ names }: Archive): readonly string[] {
  return names.filter((name) => !name.endsWith('/') && !/(?:^|\/)(?:__MACOSX\/|\.DS_Store$)/.test(name));
}
