import { tooLarge } from '../document-error.ts';
import { DOCUMENT_LIMITS, type DocumentPage, type DocumentText } from '../document-text.ts';
import { Archive } from './archive.ts';
import { readRelations, readTitle, readXml } from './xml.ts';

const PRESENTATION = 'ppt/presentation.xml';

/** The slides of a PPTX, in their order, with the speaker's notes. */
export async function readSlides(file: Blob, report: (fraction: number) => void): Promise<DocumentText> {
  const archive = await Archive.open(file);
  const relations = await readRelations(archive, PRESENTATION);
  const names: string[] = [];
  await readXml(archive, PRESENTATION, {
    open(tag, { 'r:id': id = '' }) {
      if (tag === 'sldId') names.push(relations.get(id) ?? '');
    },
  });
  if (names.length > DOCUMENT_LIMITS.pages) throw tooLarge('pages');
  const pages: DocumentPage[] = [];
  for (const [index, name] of names.entries()) {
    report(index / names.length);
    const text = await readText(archive, name);
    const notes = await readText(archive, (await readRelations(archive, name)).get('notesSlide') ?? '');
    pages.push({ label: String(index + 1), text: notes === '' ? text : `${text}\n\nNotes: ${notes}`.trim() });
  }
  const title = await readTitle(archive);
  return { kind: 'pptx', pages, ...(title !== undefined && { title }) };
}

/** A line for each paragraph and for each row of a table. */
async function readText(archive: Archive, name: string): Promise<string> {
  const lines: string[] = [];
  let line = '';
  let isText = false;
  let isInField = false;
  let cells: string[] | undefined;
  await readXml(archive, name, {
    open(tag) {
      if (tag === 'tr') cells = [];
      // A field is the number of the slide, or the date.
      if (tag === 'fld') isInField = true;
      if (tag === 'br') line += ' ';
      isText = tag === 't' && !isInField;
    },
    text(text) {
      if (isText) line += text;
    },
    close(tag) {
      isText = false;
      if (tag === 'fld') isInField = false;
      if (tag === 'p') {
        if (cells !== undefined) line += ' ';
        else if (line.trim() !== '') lines.push(line.trim());
        if (cells === undefined) line = '';
      }
      if (tag === 'tc') {
        cells?.push(line.trim());
        line = '';
      }
      if (tag === 'tr') {
        lines.push(cells?.join('\t') ?? '');
        cells = undefined;
      }
    },
  });
  return lines.join('\n');
}
