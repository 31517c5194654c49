/** A list item or a quote: its lines begin with a marker or an indent, and have Markdown of their own behind it. */
export interface Container {
  readonly kind: 'item' | 'quote';
  /** Characters of the first line before its content. */
  readonly markerLength: number;
}

/** Deeper than outlines go. Each level scans the text again while it streams; what is deeper is split like plain text. */
export const MOST_CONTAINERS = 8;

const ITEM = /^ ?(?:[-*+]|\d{1,9}[.)])(?: {1,4}(?! )|[ \t]|$)/;
/** What a line of a quote begins with. */
export const QUOTE = /^ {0,3}> ?/;

/** The container that a line opens, if it opens one. */
export function containerOf(line: string): Container | undefined {
  const item = ITEM.exec(line);
  if (item !== null) return { kind: 'item', markerLength: item[0].length };
  const quote = QUOTE.exec(line);
  return quote === null ? undefined : { kind: 'quote', markerLength: quote[0].length };
}

/** A line without what a container adds to it. A line that lacks that continues a paragraph, and is left as it is. */
export function contentOf(line: string, { kind, markerLength }: Container): string {
  if (kind === 'quote') return line.slice(QUOTE.exec(line)?.[0].length ?? 0);
  let at = 0;
  for (let column = 0; column < markerLength; at += 1) {
    if (line.charAt(at) === ' ') column += 1;
    else if (line.charAt(at) === '\t') column += 4;
    else break;
  }
  return line.slice(at);
}
