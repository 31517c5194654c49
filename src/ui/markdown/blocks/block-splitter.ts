import { openedFormula } from '../formula-tokens.ts';
import { type Block, type FenceBlock, type TextBlock, within } from './blocks.ts';
import { type Container, containerOf, contentOf, MOST_CONTAINERS, QUOTE } from './containers.ts';
import { Details, detailsIn } from './details.ts';
import { closes, FENCE_LINE_LIMIT, type Fence, fenceOf, unindent } from './fences.ts';

/**
 * Splits Markdown into top-level blocks while it streams, so that a finished block is never lexed again. A split depends
 * only on the text before it and the start of the line after it, never on later text: a streamed text is split exactly
 * like the whole text.
 *
 * It knows just enough Markdown to find safe splits: blank lines, fences, list items and table headers. The lexer parses
 * the blocks; only a top-level code fence, which may be long, is parsed here completely.
 *
 * A list item or a quote is one block while it is short. A long one is split as well: what is in it becomes a text of its
 * own, with a splitter of its own, and its further blocks say which containers they are in.
 */
/** After this many characters a block is split at the next line break or space, so that it stays cheap to lex. */
const SOFT_LIMIT = 4_096;
/** After this many characters a block without a break is split. */
const HARD_LIMIT = 5_120;

/** Characters of a line that determine what it starts. */
const TELLING = 64;

