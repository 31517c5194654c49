import externalPicture from 'mammoth/test/test-data/external-picture.docx?url';
import tables from 'mammoth/test/test-data/tables.docx?url';
import { expect, test } from 'vitest';
import { zipOf } from '../platform/testing/make-zip.ts';
import type { DocumentText } from './document-text.ts';
import { readDocument } from './read-document.ts';
import { pdfOf } from './testing/make-pdf.ts';

function read(contents: BlobPart | Blob, name: string): Promise<DocumentText> {
  return readDocument(contents instanceof Blob ? contents : new Blob([contents]), name);
}

async function textsOf(document: Promise<DocumentText>): Promise<readonly (readonly [string, string])[]> {
  return (await document).pages.map(({ label, text }) => [label, text]);
}

async function fetched(url: string): Promise<Blob> {
  return (await fetch(url)).blob();
}

test('a text comes out in its own encoding: by its mark, as UTF-8, or as windows-1252', async () => {
  const utf16 = new Uint8Array([0xff, 0xfe, 0x42, 0x01, 0xf3, 0, 0x64, 0, 0x7a, 0]);
  expect(await read(utf16, 'a.txt')).toEqual({ kind: 'text', pages: [{ label: '', text: 'łódz' }] });
  expect((await read('\ufeffnaïve\r\nlines', 'a.txt')).pages[0]?.text).toBe('naïve\nlines');
  expect((await read(new Uint8Array([0x63, 0x61, 0x66, 0xe9]), 'a.txt')).pages[0]?.text).toBe('café');
});

test('Markdown is cut at its headings, and not at a comment in code', async () => {
  const text = 'Before.\n\n# Boats\n\n```sh\n# no heading\n```\n\n## Sails\nRed.';
  expect(await textsOf(read(text, 'readme.md'))).toEqual([
    ['', 'Before.'],
    ['Boats', '# Boats\n\n```sh\n# no heading\n```'],
    ['Sails', '## Sails\nRed.'],
  ]);
});

test.each([
  ['main.rs', 'fn main() {}', 'code'],
  ['rows.csv', 'a,b\n1,2', 'csv'],
  ['data.json', '{"a": 1}', 'json'],
  ['notes', 'plain', 'text'],
  ['page.txt', '<!doctype html><p>x', 'html'],
] as const)('%s is read as what it is', async (name, text, kind) => {
  expect(await read(text, name)).toMatchObject({ kind });
});

test('HTML keeps headings, lists, tables and code, and nothing that is not shown', async () => {
  const html = `<!doctype html><html><head><title>Tides &amp; boats</title><style>p {}</style></head><body>
    <script>alert(1)</script><h1>Tides</h1><p>Twice a <b>day</b>,<br>the sea <a href="https://a.example/">rises</a>.
    <ul><li>high<li>low<ol start=3><li>ebb</ol></ul>
    <table><tr><th>Port<th>m</tr><tr><td>A|B</td><td>4</td></tr></table>
    <pre>let x;
  y();</pre><h2>Boats</h2>They float.</body></html>`;
  const document = await read(html, 'tides.html');
  expect(document.title).toBe('Tides & boats');
  expect(document.pages.map(({ label }) => label)).toEqual(['Tides', 'Boats']);
  expect(document.pages[0]?.text).toBe(
    [
      '# Tides\n\nTwice a day,\nthe sea rises.\n',
      '- high\n- low\n  3. ebb\n',
      '| Port | m |\n| --- | --- |\n| A\\|B | 4 |\n',
      '```\nlet x;\n  y();\n```',
    ].join('\n'),
  );
});

test('a PDF has its pages with their labels, its paragraphs, and words that were cut at the end of a line', async () => {
  const document = await readDocument(
    pdfOf(
      [['The tide is high in the har-', 'bour twice a day.', '', 'Well-', 'Known ports have tables.'], [], ['End']],
      {
        title: 'Tides',
        catalog: '/PageLabels << /Nums [0 << /S /r >> 2 << /S /D >>] >>',
      },
    ),
    'tides.pdf',
  );
  expect(document).toEqual({
    kind: 'pdf',
    title: 'Tides',
    pages: [
      { label: 'i', text: 'The tide is high in the harbour\ntwice a day.\n\nWell-\nKnown ports have tables.' },
      { label: 'ii', text: '' },
      { label: '1', text: 'End' },
    ],
  });
});

test('a DOCX has its headings and tables', async () => {
  expect((await read(await fetched(tables), 'a.docx')).pages[0]?.text).toBe(
    'Above\n\n| Top left | Top right |\n| --- | --- |\n| Bottom left | Bottom right |\n\nBelow',
  );
});

test('an EPUB has its chapters in the order of its spine', async () => {
  const file = await zipOf({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
    'OEBPS/book.opf': `<package><metadata xmlns:dc="x"><dc:title>Moby &amp; Dick</dc:title></metadata><manifest>
      <item id="b" href="text/two%20b.xhtml"/><item id="a" href="text/one.xhtml"/></manifest>
      <spine><itemref idref="a"/><itemref idref="b"/></spine></package>`,
    'OEBPS/text/one.xhtml': '<html><body><h1>Loomings</h1><p>Call me Ishmael.</p></body></html>',
    'OEBPS/text/two b.xhtml': '<html><head><title>Two</title></head><body><p>The carpet-bag.</p></body></html>',
  });
  expect(await readDocument(file, 'moby.epub')).toEqual({
    kind: 'epub',
    title: 'Moby & Dick',
    pages: [
      { label: 'Loomings', text: '# Loomings\n\nCall me Ishmael.' },
      { label: 'Two', text: 'The carpet-bag.' },
    ],
  });
});

