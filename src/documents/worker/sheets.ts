import { tooLarge } from '../document-error.ts';
import { DOCUMENT_LIMITS, type DocumentPage, type DocumentText } from '../document-text.ts';
import { Archive } from './archive.ts';
import { readRelations, readTitle, readXml } from './xml.ts';

const WORKBOOK = 'xl/workbook.xml';

/** Formats of dates and times that every program knows by number. ECMA-376, 18.8.30 */
const DATE_FORMATS = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);

/** ms from the days that serial numbers count from to 1970: 1899-12-30, or 1904-01-01. */
const EPOCH_MS = { 1900: -2_209_161_600_000, 1904: -2_082_844_800_000 } as const;
const DAY_MS = 86_400_000;

interface Workbook {
  readonly sheets: readonly { readonly name: string; readonly file: string }[];
  readonly epochMs: number;
}

/** The sheets of an XLSX: a line for each row that has something, with tabs between its cells. Formulas as their last results. */
export async function readSheets(file: Blob, report: (fraction: number) => void): Promise<DocumentText> {
  const archive = await Archive.open(file);
  const relations = await readRelations(archive, WORKBOOK);
  const { sheets, epochMs } = await readWorkbook(archive, relations);
  if (sheets.length > DOCUMENT_LIMITS.pages) throw tooLarge('pages');
  const strings = await readStrings(archive, relations.get('sharedStrings') ?? '');
  const isDate = await readDateStyles(archive, relations.get('styles') ?? '');
  const pages: DocumentPage[] = [];
  let characters = 0;
  for (const [index, { name, file: sheet }] of sheets.entries()) {
    report(index / sheets.length);
    const lines: string[] = [];
    await readRows(archive, sheet, {
      textOfCell: (text, type, style) => {
        if (type === 's') return strings[Number(text)] ?? '';
        if (type === 'b') return text === '1' ? 'TRUE' : 'FALSE';
        if (type === 'n' && isDate[style] === true) return dateText(Number(text), epochMs);
        return text;
      },
      onRow: (cells) => {
        const line = cells.join('\t');
        characters += line.length;
        if (characters > DOCUMENT_LIMITS.characters) throw tooLarge('characters');
        lines.push(line);
      },
    });
    pages.push({ label: name, text: lines.join('\n') });
  }
  const title = await readTitle(archive);
  return { kind: 'xlsx', pages, ...(title !== undefined && { title }) };
}

async function readWorkbook(archive: Archive, relations: ReadonlyMap<string, string>): Promise<Workbook> {
  const sheets: { name: string; file: string }[] = [];
  let epochMs: number = EPOCH_MS[1900];
  await readXml(archive, WORKBOOK, {
    open(tag, { name = '', 'r:id': id = '', date1904 = '' }) {
      if (tag === 'sheet') sheets.push({ name, file: relations.get(id) ?? '' });
      if (tag === 'workbookPr' && /^(?:1|true)$/.test(date1904)) epochMs = EPOCH_MS[1904];
    },
  });
  return { sheets, epochMs };
}

/** Texts that cells share, without the readings that stand above Japanese ones. */
async function readStrings(archive: Archive, name: string): Promise<readonly string[]> {
  const strings: string[] = [];
  let text = '';
  let isText = false;
  let isReading = false;
  await readXml(archive, name, {
    open(tag) {
      if (tag === 'si') text = '';
      if (tag === 'rPh') isReading = true;
      isText = tag === 't' && !isReading;
    },
    text(piece) {
      if (isText) text += piece;
    },
    close(tag) {
      isText = false;
      if (tag === 'rPh') isReading = false;
      if (tag === 'si') strings.push(text);
    },
  });
  return strings;
}

/** For each style of cells, whether it shows a number as a date or time. */
async function readDateStyles(archive: Archive, name: string): Promise<readonly boolean[]> {
  const dates = new Set(DATE_FORMATS);
  const styles: boolean[] = [];
  let isInCells = false;
  await readXml(archive, name, {
    open(tag, { numFmtId = '', formatCode = '' }) {
      // Letters in quotes and brackets are text, colours and conditions.
      const code = formatCode.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
      if (tag === 'numFmt' && /[dmyhs]/i.test(code)) dates.add(Number(numFmtId));
      if (tag === 'cellXfs') isInCells = true;
      if (tag === 'xf' && isInCells) styles.push(dates.has(Number(numFmtId)));
    },
    close(tag) {
      if (tag === 'cellXfs') isInCells = false;
    },
  });
  return styles;
}

interface RowReader {
  textOfCell(text: string, type: string, style: number): string;
  onRow(cells: readonly string[]): void;
}

async function readRows(archive: Archive, name: string, { textOfCell, onRow }: RowReader): Promise<void> {
  let cells: string[] = [];
  let column = 0;
  let type = 'n';
  let style = 0;
  let value = '';
  let isValue = false;
  await readXml(archive, name, {
    open(tag, { r = '', t = 'n', s = '0' }) {
      if (tag === 'row') cells = [];
      if (tag === 'c') {
        column = columnOf(r) ?? cells.length;
        type = t;
        style = Number(s);
        value = '';
      }
      isValue = tag === 'v' || tag === 't';
    },
    text(text) {
      if (isValue) value += text;
    },
    close(tag) {
      isValue = false;
      if (tag === 'c' && value !== '') {
        while (cells.length < column) cells.push('');
        cells[column] = textOfCell(value, type, style).replace(/[\t\r\n]+/g, ' ');
      }
      if (tag === 'row' && cells.length > 0) onRow(cells);
    },
  });
}

/** The place of `AB12` in its row, from 0. */
function columnOf(reference: string): number | undefined {
  const [letters] = /^[A-Z]{1,3}/.exec(reference) ?? [];
  if (letters === undefined) return undefined;
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** A date, a time, or both. */
function dateText(serial: number, epochMs: number): string {
  const date = new Date(epochMs + Math.round(serial * DAY_MS));
  if (Number.isNaN(date.getTime())) return String(serial);
  const [day = '', time = ''] = date.toISOString().slice(0, 19).split('T');
  if (serial < 1) return time;
  return Number.isInteger(serial) ? day : `${day} ${time}`;
}
