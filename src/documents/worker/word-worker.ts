import mammoth from 'mammoth';
import { serveCalls } from '../../platform/worker-rpc.ts';
import { withDocumentErrors } from '../document-error.ts';
import type { WordMethods } from '../reader-methods.ts';
import { Archive } from './archive.ts';

serveCalls<WordMethods>({ read: (file) => withDocumentErrors('docx', () => readWord(file)) });

/** Without pictures; linked files are not opened, which is mammoth's default. */
async function readWord(file: Blob): Promise<Blob> {
  const title = await checkedTitle(file);
  const { value } = await mammoth.convertToHtml(
    { arrayBuffer: await file.arrayBuffer() },
    { externalFileAccess: false, convertImage: mammoth.images.imgElement(async () => ({ src: '' })) },
  );
  return new Blob(['<title>', title, '</title>', value]);
}

/** The title, as XML. Unpacks what mammoth will unpack as a whole, piece by piece, and fails at the limit. */
async function checkedTitle(file: Blob): Promise<string> {
  const archive = await Archive.open(file);
  for (const name of archive.names) if (/\.(?:xml|rels)$/.test(name)) await archive.read(name, () => {});
  const [, title = ''] = /<dc:title[^>]*>([^<]*)</.exec(await archive.text('docProps/core.xml')) ?? [];
  return title;
}
