/** The target of a reference link, in marked's format. */
export interface LinkTarget {
  readonly href: string;
  readonly title?: string | null | undefined;
}

/** Most definitions per answer: the lexer searches all of them for each reference link. */
const MOST_TARGETS = 1_000;

/** Matches a possible reference link: `[text][label]`, `[label]`. */
const MAY_REFER = /\](?!\()/;
const LABELS = /\[((?:\\.|[^[\]\\]){1,999})\]/g;

/** A finished block that may refer to a later definition. */
export interface WaitingBlock<Block> {
  readonly block: Block;
  readonly nodes: readonly ChildNode[];
  /** If the last node is a list or table: the block's own items or rows, without those that later blocks add. */
  readonly ownItems: number;
  readonly knownTargets: number;
}

/**
 * The link definitions, `[label]: URL`, of all blocks of an answer. The first definition of a label counts. A block that
 * refers to a later definition is built again when the answer has ended: nothing moves while the user reads, and the work
 * stays linear.
 */
export class References<Block extends { readonly source: string }> {
  readonly #targets = new Map<string, LinkTarget>();
  #waiting: WaitingBlock<Block>[] = [];

  get targets(): Record<string, LinkTarget> {
    return Object.assign(Object.create(null), Object.fromEntries(this.#targets));
  }

  define(targets: Readonly<Record<string, LinkTarget>>): void {
    for (const [label, target] of Object.entries(targets)) {
      if (this.#targets.size < MOST_TARGETS && !this.#targets.has(label)) this.#targets.set(label, target);
    }
  }

  /** Remembers a finished block with its nodes. */
  note(block: Block, nodes: readonly ChildNode[]): void {
    if (nodes.length === 0 || !MAY_REFER.test(block.source)) return;
    const ownItems = itemsOf(nodes.at(-1))?.childElementCount ?? 0;
    this.#waiting.push({ block, nodes, ownItems, knownTargets: this.#targets.size });
  }

  /** The next block that refers to a later definition; each block is returned once. */
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

/** Normalises a label like marked: by CommonMark, with case folding and collapsed white space. */
function keyOf(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase().toUpperCase().toLowerCase();
}

/** Replaces the nodes of a block with those that were built again. */
export function replaceBlock({ nodes, ownItems }: WaitingBlock<unknown>, built: readonly Node[]): void {
  const [first] = nodes;
  const before = itemsOf(nodes.at(-1));
  const after = itemsOf(built.at(-1));
  // Moves items of later blocks along.
  if (before !== undefined && after !== undefined) after.append(...[...before.children].slice(ownItems));
  first?.before(...built);
  for (const node of nodes) node.remove();
}

/** The parent of a list's items or a table's rows. */
function itemsOf(node: Node | undefined): Element | undefined {
  if (node instanceof HTMLUListElement || node instanceof HTMLOListElement) return node;
  return node instanceof HTMLElement ? (node.querySelector(':scope > table > tbody') ?? undefined) : undefined;
}
