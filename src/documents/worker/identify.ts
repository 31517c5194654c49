import { AlcoveError } from '../../platform/errors.ts';
import { locked } from '../document-error.ts';
import type { DocumentKind } from '../document-text.ts';
import { Archive } from './archive.ts';
import { decodeText } from './decode-text.ts';

/** Enough to tell text from bytes. */
const START_BYTES = 64 * 1024;

/** Where a PDF may begin: mail programs write lines before it. */
const PDF_BYTES = 1024;

/** What each kind of archive has in it. */
const MARKS: readonly (readonly [file: string, kind: DocumentKind])[] = [
  ['word/document.xml', 'docx'],
  ['xl/workbook.xml', 'xlsx'],
  ['ppt/presentation.xml', 'pptx'],
  ['META-INF/container.xml', 'epub'],
];

/** By the ending of the name, where the content is text. */
const TEXT_KINDS: readonly (readonly [endings: RegExp, kind: DocumentKind])[] = [
  [/\.(?:md|mdx|markdown)$/i, 'markdown'],
  [/\.(?:csv|tsv)$/i, 'csv'],
  [/\.(?:jsonl?|ndjson|geojson|ipynb)$/i, 'json'],
  [/\.(?:x?html?)$/i, 'html'],
  [/\.(?:txt|text|log|srt|vtt|tex|rst|adoc|org)$/i, 'text'],
  [/\.\w{1,10}$/, 'code'],
];

/** @throws AlcoveError `document-empty`, `document-unsupported`, `document-locked` */
export async function identify(file: Blob, name: string): Promise<DocumentKind> {
  if (file.size === 0) throw new AlcoveError('document-empty', 'no byte');
  const bytes = new Uint8Array(await file.slice(0, START_BYTES).arrayBuffer());
  const start = String.fromCharCode(...bytes.subarray(0, PDF_BYTES));
  if (start.includes('%PDF-')) return 'pdf';
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return identifyArchive(file, bytes);
  if (start.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) throw await oldOfficeError(file, bytes);
  if (start.startsWith('{\\rtf')) throw unsupported('rtf');
  const text = decodeText(bytes, file.size <= START_BYTES);
  if (text === undefined) throw unsupported();
  if (text.trim() === '' && file.size <= START_BYTES) throw new AlcoveError('document-empty', 'only spaces');
  if (/^\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html)\b/is.test(text)) return 'html';
  return TEXT_KINDS.find(([endings]) => endings.test(name))?.[1] ?? 'text';
}

async function identifyArchive(file: Blob, bytes: Uint8Array): Promise<DocumentKind> {
  // The first file's flags: encrypted, or not.
  if (bytes[0] === 0x50 && bytes[2] === 3 && ((bytes[6] ?? 0) & 1) === 1) throw locked({ kind: 'zip' });
  const archive = await Archive.open(file);
  if (archive.names.length === 0) {
    throw bytes[2] === 5
      ? new AlcoveError('document-empty', 'an archive without files', { data: { kind: 'zip' } })
      : new AlcoveError('document-broken', 'no list of files', { data: { kind: 'zip' } });
  }
  return MARKS.find(([mark]) => archive.has(mark))?.[1] ?? 'zip';
}

/**
 * Of a compound file: an encrypted document of today's Office, or one of before 2007. Its directory says which.
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb
 */
async function oldOfficeError(file: Blob, bytes: Uint8Array<ArrayBuffer>): Promise<AlcoveError> {
  if (bytes.length < 512) return unsupported('doc');
  const header = new DataView(bytes.buffer);
  const sectorBytes = 2 ** Math.min(header.getUint16(30, true), 16);
  const at = (header.getUint32(48, true) + 1) * sectorBytes;
  const directory = new TextDecoder('utf-16le').decode(await file.slice(at, at + 4096).arrayBuffer());
  return directory.includes('EncryptedPackage') ? locked({ kind: 'office' }) : unsupported('doc');
}

function unsupported(kind?: 'doc' | 'rtf'): AlcoveError {
  return new AlcoveError('document-unsupported', `not read: ${kind ?? 'unknown content'}`, { data: { kind } });
}
