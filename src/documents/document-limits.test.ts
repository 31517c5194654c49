import { expect, test } from 'vitest';
import { zipOf } from '../platform/testing/make-zip.ts';
import { DOCUMENT_LIMITS } from './document-text.ts';
import { readDocument } from './read-document.ts';
import { pdfOf } from './testing/make-pdf.ts';

function read(contents: BlobPart, name: string): Promise<unknown> {
  return readDocument(contents instanceof File ? contents : new File([contents], name), name);
}

const OLE_START = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/** The start of a compound file whose directory has one stream of this name. */
function compoundFile(stream: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(1024);
  bytes.set(OLE_START);
  new DataView(bytes.buffer).setUint16(30, 9, true);
  for (const [index, character] of [...stream].entries()) bytes[512 + index * 2] = character.charCodeAt(0);
  return bytes;
}

test('a file without a word in it is empty', async () => {
  await expect(read('', 'a.txt')).rejects.toMatchObject({ code: 'document-empty' });
  await expect(read(' \n', 'a.txt')).rejects.toMatchObject({ code: 'document-empty' });
  await expect(read(await zipOf({}), 'a.zip')).rejects.toMatchObject({ code: 'document-empty' });
});

test('a kind that cannot be read is found out by its content, whatever its name', async () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  await expect(read(png, 'a.txt')).rejects.toMatchObject({ code: 'document-unsupported', data: { kind: undefined } });
  await expect(read('{\\rtf1 x}', 'a.docx')).rejects.toMatchObject({ data: { kind: 'rtf' } });
  await expect(read(compoundFile('WordDocument'), 'a.docx')).rejects.toMatchObject({
    code: 'document-unsupported',
    data: { kind: 'doc' },
  });
});

test('a password is asked for by PDF, Office and ZIP files, and each says so', async () => {
  const owner = '0'.repeat(64);
  const pdf = pdfOf([['x']], {
    objects: { 900: `<< /Filter /Standard /V 1 /R 2 /P -4 /O <${owner}> /U <${owner}> >>` },
    trailer: '/Encrypt 900 0 R /ID [<00> <00>]',
  });
  await expect(read(pdf, 'a.pdf')).rejects.toMatchObject({ code: 'document-locked', data: { kind: 'pdf' } });
  await expect(read(compoundFile('EncryptedPackage'), 'a.docx')).rejects.toMatchObject({ code: 'document-locked' });
  const zip = new Uint8Array(await (await zipOf({ 'a.txt': 'x' })).arrayBuffer());
  zip[6] = 1;
  await expect(read(zip, 'a.zip')).rejects.toMatchObject({ code: 'document-locked', data: { kind: 'zip' } });
});

test('a file that is cut short or full of noise is damaged', async () => {
  await expect(read('%PDF-1.7\nnoise', 'a.pdf')).rejects.toMatchObject({
    code: 'document-broken',
    data: { kind: 'pdf' },
  });
  const docx = await zipOf({ 'word/document.xml': 'x'.repeat(10_000) });
  await expect(read(docx.slice(0, 60), 'a.docx')).rejects.toMatchObject({ code: 'document-broken' });
  await expect(readDocument(docx, 'a.docx')).rejects.toMatchObject({ code: 'document-broken', data: { kind: 'docx' } });
});

test('a scan, a PDF without text, is named as one', async () => {
  await expect(readDocument(pdfOf([[], []]), 'scan.pdf')).rejects.toMatchObject({
    code: 'document-without-text',
    data: { pages: 2 },
  });
});

test('pages that refer to themselves, and forms that draw themselves, end', async () => {
  const form =
    '<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 900 0 R >> >> /Length 5 >>';
  const drawn = pdfOf([['High tide']], {
    resources: '/XObject << /F 900 0 R >>',
    operators: '/F Do',
    objects: { 900: `${form}\nstream\n/F Do\nendstream` },
  });
  expect(await readDocument(drawn, 'a.pdf')).toMatchObject({ pages: [{ text: 'High tide' }] });
  const nested = pdfOf([['x']], { objects: { 2: '<< /Type /Pages /Kids [2 0 R] /Count 5 >>' } });
  await expect(readDocument(nested, 'a.pdf')).rejects.toMatchObject({ code: 'document-broken' });
});

test('scripts in a PDF are not run and not read', async () => {
  const file = pdfOf([['High tide']], {
    catalog: '/OpenAction << /S /JavaScript /JS (app.alert("x"); while (true) {}) >>',
  });
  expect(await readDocument(file, 'a.pdf')).toMatchObject({ pages: [{ label: '1', text: 'High tide' }] });
});

test('a PDF of more pages than are read is refused before they are', async () => {
  const file = pdfOf(Array.from({ length: DOCUMENT_LIMITS.pages + 1 }, () => ['x']));
  await expect(readDocument(file, 'a.pdf')).rejects.toMatchObject({
    code: 'document-too-large',
    data: { limit: DOCUMENT_LIMITS.pages, unit: 'pages' },
  });
});

test('an archive that grows a thousandfold is refused, as one and as an Office document', async () => {
  const zeros = new Blob(Array.from({ length: 90 }, () => new Uint8Array(1024 * 1024).fill(32)));
  // Six of 90 MB: each is below the limit, all are above it.
  const files = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`word/${index}.xml`, zeros]));
  const refused = { code: 'document-too-large', data: { unit: 'bytes' } };
  await expect(readDocument(await zipOf({ 'word/document.xml': 'x', ...files }), 'a.docx')).rejects.toMatchObject(
    refused,
  );
  await expect(readDocument(await zipOf({ ...files }), 'a.zip')).rejects.toMatchObject(refused);
});

test('more files in an archive than are read are refused', async () => {
  const names = Array.from({ length: DOCUMENT_LIMITS.files + 1 }, (_, index) => [`${index}.txt`, 'x'] as const);
  await expect(readDocument(await zipOf(Object.fromEntries(names)), 'a.zip')).rejects.toMatchObject({
    code: 'document-too-large',
    data: { unit: 'files' },
  });
});

test('a file that changes while it is read says so', async () => {
  const root = await navigator.storage.getDirectory();
  const handle = await root.getFileHandle('changing.txt', { create: true });
  const write = async (text: string): Promise<void> => {
    const stream = await handle.createWritable();
    await stream.write(text);
    await stream.close();
  };
  await write('before');
  const file = await handle.getFile();
  await write('after, and longer');
  await expect(readDocument(file, 'changing.txt')).rejects.toMatchObject({ code: 'document-changed' });
  await root.removeEntry('changing.txt');
});

test('a stop ends the work, and the file after it is read', async () => {
  const controller = new AbortController();
  const pages = Array.from({ length: 1_500 }, (_, page) => Array.from({ length: 40 }, () => `Line of page ${page}`));
  let progress = 0;
  const reading = readDocument(pdfOf(pages), 'a.pdf', {
    signal: controller.signal,
    onProgress: (fraction) => {
      progress = fraction;
      controller.abort();
    },
  });
  const next = readDocument(pdfOf([['Next']]), 'b.pdf');
  await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  expect(await next).toMatchObject({ pages: [{ text: 'Next' }] });
  expect(progress).toBeLessThan(0.5);
});
