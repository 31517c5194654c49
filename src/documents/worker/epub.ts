import { locked, tooLarge } from '../document-error.ts';
import { DOCUMENT_LIMITS, type DocumentPage, type DocumentText } from '../document-text.ts';
import { Archive, resolveName } from './archive.ts';
import { htmlText } from './html-text.ts';
import { readXml } from './xml.ts';

/** The chapters of an EPUB, in the order in which it is read. https://www.w3.org/TR/epub-33/ */
export async function readEpub(file: Blob, report: (fraction: number) => void): Promise<DocumentText> {
  const archive = await Archive.open(file);
  const { title, chapters } = await readPackage(archive, await packageName(archive));
  const encrypted = await encryptedNames(archive);
  if (chapters.some((name) => encrypted.has(name))) throw locked({ kind: 'epub' });
  if (chapters.length > DOCUMENT_LIMITS.pages) throw tooLarge('pages');
  const pages: DocumentPage[] = [];
  for (const [index, name] of chapters.entries()) {
    report(index / chapters.length);
    const { text, title: chapter = '' } = htmlText(await archive.text(name));
    const [, heading] = /^#+ (.+)$/m.exec(text) ?? [];
    if (text !== '') pages.push({ label: heading ?? chapter, text });
  }
  return { kind: 'epub', pages, ...(title !== '' && { title }) };
}

async function packageName(archive: Archive): Promise<string> {
  let name = '';
  await readXml(archive, 'META-INF/container.xml', {
    open(tag, { 'full-path': path = '' }) {
      if (tag === 'rootfile' && name === '') name = path;
    },
  });
  return name;
}

async function readPackage(archive: Archive, name: string) {
  const files = new Map<string, string>();
  const chapters: string[] = [];
  let title = '';
  let isInTitle = false;
  await readXml(archive, name, {
    open(tag, { id = '', href = '', idref = '' }) {
      isInTitle = tag === 'title' && title === '';
      if (tag === 'item') files.set(id, resolveName(name, href));
      if (tag === 'itemref') chapters.push(files.get(idref) ?? '');
    },
    text(text) {
      if (isInTitle) title += text;
    },
    close() {
      isInTitle = false;
    },
  });
  return { title: title.trim(), chapters: chapters.filter((chapter) => archive.has(chapter)) };
}

/** Of books with copy protection; fonts are often encrypted in books without. */
async function encryptedNames(archive: Archive): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  await readXml(archive, 'META-INF/encryption.xml', {
    open(tag, { URI = '' }) {
      if (tag === 'CipherReference') names.add(resolveName('', URI));
    },
  });
  return names;
}
