import { msg, str } from '@lit/localize';
import { formatNumber } from '../lib/format.ts';
import { BlockSplitter } from './blocks/block-splitter.ts';
import type { Block, ContainerKind, DetailsBlock, FenceBlock, TextBlock } from './blocks/blocks.ts';
import { buildBlocks, createDetails, paragraphOf } from './build-nodes.ts';
import { colourCode } from './code/colour-code.ts';
import { type CodeBlock, createCodeBlock } from './code-block.ts';
import { completeTail } from './complete-tail.ts';
import { openFormulaStart } from './formula-tokens.ts';
import { FrameScheduler } from './frame-scheduler.ts';
import { DEPTH_LIMIT, limitNesting, limitNote } from './guard.ts';
import { type BlockToken, lexBlock } from './lexer.ts';
import { adoptFormulaStyles } from './maths/formulas.ts';
import { morphNodes } from './morph.ts';
import { dropLooseMarks, NoteNumbers } from './notes.ts';
import { PlainText } from './plain-text.ts';
import { References, replaceBlock, type WaitingBlock } from './references.ts';

/**
 * Main-thread time per step, in ms; the rest follows after the next frame. Style, layout and paint of the result take
 * several times as long: twice this value caused more tasks over 50 ms on a slow processor.
 */
const BUDGET_MS = 4;

/**
 * Blocks per part. Parts that are out of view need no layout and no paint, so that a long answer costs no more per word
 * than a short one. Twice as many made stopping and the longest task slower
 * (docs/decisions/2026-11-30-an-answer-is-rendered-in-steps.md).
 */
const BLOCKS_IN_PART = 12;

/** Most items per list; further items start another list in its own part. */
const ITEMS_IN_LIST = 200;

/** Fraction of the time that rendering the unfinished block may take; a long block is rendered less often. */
const TAIL_SHARE = 4;
const CHEAP_MS = 2;

/** Most cells per table; further rows are shown as source text. */
const CELL_LIMIT = 5_000;

const CONTAINER_TAGS: Readonly<Record<ContainerKind, string>> = { item: 'li', quote: 'blockquote', details: 'details' };

/** Most characters that are formatted; further text is shown as source text. */
const FORMAT_LIMIT = 1_000_000;

/**
 * Renders streaming Markdown into a container. Finished blocks are built once and never changed; only the open block at
 * the end is lexed again, so that the work is linear in the length of the text. A long text is rendered in several steps,
 * with a frame after each.
 */