const LIST_ITEM = /^ {0,1}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
/** CommonMark: only a bullet or "1." can interrupt a paragraph; a year at the start of a line must not. */
const INTERRUPTING_ITEM = /^ ?(?:[-*+]|1[.)])[ \t]+\S/;
const LIST_ITEM_BEGUN = /^ {0,1}(?:[-*+]?|\d{1,9}[.)]?)$/;
const ENDS_A_LIST = /^(?:#{1,6}(?:\s|$)|>|\||(?:-{3,}|_{3,}|\*{3,})\s*$)/;
/** A heading or a rule; a line without `>` else continues the quote's paragraph. */
const ENDS_A_QUOTE = /^ {0,3}(?:#{1,6}(?:\s|$)|(?:-{3,}|_{3,}|\*{3,})\s*$)/;
const TABLE_DELIMITER = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** A long list item or quote, whose content is split by itself. */
interface OpenContainer extends Container {
  readonly splitter: BlockSplitter;
  /** What its lines say so far, without markers. */
  content: string;
}

export class BlockSplitter {
  readonly #depth: number;
  #details: Details | undefined;
  #endsInDetails = false;
  #text = '';
  #blockStart = 0;
  /** Start of the first unprocessed line. */
  #lineStart = 0;
  /** No line break between `#lineStart` and here. */
  #searchedTo = 0;
  #fence: Fence | undefined;
  #code = '';
  /** What closes the display formula that is open; no block starts inside one. */
  #formulaEnd: '$$' | '\\]' | undefined;
  #inList = false;
  #inQuote = false;
  #container: OpenContainer | undefined;
  #afterBlank = false;
  #linesInBlock = 0;
  #tableHead = '';
  #joins: TextBlock['joins'];

  /** @param depth the number of containers around the text */
  constructor(depth = 0) {
    this.#depth = depth;
  }

  /**
   * Takes the whole text so far, which must start with the text of the previous call, and returns the blocks that finished
   * since then. With `done`, everything is finished.
   */
  push(text: string, done: boolean): Block[] {
    this.#text = text;
    const finished: Block[] = [];
    for (;;) {
      const lineBreak = text.indexOf('\n', Math.max(this.#searchedTo, this.#lineStart));
      if (lineBreak === -1) break;
      this.#takeLine(text.slice(this.#lineStart, lineBreak), lineBreak + 1, finished);
    }
    this.#searchedTo = text.length;
    if (this.#fence === undefined) this.#takePartialLine(finished);
    if (done) this.#finish(finished);
    return finished;
  }

  /** Whether the finished text has a `<details>` without an end. */
  get endsInDetails(): boolean {
    return this.#endsInDetails;
  }

  get open(): Block | undefined {
    if (this.#details !== undefined) {
      return this.#details.open;
    }
    if (this.#container !== undefined) {
      const { kind, splitter } = this.#container;
      return splitter.open && within(kind, splitter.open);
    }
    if (this.#fence !== undefined) return this.#fenceBlock(this.#fence, this.#partialCode(this.#fence));
    if (this.#blockStart >= this.#text.length) return undefined;
    return this.#textBlock(this.#text.length);
  }

  #takeLine(line: string, next: number, finished: Block[]): void {
    if (this.#details !== undefined) {
      if (this.#details.take(line, finished)) this.#details = undefined;
      this.#lineStart = next;
      this.#beginBlock(next);
      return;
    }
    if (this.#fence !== undefined) {
      if (closes(this.#fence, line)) {
        finished.push(this.#fenceBlock(this.#fence, ''));
        this.#fence = undefined;
        this.#beginBlock(next);
      } else {
        this.#code += `${unindent(line, this.#fence.indent)}\n`;
      }
      this.#lineStart = next;
      return;
    }
    const isBlank = line.trim() === '';
    if (!isBlank) {
      const isInside = this.#isCutInside() || this.#formulaEnd !== undefined;
      const fence = isInside ? undefined : fenceOf(line, this.#lineStart, this.#inList);
      if (fence !== undefined) {
        this.#cut(this.#lineStart, finished);
        this.#beginBlock(next);
        this.#fence = fence;
        this.#code = '';
        this.#lineStart = next;
        return;
      }
      const rest = isInside || this.#depth === MOST_CONTAINERS ? undefined : detailsIn(line);
      if (rest !== undefined && (!this.#inList || line.startsWith('<'))) {
        this.#cut(this.#lineStart, finished);
        const details = new Details(new BlockSplitter(this.#depth + 1));
        this.#details = rest !== '' && details.take(rest, finished) ? undefined : details;
        this.#lineStart = next;
        this.#beginBlock(next);
        return;
      }
      if (this.#beginsBlock(line, true) === true) this.#cut(this.#lineStart, finished);
    }
    this.#openContainer(next, finished);
    this.#noteLine(line, isBlank);
    if (this.#container !== undefined) {
      this.#container.content += `${this.#contentOf(line, this.#container)}\n`;
      this.#linesInBlock += 1;
      this.#blockStart = next;
    }
    this.#lineStart = next;
    this.#cutLongBlock(next, finished);
  }

  #contentOf(line: string, container: Container): string {
    return this.#linesInBlock === 0 ? line.slice(container.markerLength) : contentOf(line, container);
  }

  #noteLine(line: string, isBlank: boolean): void {
    const wasBlank = this.#afterBlank;
    this.#afterBlank = isBlank;
    if (isBlank) this.#formulaEnd = undefined;
    if (isBlank || this.#container !== undefined) return;
    if (this.#linesInBlock === 0) {
      this.#inList = LIST_ITEM.test(line);
      this.#inQuote = QUOTE.test(line);
    }
    if (this.#linesInBlock === 1 && !wasBlank && line.includes('|') && TABLE_DELIMITER.test(line)) {
      this.#tableHead = `${this.#text.slice(this.#blockStart, this.#lineStart)}${line}\n`;
    }
    if (this.#formulaEnd === undefined) this.#formulaEnd = openedFormula(line);
    else if (line.includes(this.#formulaEnd)) this.#formulaEnd = undefined;
    this.#linesInBlock += 1;
  }

  /** Whether a line starts a new block; undefined while its received part does not determine that. */
  #beginsBlock(line: string, isWhole: boolean): boolean | undefined {
    if (this.#linesInBlock === 0 || this.#isCutInside() || this.#formulaEnd !== undefined) return false;
    const start = line.slice(0, TELLING);
    const isTold = isWhole || start.length === TELLING;
    if (!isTold && LIST_ITEM_BEGUN.test(start)) return undefined;
    if (this.#inList) {
      if (LIST_ITEM.test(start)) return true;
      if (ENDS_A_LIST.test(start)) return isTold ? true : undefined;
      return this.#afterBlank ? !/^[ \t]/.test(start) : false;
    }
    if (this.#afterBlank) return !/^(?: {4}|\t| {0,3}$)/.test(start);
    if (this.#container !== undefined && ENDS_A_QUOTE.test(start)) return isTold ? true : undefined;
    return INTERRUPTING_ITEM.test(start) || (!this.#inQuote && QUOTE.test(start));
  }

  #takePartialLine(finished: Block[]): void {
    if (this.#details !== undefined) {
      this.#details.show(this.#text.slice(this.#lineStart), finished);
      return;
    }
    const line = this.#text.slice(this.#lineStart, this.#lineStart + FENCE_LINE_LIMIT + 1);
    const isInside = this.#isCutInside() || this.#formulaEnd !== undefined;
    const mayBeFence = line.length <= FENCE_LINE_LIMIT && /^ {0,3}[`~]/.test(line) && !isInside;
    const begins = line.trim() === '' || mayBeFence ? undefined : this.#beginsBlock(line, false);
    if (begins === true) this.#cut(this.#lineStart, finished);
    if (begins !== undefined) {
      this.#openContainer(this.#text.length, finished);
      this.#cutLongBlock(this.#text.length, finished);
    }
    const isContent = begins === false && this.#container !== undefined;
    this.#pushContent(isContent ? this.#text.slice(this.#lineStart) : '', false, finished);
  }

  /** Splits what the container has so far, and a part of its next line. */
  #pushContent(partialLine: string, done: boolean, finished: Block[]): void {
    if (this.#container === undefined) return;
    const { kind, splitter, content } = this.#container;
    const text = content + this.#contentOf(partialLine, this.#container);
    for (const block of splitter.push(text, done)) finished.push(within(kind, block));
  }

  /**
   * Makes the list item or quote that grew too long a text of its own. The block that was open in it continues there; what
   * is before that is a finished block. Depends only on the whole lines before the one that is too long.
   */
  #openContainer(end: number, finished: Block[]): void {
    if (
      end - this.#blockStart <= HARD_LIMIT ||
      this.#isCutInside() ||
      this.#container !== undefined ||
      this.#depth === MOST_CONTAINERS
    )
      return;
    const container = containerOf(
      this.#text.slice(this.#blockStart, this.#blockStart + TELLING).split('\n', 1)[0] ?? '',
    );
    if (container === undefined) return;
    const lines = this.#text.slice(this.#blockStart, this.#lineStart).split('\n').slice(0, -1);
    const splitter = new BlockSplitter(this.#depth + 1);
    const contents = lines.map((line, index) =>
      index === 0 ? line.slice(container.markerLength) : contentOf(line, container),
    );
    const content = contents.map((line) => `${line}\n`).join('');
    splitter.push(content, false);
    let cut = this.#blockStart + container.markerLength;
    let [offset, start] = [0, this.#blockStart];
    for (const [index, line] of lines.entries()) {
      if (index > 0 && offset <= splitter.#openStart) cut = start;
      offset += (contents[index] ?? '').length + 1;
      start += line.length + 1;
    }
    if (lines.length > 0 && offset <= splitter.#openStart) cut = start;
    finished.push(this.#textBlock(cut));
    const afterBlank = this.#afterBlank;
    this.#beginBlock(this.#lineStart);
    this.#inList = container.kind === 'item';
    this.#inQuote = container.kind === 'quote';
    this.#afterBlank = afterBlank;
    this.#linesInBlock = lines.length;
    this.#container = { ...container, splitter, content };
  }

  /** Where the open block starts. */
  get #openStart(): number {
    return this.#fence?.start ?? this.#blockStart;
  }

  /** A long block was split inside the current line; the rest of the line continues it and starts no block. */
  #isCutInside(): boolean {
    return this.#blockStart > this.#lineStart;
  }

  /** @param end end of the known text. The position of the split depends only on the start of the block. */
  #cutLongBlock(end: number, finished: Block[]): void {
    if (this.#container !== undefined) return;
    while (end - this.#blockStart > HARD_LIMIT) {
      const window = this.#text.slice(this.#blockStart + SOFT_LIMIT, this.#blockStart + HARD_LIMIT);
      const lineBreak = window.indexOf('\n');
      const gap = lineBreak === -1 ? window.indexOf(' ') : lineBreak;
      let cut = this.#blockStart + (gap === -1 ? HARD_LIMIT : SOFT_LIMIT + gap + 1);
      if (isLowSurrogate(this.#text.charCodeAt(cut))) cut -= 1;
      const before = {
        inList: this.#inList,
        inQuote: this.#inQuote,
        afterBlank: this.#afterBlank,
        head: this.#tableHead,
      };
      this.#cut(cut, finished);
      this.#inList = before.inList;
      this.#inQuote = before.inQuote;
      this.#afterBlank = before.afterBlank;
      this.#linesInBlock = 2;
      this.#joins = undefined;
      if (before.head !== '' && lineBreak !== -1) {
        this.#tableHead = before.head;
        this.#joins = 'table';
      }
    }
  }

  #cut(at: number, finished: Block[]): void {
    const wasList = this.#inList;
    if (this.#container !== undefined) this.#pushContent('', true, finished);
    else if (this.#text.slice(this.#blockStart, at).trim() !== '') finished.push(this.#textBlock(at));
    this.#beginBlock(at);
    if (wasList) this.#joins = 'list';
  }

  #beginBlock(at: number): void {
    this.#blockStart = at;
    this.#formulaEnd = undefined;
    this.#inList = false;
    this.#inQuote = false;
    this.#container = undefined;
    this.#afterBlank = false;
    this.#linesInBlock = 0;
    this.#tableHead = '';
    this.#joins = undefined;
  }

  #finish(finished: Block[]): void {
    const rest = this.#text.slice(this.#lineStart);
    if (this.#details !== undefined) {
      if (rest === '' || !this.#details.take(rest, finished)) {
        this.#details.end('', finished);
        this.#endsInDetails = true;
      }
      this.#details = undefined;
      this.#beginBlock(this.#text.length);
      this.#lineStart = this.#text.length;
      return;
    }
    if (this.#fence !== undefined) {
      const closed = closes(this.#fence, rest);
      finished.push(this.#fenceBlock(this.#fence, closed ? '' : unindent(rest, this.#fence.indent)));
      this.#fence = undefined;
    } else {
      if (rest !== '') this.#takeLine(rest, this.#text.length, finished);
      if (this.#fence !== undefined || this.#details !== undefined) {
        this.#finish(finished);
        return;
      }
      this.#cut(this.#text.length, finished);
    }
    this.#beginBlock(this.#text.length);
    this.#lineStart = this.#text.length;
  }

  #textBlock(end: number): TextBlock {
    const head = this.#joins === 'table' ? this.#tableHead : '';
    return { kind: 'text', source: head + this.#text.slice(this.#blockStart, end), joins: this.#joins, inside: [] };
  }

  #fenceBlock({ language }: Fence, rest: string): FenceBlock {
    return { kind: 'fence', language, code: this.#code + rest, inside: [] };
  }

  #partialCode({ indent }: Fence): string {
    const line = unindent(this.#text.slice(this.#lineStart), indent);
    return /^\s*[`~]*\s*$/.test(line.slice(0, 100)) ? '' : line;
  }
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
