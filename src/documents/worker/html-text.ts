import { Parser } from 'htmlparser2';

/** What is not text, though it has some. */
const SKIPPED = new Set([
  'title',
  'script',
  'style',
  'template',
  'noscript',
  'svg',
  'math',
  'iframe',
  'object',
  'head',
]);

/** Elements that begin and end a line. */
const BLOCKS =
  /^(?:address|article|aside|blockquote|body|caption|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|summary|table|td|th|tr|ul)$/;

/** Blocks with an empty line before them. */
const PARAGRAPHS = /^(?:blockquote|dl|figure|h[1-6]|hr|ol|p|pre|section|table|ul)$/;

export interface HtmlText {
  readonly title?: string;
  /** Headings, lists, tables and code as Markdown; emphasis and links are text alone. */
  readonly text: string;
}

/** Nothing that the document names is fetched, and nothing in it runs: it is only read through. */
export function htmlText(html: string): HtmlText {
  const reader = new HtmlReader();
  const parser = new Parser({
    onopentag: (name, attributes) => reader.open(name, attributes),
    ontext: (text) => reader.text(text),
    onclosetag: (name) => reader.close(name),
  });
  parser.end(html);
  return reader.result();
}

class HtmlReader {
  readonly #lines: string[] = [];
  #line = '';
  /** What begins the next line that has text. */
  #prefix = '';
  #title = '';
  #isInTitle = false;
  #skippedDepth = 0;
  #preDepth = 0;
  /** The next number of each list around; 0 in one with bullets. */
  readonly #lists: number[] = [];
  #cells: string[] | undefined;
  #isFirstRow = false;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'title' && this.#title === '') this.#isInTitle = true;
    if (SKIPPED.has(name)) this.#skippedDepth += 1;
    if (this.#skippedDepth > 0) return;
    if (name === 'br') this.#endLine();
    else if (BLOCKS.test(name)) this.#openBlock(name, attributes);
  }

  #openBlock(name: string, attributes: Readonly<Record<string, string>>): void {
    // A table in a cell of another one, which then only arranges things.
    if (name === 'table') this.#endRow();
    if (this.#cells !== undefined) this.#line += this.#line === '' ? '' : ' ';
    else this.#endLine();
    if (PARAGRAPHS.test(name) && this.#cells === undefined && this.#lists.length === 0) this.#paragraph();
    if (name === 'ul') this.#lists.push(0);
    if (name === 'ol') this.#lists.push(Number.parseInt(attributes['start'] ?? '1', 10) || 1);
    if (name === 'li') this.#prefix = this.#item();
    if (name === 'table') this.#isFirstRow = true;
    if (name === 'tr') this.#cells = [];
    if (/^h[1-6]$/.test(name) && this.#cells === undefined) this.#prefix = `${'#'.repeat(Number(name[1]))} `;
    if (name === 'pre') {
      this.#preDepth += 1;
      if (this.#preDepth === 1) this.#lines.push('```');
    }
  }

  text(text: string): void {
    if (this.#isInTitle) this.#title += text;
    if (this.#skippedDepth > 0) return;
    if (this.#preDepth > 0 && this.#cells === undefined) {
      const [first = '', ...rest] = text.split('\n');
      this.#line += first;
      for (const line of rest) {
        this.#endLine();
        this.#line = line;
      }
      return;
    }
    const spaced = text.replace(/[\s\u200b\ufeff]+/g, ' ');
    this.#line += this.#line === '' || this.#line.endsWith(' ') ? spaced.trimStart() : spaced;
  }

  close(name: string): void {
    if (name === 'title') this.#isInTitle = false;
    if (SKIPPED.has(name)) {
      this.#skippedDepth = Math.max(0, this.#skippedDepth - 1);
      return;
    }
    if (this.#skippedDepth > 0) return;
    if (name === 'tr') this.#endRow();
    else if (this.#cells === undefined) this.#closeBlock(name);
    else if (name === 'td' || name === 'th') {
      this.#cells.push(this.#line.trim().replaceAll('|', '\\|'));
      this.#line = '';
    }
  }

  #closeBlock(name: string): void {
    if (!BLOCKS.test(name)) return;
    this.#endLine();
    if (name === 'ul' || name === 'ol') this.#lists.pop();
    if (name === 'pre' && this.#preDepth > 0) {
      this.#preDepth -= 1;
      if (this.#preDepth === 0) this.#lines.push('```');
    }
    if (name === 'li') this.#prefix = '';
    if (/^h[1-6]$/.test(name)) this.#prefix = '';
    if (PARAGRAPHS.test(name) && this.#lists.length === 0) this.#paragraph();
  }

  result(): HtmlText {
    this.#endLine();
    const text = this.#lines
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
    const title = this.#title.replace(/\s+/g, ' ').trim();
    return { text, ...(title !== '' && { title }) };
  }

  #item(): string {
    const indent = '  '.repeat(Math.max(0, this.#lists.length - 1));
    const number = this.#lists.at(-1) ?? 0;
    if (number > 0) this.#lists[this.#lists.length - 1] = number + 1;
    return number > 0 ? `${indent}${number}. ` : `${indent}- `;
  }

  #paragraph(): void {
    if (this.#preDepth === 0 && this.#lines.length > 0 && this.#lines.at(-1) !== '') this.#lines.push('');
  }

  #endLine(): void {
    const line = this.#preDepth > 0 ? this.#line : this.#line.trimEnd();
    if (line !== '' || this.#preDepth > 0) {
      this.#lines.push(this.#prefix + line);
      this.#prefix = '';
    }
    this.#line = '';
  }

  #endRow(): void {
    const cells = this.#cells ?? [];
    this.#cells = undefined;
    if (cells.length === 0) return;
    this.#line = '';
    this.#lines.push(`| ${cells.join(' | ')} |`);
    if (this.#isFirstRow) this.#lines.push(`|${' --- |'.repeat(cells.length)}`);
    this.#isFirstRow = false;
  }
}
