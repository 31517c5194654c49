/** Where a reference leads, as marked keeps it. */
export interface LinkTarget {
  readonly href: string;
  readonly title?: string | null | undefined;
}

/** Of one answer, at most: a lexer looks through all of them for each link that refers to one. */
const MOST_TARGETS = 1_000;

/** A bracket that no address follows: `[words][label]`, `[label]`. */
const MAY_REFER = /\](?!\()/;
const LABELS = /\[((?:\\.|[^[\]\\]){1,999})\]/g;

/** A finished block that may refer to what is defined below it. */
export interface WaitingBlock<Block> {
  readonly block: Block;
  readonly nodes: readonly ChildNode[];
  /** Of the list or table that its last node is, the items or rows that are its own: later blocks add theirs. */
  readonly ownItems: number;
  readonly knownTargets: number;
}

/**
 * The targets of reference links, `[label]: address`, over all blocks of an answer. What is defined first counts. A block
 * that refers to a target further down is built a second time when the answer has ended, and only then: nothing moves
 * while it is read, and the work stays linear.
 */
export class References<Block extends { readonly source: string }> {
  readonly #targets = new Map<string, LinkTarget>();
  #waiting: WaitingBlock<Block>[] = [];

  /** All that are known, for the lexer. */
  get targets(): Record<string, LinkTarget> {
    return Object.assign(Object.create(null), Object.fromEntries(this.#targets));
  }

  /** Takes what the lexer has found in a finished block. */
  define(targets: Readonly<Record<string, LinkTarget>>): void {
    for (const [label, target] of Object.entries(targets)) {
      if (this.#targets.size < MOST_TARGETS && !this.#targets.has(label)) this.#targets.set(label, target);
    }
  }

  /** Notes a finished block and what it became. */
  note(block: Block, nodes: readonly ChildNode[]): void {
    if (nodes.length === 0 || !MAY_REFER.test(block.source)) return;
    const ownItems = itemsOf(nodes.at(-1))?.childElementCount ?? 0;
    this.#waiting.push({ block, nodes, ownItems, knownTargets: this.#targets.size });
  }

  /** The next block that refers to what was defined after it. Each comes once. */
  next(): WaitingBlock<Block> | undefined {
    const labels = [...this.#targets.keys()];
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
      if (next.knownTargets === labels.length) continue;
      const later = new Set(labels.slice(next.knownTargets));
      for (const [, label = ''] of next.block.source.matchAll(LABELS)) {
        if (later.has(keyOf(label))) return next;
      }
    }
    return undefined;
  }
}

/** As marked compares labels: by CommonMark, case folded and white space collapsed. */
function keyOf(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase().toUpperCase().toLowerCase();
}

/** Puts the nodes of a block that was built again in the place of the old ones. */
export function replaceBlock({ nodes, ownItems }: WaitingBlock<unknown>, built: readonly Node[]): void {
  const [first] = nodes;
  const before = itemsOf(nodes.at(-1));
  const after = itemsOf(built.at(-1));
  // What later blocks have added goes along.
  if (before !== undefined && after !== undefined) after.append(...[...before.children].slice(ownItems));
  first?.before(...built);
  for (const node of nodes) node.remove();
}

/** What the items of a list, or the rows of a table, stand in. */
function itemsOf(node: Node | undefined): Element | undefined {
  if (node instanceof HTMLUListElement || node instanceof HTMLOListElement) return node;
  return node instanceof HTMLElement ? (node.querySelector(':scope > table > tbody') ?? undefined) : undefined;
}
