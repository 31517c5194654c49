import { css } from 'lit';
import { type CheckedQuotes, checkQuotes } from '../../../documents/retrieval/check-quotes.ts';
import type { NumberedPassage } from '../../../documents/retrieval/quoted-documents.ts';

/** Elements that are paragraphs of their own: a quote does not go from one into another. */
const BLOCKS = 'p, li, td, th, dt, dd, h1, h2, h3, h4, h5, h6, summary, .formatted';
/** What is no text of the answer, or no prose, and what is marked already. */
const SKIPPED = 'pre, a, button, svg, .code, .passage-marks, .not-found, .visually-hidden';
/** Of a sentence, but not of a quote's words: a quote may leave it out. */
const UNQUOTABLE = 'code, .katex, math, alcove-formula';

export interface Marks {
  /** Makes the link of a number. */
  link(number: number): HTMLElement | undefined;
  /** Says that a quote is in no passage. */
  readonly notFound: string;
}

export const referenceStyles = css`
  .passage-link {
    margin: 0;
    padding-block: 0;
    padding-inline: 0.15em;
    border: 0;
    border-radius: 4px;
    background: none;
    color: var(--_accent);
    font: inherit;
    font-size: 0.75em;
    font-variant-numeric: tabular-nums;
    line-height: 1;
    vertical-align: super;
    cursor: pointer;
  }

  .passage-link:hover {
    background: var(--_surface-raised, Canvas);
    text-decoration: underline;
  }

  .passage-link:focus-visible {
    outline: 2px solid var(--_accent);
  }

  .not-found {
    text-decoration: underline dotted var(--_warning);
    text-underline-offset: 0.2em;
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** Makes links of the numbers of passages in a rendered answer, and marks the quotes that are in none. Once marked it stays so. */
export function markReferences(answer: Element, passages: readonly NumberedPassage[], marks: Marks): void {
  const texts = new Map<Element, Text[]>();
  const walker = document.createTreeWalker(answer, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    node instanceof Element && node.matches(SKIPPED) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const block = node instanceof Text ? (node.parentElement?.closest(BLOCKS) ?? undefined) : undefined;
    if (!(node instanceof Text) || block === undefined) continue;
    const known = texts.get(block);
    if (known === undefined) texts.set(block, [node]);
    else known.push(node);
  }
  for (const nodes of texts.values()) markBlock(nodes, passages, marks);
}

function markBlock(nodes: readonly Text[], passages: readonly NumberedPassage[], marks: Marks): void {
  const text = nodes.map(textOf).join('');
  if (!/[[“"„«「『]/.test(text)) return;
  const { references, quotes } = checkQuotes(text, passages);
  // From the end, so that the places before stay.
  const changes = [...referencesOf({ references, quotes }), ...quotes.filter(({ passage }) => passage === undefined)];
  for (const change of changes.toSorted((a, b) => b.start - a.start)) {
    const pieces = piecesOf(nodes, change.start, change.end);
    if ('numbers' in change) replaceByLinks(pieces, change.numbers, marks);
    else markNotFound(pieces, marks.notFound);
  }
}

/** `[1, 3]` is one place with two numbers. */
function referencesOf({ references }: CheckedQuotes): { start: number; end: number; numbers: number[] }[] {
  const places = Map.groupBy(references, ({ start }) => start);
  return [...places.values()].flatMap((group) => {
    const [{ start, end } = { start: 0, end: 0 }] = group;
    return group.every(({ passage }) => passage !== undefined)
      ? [{ start, end, numbers: group.map(({ number }) => number) }]
      : [];
  });
}

function textOf(node: Text): string {
  return node.parentElement?.closest(UNQUOTABLE) == null ? node.data : '…'.padEnd(node.length);
}

/** The parts of the nodes between two places, each as a node of its own. */
function piecesOf(nodes: readonly Text[], start: number, end: number): Text[] {
  const pieces: Text[] = [];
  let at = 0;
  for (const node of nodes) {
    const { length } = node;
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, length);
    at += length;
    if (from >= to) continue;
    // What follows is split off, and of no use for places before it.
    if (to < length) node.splitText(to);
    pieces.push(from > 0 ? node.splitText(from) : node);
  }
  return pieces;
}

function replaceByLinks([first, ...others]: readonly Text[], numbers: readonly number[], marks: Marks): void {
  const links = numbers.flatMap((number) => marks.link(number) ?? []);
  if (first === undefined || links.length === 0) return;
  const holder = document.createElement('span');
  holder.className = 'passage-marks';
  holder.append(...links);
  first.replaceWith(holder);
  for (const node of others) node.remove();
}

function markNotFound(pieces: readonly Text[], words: string): void {
  for (const [index, piece] of pieces.entries()) {
    const mark = document.createElement('span');
    mark.className = 'not-found';
    mark.title = words;
    piece.replaceWith(mark);
    mark.append(piece);
    if (index < pieces.length - 1) continue;
    const said = document.createElement('span');
    said.className = 'visually-hidden';
    said.textContent = ` (${words})`;
    mark.after(said);
  }
}
