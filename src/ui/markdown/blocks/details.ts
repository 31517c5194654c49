import { type Block, within } from './blocks.ts';
import { closes, type Fence, fenceOf } from './fences.ts';

const DETAILS = /^ {0,3}<details(?:\s+open(?:="[^"]*")?)?\s*>(.*)$/i;
const DETAILS_END = /^(.*?)<\/details>\s*$/i;
const SUMMARY = /^\s*<summary>(.*?)<\/summary>(.*)$/i;

/** Longer lines are no tag. */
const LINE_LIMIT = 1_000;

/** What splits the content; the block splitter itself. */
interface Splitter {
  push(text: string, done: boolean): Block[];
  readonly open: Block | undefined;
}

/** What follows `<details>` in the line that opens it; undefined for any other line. */
export function detailsIn(line: string): string | undefined {
  return line.length > LINE_LIMIT ? undefined : DETAILS.exec(line)?.[1]?.trim();
}

/** An open `<details>`: its content ends at its own end, not by indentation. */
export class Details {
  readonly #splitter: Splitter;
  #content = '';
  #isHeaded = false;
  /** Details that are open in it. */
  #nested = 0;
  #fence: Fence | undefined;

  constructor(splitter: Splitter) {
    this.#splitter = splitter;
  }

  get open(): Block | undefined {
    const { open } = this.#splitter;
    return open && within('details', open);
  }

  /** Takes a whole line. @returns whether it ends the details */
  take(line: string, finished: Block[]): boolean {
    if (!this.#isHeaded) {
      if (line.trim() === '') return false;
      const [, summary = '', rest = line] = SUMMARY.exec(line) ?? [];
      finished.push({ kind: 'details', summary: summary.trim(), inside: [] });
      this.#isHeaded = true;
      return rest.trim() !== '' && this.take(rest, finished);
    }
    if (this.#fence !== undefined) {
      if (closes(this.#fence, line)) this.#fence = undefined;
    } else {
      this.#fence = fenceOf(line, 0, false);
      const end = DETAILS_END.exec(line);
      if (detailsIn(line) !== undefined) this.#nested += 1;
      if (end !== null && this.#nested === 0) {
        this.end(end[1] ?? '', finished);
        return true;
      }
      if (end !== null) this.#nested -= 1;
    }
    this.#content += `${line}\n`;
    return false;
  }

  /** Splits what there is so far, with a part of the next line unless that may be a tag. */
  show(partialLine: string, finished: Block[]): void {
    const isContent = this.#isHeaded && !/^\s*</.test(partialLine.slice(0, LINE_LIMIT));
    this.#push(isContent ? this.#content + partialLine : this.#content, false, finished);
  }

  end(lastLine: string, finished: Block[]): void {
    this.#push(this.#content + lastLine, true, finished);
  }

  #push(text: string, done: boolean, finished: Block[]): void {
    for (const block of this.#splitter.push(text, done)) finished.push(within('details', block));
  }
}