export class StreamingMarkdown {
  readonly #container: HTMLElement;
  readonly #onProgress: () => void;
  #splitter = new BlockSplitter();
  #notes = new NoteNumbers();
  #references = new References<TextBlock>();
  #text = '';
  #isDone = false;
  #isFinished = false;
  /** The text past the limit. */
  #rest: PlainText | undefined;
  #isTableFull = false;
  #queue: Block[] = [];
  #tail: ChildNode[] = [];
  #tailParent: Node | undefined;
  #openFence: { readonly block: CodeBlock; readonly language: string; written: number } | undefined;
  #part: HTMLElement | undefined;
  #tailRestsUntil = 0;
  readonly #next = new FrameScheduler(() => {
    this.#write();
    this.#onProgress();
  });

  /** @param onProgress called when a later step has rendered more */
  constructor(container: HTMLElement, onProgress: () => void = () => {}) {
    this.#container = container;
    this.#onProgress = onProgress;
  }

  get isSettled(): boolean {
    return this.#isFinished && this.#rest?.isSettled !== false;
  }

  /** Takes the whole text so far. @param isDone no more text follows. A text that is not a continuation starts over. */
  update(text: string, isDone: boolean): void {
    if (text === this.#text && isDone === this.#isDone) return;
    if (this.#isDone || !text.startsWith(this.#text)) this.#reset();
    this.#text = text;
    this.#isDone = isDone;
    const isLong = text.length > FORMAT_LIMIT;
    this.#queue.push(...this.#splitter.push(isLong ? text.slice(0, FORMAT_LIMIT) : text, isDone || isLong));
    this.#write();
  }

  dispose(): void {
    this.#next.cancel();
  }

  #reset(): void {
    this.dispose();
    this.#splitter = new BlockSplitter();
    this.#notes = new NoteNumbers();
    this.#references = new References();
    this.#isFinished = false;
    this.#rest = undefined;
    this.#isTableFull = false;
    this.#queue = [];
    this.#tail = [];
    this.#tailParent = undefined;
    this.#openFence = undefined;
    this.#part = undefined;
    this.#container.replaceChildren();
  }

  #write(): void {
    const start = performance.now();
    for (let block = this.#queue.shift(); block !== undefined; block = this.#queue.shift()) {
      this.#writeBlock(block, false);
      colourAll(this.#tail);
      if (block.kind === 'text') this.#references.note(block, this.#tail);
      this.#tail = [];
      this.#tailParent = undefined;
      this.#openFence = undefined;
      if (performance.now() - start > BUDGET_MS && this.#queue.length > 0) {
        this.#next.afterFrame();
        return;
      }
    }
    if (this.#text.length > FORMAT_LIMIT) this.#writeRest();
    if (this.#isDone && !this.#finish(start)) {
      this.#next.afterFrame();
      return;
    }
    const { open } = this.#splitter;
    if (open === undefined) return;
    const now = performance.now();
    if (now < this.#tailRestsUntil) {
      this.#next.afterFrame();
      return;
    }
    this.#writeBlock(open, true);
    const costMs = performance.now() - now;
    this.#tailRestsUntil = costMs > CHEAP_MS ? now + costMs * TAIL_SHARE : 0;
  }

  /** @returns whether everything is rendered; else the next step continues */
  #finish(start: number): boolean {
    if (this.#isFinished) return true;
    for (let waiting = this.#references.next(); waiting !== undefined; waiting = this.#references.next()) {
      this.#writeAgain(waiting);
      if (performance.now() - start > BUDGET_MS) return false;
    }
    dropLooseMarks(this.#container, this.#notes);
    // Without an end, what follows would be hidden.
    if (this.#splitter.endsInDetails) for (const one of this.#container.querySelectorAll('details')) one.open = true;
    this.#isFinished = true;
    return true;
  }

  /** Builds a block again whose reference links now have definitions. */
  #writeAgain(waiting: WaitingBlock<TextBlock>): void {
    const parent = waiting.nodes[0]?.parentNode;
    // Rows past the limit stay source text.
    if (waiting.block.joins === 'table' && !(parent instanceof HTMLTableSectionElement)) return;
    const nodes = this.#build(waiting.block, false);
    const [first, ...rest] = nodes;
    // Into the list or table that the block continues.
    const built =
      isList(parent) && isList(first)
        ? itemsWith(first, rest)
        : parent instanceof HTMLTableSectionElement
          ? [...(bodyOf(first)?.childNodes ?? [])]
          : nodes;
    replaceBlock(waiting, built);
    colourAll(built);
  }

  #writeRest(): void {
    if (this.#rest === undefined) {
      this.#rest = new PlainText(this.#partFor(undefined));
      this.#rest.root.before(limitNote(msg('The rest is shown as plain text: the answer is very long.')));
    }
    this.#rest.update(this.#text.slice(FORMAT_LIMIT));
  }

  #writeBlock(block: Block, isOpen: boolean): void {
    if (block.kind === 'fence') this.#writeFence(block);
    else if (block.kind === 'details') this.#writeDetails(block);
    else this.#writeText(block, isOpen);
  }

  #writeFence({ language, code, inside }: FenceBlock): void {
    if (this.#openFence === undefined || this.#openFence.language !== language) {
      const block = createCodeBlock(language);
      this.#dropTail();
      const parent = this.#containerOf(inside) ?? this.#partFor(undefined);
      parent.append(block.root);
      this.#tail = [block.root];
      this.#tailParent = parent;
      this.#openFence = { block, language, written: 0 };
    }
    const fence = this.#openFence;
    fence.block.append(code.slice(fence.written));
    fence.written = Math.max(fence.written, code.length);
  }

  #writeDetails({ summary, inside }: DetailsBlock): void {
    this.#dropTail();
    const parent = this.#containerOf(inside) ?? this.#partFor(undefined);
    const source = summary.replace(/<\/?(?:b|strong|i|em)>/gi, '');
    const [content] = summary === '' ? [] : this.#build({ kind: 'text', source, joins: undefined, inside }, false);
    const root = createDetails(content?.childNodes ?? []);
    parent.append(root);
    this.#tail = [root];
    this.#tailParent = parent;
  }

  #writeText(block: TextBlock, isOpen: boolean): void {
    const built = this.#build(block, isOpen);
    // Definitions alone render nothing.
    if (built.length === 0) {
      this.#dropTail();
      return;
    }
    const { parent, nodes } = this.#destination(block, built);
    if (this.#tailParent !== parent) this.#dropTail();
    if (nodes.some((node) => node instanceof Element && node.querySelector('.formula') !== null))
      adoptFormulaStyles(this.#container.getRootNode());
    this.#tailParent = parent;
    this.#tail = this.#tail.length === 0 ? appendAll(parent, nodes) : morphNodes(parent, this.#tail, nodes);
  }

  #dropTail(): void {
    for (const node of this.#tail) node.remove();
    this.#tail = [];
  }

  #build({ source, joins, inside }: TextBlock, isOpen: boolean): Node[] {
    const formulaStart = isOpen ? openFormulaStart(source) : source.length;
    const whole = source.slice(0, formulaStart);
    const limited = limitNesting(isOpen ? completeTail(whole) : whole);
    const nodes: Node[] = [];
    let tokens: readonly BlockToken[];
    try {
      const lexed = lexBlock(limited.source, this.#references.targets);
      tokens = lexed.tokens;
      if (!isOpen) this.#references.define(lexed.targets);
    } catch {
      // A block that the lexer fails on is shown as source text, so that nothing is lost.
      return [paragraphOf(joins === 'table' ? rowsOf(source) : source)];
    }
    nodes.push(...buildBlocks(tokens, { isOpen, notes: isOpen ? this.#notes.draft() : this.#notes }, inside.length));
    // An unclosed formula is not Markdown: its minus signs start no list.
    if (formulaStart < source.length) nodes.push(paragraphOf(source.slice(formulaStart)));
    if (limited.isLimited)
      nodes.push(limitNote(msg(str`More than ${DEPTH_LIMIT} levels deep: the rest is shown as plain text.`)));
    return nodes;
  }

  /** Appends a block's nodes: to the list or table that it continues, else at the end of its container. */
  #destination({ source, joins, inside }: TextBlock, nodes: Node[]): { parent: Node; nodes: Node[] } {
    const container = this.#containerOf(inside);
    const last = this.#lastFrozen(container ?? this.#part);
    const [first, ...rest] = nodes;
    const hasRoom = isList(last) && (container !== undefined || this.#frozenIn(last) < ITEMS_IN_LIST);
    if (joins === 'list' && isList(first) && isList(last) && first.tagName === last.tagName && hasRoom) {
      return { parent: last, nodes: itemsWith(first, rest) };
    }
    const body = bodyOf(last);
    const rows = bodyOf(first);
    if (joins !== 'table') this.#isTableFull = false;
    else if (!this.#isTableFull && body !== null && rows !== null) {
      const cells =
        (body.childElementCount + rows.childElementCount) * (body.firstElementChild?.childElementCount ?? 1);
      if (cells <= CELL_LIMIT) return { parent: body, nodes: [...rows.childNodes] };
    }
    const parent = container ?? this.#partFor(joins);
    return { parent, nodes: joins === 'table' ? this.#tableRest(source) : nodes };
  }

  /** The innermost of the open containers: the last item of the last list, or the last quote, of the one around it. */
  #containerOf(inside: Block['inside']): Element | undefined {
    let container: Element | undefined = inside.length === 0 ? undefined : this.#part;
    for (const kind of inside) {
      const last: ChildNode | null = this.#lastFrozen(container);
      const found: ChildNode | null = kind === 'item' && isList(last) ? this.#lastFrozen(last) : last;
      if (!(found instanceof HTMLElement && found.matches(CONTAINER_TAGS[kind]))) return undefined;
      container = found;
    }
    return container;
  }

  /** Rows past the limit, as text; the first time with a note. */
  #tableRest(source: string): Node[] {
    const rows = paragraphOf(rowsOf(source));
    const isFirst = !this.#isTableFull;
    this.#isTableFull = true;
    const limit = formatNumber(CELL_LIMIT);
    return isFirst
      ? [limitNote(msg(str`More than ${limit} cells: the rest of the table is shown as plain text.`)), rows]
      : [rows];
  }

  /** The part for the open block or a new one; a block that continues the previous one stays in its part. */
  #partFor(joins: TextBlock['joins']): HTMLElement {
    const isFull = (this.#part?.childElementCount ?? 0) >= BLOCKS_IN_PART && joins === undefined;
    const list = this.#part?.lastElementChild;
    const isLongList = joins === 'list' && isList(list) && this.#frozenIn(list) >= ITEMS_IN_LIST;
    if (this.#part === undefined || ((isFull || isLongList) && this.#tail.length === 0)) {
      this.#part = document.createElement('div');
      this.#part.className = 'part';
      this.#container.append(this.#part);
    }
    return this.#part;
  }

  /** Number of children that do not belong to the open block. */
  #frozenIn(parent: Element): number {
    return parent.childElementCount - (this.#tailParent === parent ? this.#tail.length : 0);
  }

  /** The last node in a parent that does not belong to the open block. */
  #lastFrozen(parent: Element | undefined): ChildNode | null {
    const [first] = this.#tail;
    const isTailIn = first !== undefined && this.#tailParent === parent;
    return (isTailIn ? first.previousSibling : parent?.lastChild) ?? null;
  }
}

/** Removes the header that a continued table is lexed with. */
function rowsOf(source: string): string {
  return source.slice(source.indexOf('\n', source.indexOf('\n') + 1) + 1);
}

/** The items of a list; following nodes go into the last item. */
function itemsWith(list: HTMLElement, rest: readonly Node[]): ChildNode[] {
  const items = [...list.childNodes];
  const last = items.at(-1);
  if (last instanceof HTMLElement) appendAll(last, rest);
  return items;
}

function bodyOf(node: Node | null | undefined): Element | null {
  return node instanceof HTMLElement ? node.querySelector(':scope > table > tbody') : null;
}

function colourAll(nodes: readonly Node[]): void {
  for (const node of nodes) {
    if (!(node instanceof Element)) continue;
    for (const code of node.matches('.code') ? [node] : node.querySelectorAll('.code')) void colourCode(code);
  }
}

function isList(node: Node | null | undefined): node is HTMLElement {
  return node instanceof HTMLUListElement || node instanceof HTMLOListElement;
}

function appendAll(parent: Node, nodes: readonly Node[]): ChildNode[] {
  for (const node of nodes) parent.appendChild(node);
  return nodes as ChildNode[];
}
