import type { Container } from './containers.ts';

/** What the splitter makes of a text: blocks that are lexed, or written, one by one. */
export type Block = TextBlock | FenceBlock | DetailsBlock;

interface BlockPlace {
  /** The open containers that the block continues, from the outermost: the last list's last item, the last quote or details. */
  readonly inside: readonly ContainerKind[];
}

export interface TextBlock extends BlockPlace {
  readonly kind: 'text';
  readonly source: string;
  /** The block continues the list or table of the block before it, in the same container. */
  readonly joins: 'list' | 'table' | undefined;
}

export interface FenceBlock extends BlockPlace {
  readonly kind: 'fence';
  /** First word of the info string, unchanged; empty without one. */
  readonly language: string;
  /** The lines with their line breaks; for an open fence also the part of a line that cannot close it. */
  readonly code: string;
}

/** The beginning of HTML's `<details>`; the blocks in it follow. */
export interface DetailsBlock extends BlockPlace {
  readonly kind: 'details';
  /** Markdown of one line; empty without one. */
  readonly summary: string;
}

export type ContainerKind = Container['kind'] | 'details';

/** A block in a container, from the text in that container. */
export function within(kind: ContainerKind, block: Block): Block {
  return { ...block, inside: [kind, ...block.inside] };
}