const RELATION = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

test('an XLSX has its sheets as rows, with shared texts, dates and gaps', async () => {
  const file = await zipOf({
    'xl/workbook.xml': `<workbook><sheets><sheet name="Tides" r:id="r2"/><sheet name="Empty" r:id="r3"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="r1" Type="${RELATION}/sharedStrings" Target="sharedStrings.xml"/>
      <Relationship Id="r2" Type="${RELATION}/worksheet" Target="/xl/worksheets/sheet1.xml"/>
      <Relationship Id="r3" Type="${RELATION}/worksheet" Target="worksheets/sheet2.xml"/>
      <Relationship Id="r4" Type="${RELATION}/styles" Target="styles.xml"/></Relationships>`,
    'xl/sharedStrings.xml':
      '<sst><si><t>Port</t></si><si><r><t>東</t></r><r><t>京</t></r><rPh><t>トウキョウ</t></rPh></si></sst>',
    'xl/styles.xml': `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="0 &quot;days&quot;"/></numFmts>
      <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>
      <row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Day</t></is></c></row>
      <row><c r="A2" t="s"><v>1</v></c><c r="B2"><f>1+1</f><v>2</v></c><c r="C2" s="1"><v>45292</v></c><c r="D2" s="2"><v>3</v></c></row>
      <row></row></sheetData></worksheet>`,
    'xl/worksheets/sheet2.xml': '<worksheet><sheetData/></worksheet>',
  });
  expect(await textsOf(readDocument(file, 'tides.xlsx'))).toEqual([
    ['Tides', 'Port\t\tDay\n東京\t2\t2024-01-01\t3'],
    ['Empty', ''],
  ]);
});

test('a PPTX has its slides in their order, with tables and notes', async () => {
  const file = await zipOf({
    'ppt/presentation.xml':
      '<p:presentation><p:sldIdLst><p:sldId r:id="r2"/><p:sldId r:id="r1"/></p:sldIdLst></p:presentation>',
    'ppt/_rels/presentation.xml.rels': `<Relationships><Relationship Id="r1" Type="${RELATION}/slide" Target="slides/slide1.xml"/>
      <Relationship Id="r2" Type="${RELATION}/slide" Target="slides/slide2.xml"/></Relationships>`,
    'ppt/slides/slide2.xml': '<p:sld><a:p><a:r><a:t>First </a:t></a:r><a:r><a:t>slide</a:t></a:r></a:p></p:sld>',
    'ppt/slides/slide1.xml': `<p:sld><a:tbl><a:tr><a:tc><a:p><a:r><a:t>a</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>b</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:sld>`,
    'ppt/slides/_rels/slide1.xml.rels': `<Relationships><Relationship Id="n" Type="${RELATION}/notesSlide" Target="../notesSlides/n1.xml"/></Relationships>`,
    'ppt/notesSlides/n1.xml':
      '<p:notes><a:p><a:r><a:t>Say hello</a:t></a:r><a:fld><a:t>2</a:t></a:fld></a:p></p:notes>',
  });
  expect(await textsOf(readDocument(file, 'talk.pptx'))).toEqual([
    ['1', 'First slide'],
    ['2', 'a\tb\n\nNotes: Say hello'],
  ]);
});

test('an archive is read file by file, an archive in it too, but none within that; the rest is named', async () => {
  const third = await zipOf({ 'deep.txt': 'deep' });
  const inner = await zipOf({ 'a.md': '# A', 'third.zip': third });
  const file = await zipOf({
    'folder/': '',
    'tide.pdf': pdfOf([['High']]),
    'inner.zip': inner,
    'x.bin': new Uint8Array(9),
  });
  expect(await readDocument(file, 'all.zip')).toEqual({
    kind: 'zip',
    pages: [
      { label: 'tide.pdf, 1', text: 'High' },
      { label: 'inner.zip, a.md, A', text: '# A' },
    ],
    skipped: ['inner.zip/third.zip', 'x.bin'],
  });
});

test('nothing is fetched, whatever a document names', async () => {
  const url = 'https://tracker.example/pixel.png';
  // Workers have their own list of what they have loaded; a request would end in this observer's, or in a refusal here.
  const asked: string[] = [];
  const observer = new PerformanceObserver((list) => asked.push(...list.getEntries().map(({ name }) => name)));
  observer.observe({ type: 'resource' });
  await read(
    `<!doctype html><link rel=stylesheet href="${url}"><p>x<img src="${url}"><iframe src="${url}"></iframe>`,
    'a.html',
  );
  await expect(read(await fetched(externalPicture), 'a.docx')).rejects.toMatchObject({ code: 'document-without-text' });
  const xlsx = readDocument(
    await zipOf({
      'xl/workbook.xml': `<!DOCTYPE x [<!ENTITY e SYSTEM "${url}">]><workbook><sheets><sheet name="&e;" r:id="r"/></sheets></workbook>`,
      'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="r" Type="x/worksheet" TargetMode="External" Target="${url}"/></Relationships>`,
    }),
    'a.xlsx',
  );
  await expect(xlsx).rejects.toMatchObject({ code: 'document-without-text' });
  observer.disconnect();
  expect(asked.filter((name) => name.includes('tracker'))).toEqual([]);
});
