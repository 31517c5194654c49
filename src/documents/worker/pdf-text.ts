/** A piece of a page's text, as pdf.js reports it: a run of one font, most often a line or a part of one. */
export interface PdfItem {
  readonly str: string;
  /** Of the text's coordinates: the last two are the place of its first baseline, from the bottom left. */
  readonly transform: readonly unknown[];
  readonly height: number;
  readonly hasEOL: boolean;
}

interface Line {
  text: string;
  readonly y: number;
  height: number;
}

/** A gap between two baselines, in heights of a line, from which on a new paragraph begins. Books set lines 1.2 to 1.5 apart. */
const PARAGRAPH_GAP = 1.7;

/** Dots that lead the eye in a table of contents. */
const LEADERS = /(?: ?\.){5,} ?/g;

/**
 * The text of a page, line by line in the order in which it stands in the file, which is that of reading where it was made from
 * text. Words that are hyphenated at the end of a line are whole again; an empty line stands between paragraphs.
 */
export function pageText(items: readonly PdfItem[]): string {
  let text = '';
  let last: Line | undefined;
  for (const line of linesOf(items)) {
    if (last === undefined) text = line.text;
    else if (isNewParagraph(last, line)) text += `\n\n${line.text}`;
    else text = joinLines(text, line.text);
    last = line;
  }
  return text;
}

function linesOf(items: readonly PdfItem[]): readonly Line[] {
  const lines: Line[] = [];
  let line: Line | undefined;
  for (const { str, transform, height, hasEOL } of items) {
    line ??= { text: '', y: Number(transform[5]), height };
    line.text += str;
    line.height = Math.max(line.height, height);
    if (!hasEOL) continue;
    lines.push(line);
    line = undefined;
  }
  if (line !== undefined) lines.push(line);
  return lines
    .map((one) => ({
      ...one,
      text: one.text
        .replace(/[\s\0]+/g, ' ')
        .replace(LEADERS, ' … ')
        .trim(),
    }))
    .filter(({ text }) => text !== '');
}

function isNewParagraph(last: Line, line: Line): boolean {
  const drop = last.y - line.y;
  const height = Math.max(last.height, line.height, 1);
  // Upwards: the next column.
  return drop > height * PARAGRAPH_GAP || drop < -height;
}

/** A hyphen between a letter and a small letter parts one word. The rest of the word goes up to its beginning. */
function joinLines(text: string, line: string): string {
  if (!/\p{L}[-\u00ad\u2010]$/u.test(text)) return `${text}\n${line}`;
  const [rest, after = ''] = /^(\p{Ll}\S*) ?(.*)$/su.exec(line)?.slice(1) ?? [];
  if (rest === undefined) return `${text}\n${line}`;
  return `${text.slice(0, -1)}${rest}${after === '' ? '' : `\n${after}`}`;
}
