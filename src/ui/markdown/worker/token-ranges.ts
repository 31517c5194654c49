import { TOKEN_KINDS } from '../code/highlight-protocol.ts';
import type { HighlightResult } from './highlight-core.js';

type Kind = (typeof TOKEN_KINDS)[number];

/** The kinds of highlight.js's scopes; https://highlightjs.readthedocs.io/en/latest/css-classes-reference.html */
const KINDS: Readonly<Record<string, Kind>> = {
  keyword: 'keyword',
  'selector-tag': 'keyword',
  section: 'keyword',
  doctag: 'keyword',
  string: 'string',
  regexp: 'string',
  char: 'string',
  link: 'string',
  quote: 'comment',
  comment: 'comment',
  number: 'number',
  literal: 'number',
  symbol: 'number',
  bullet: 'number',
  title: 'function',
  built_in: 'function',
  name: 'keyword',
  type: 'type',
  class: 'type',
  'title.class': 'type',
  'selector-class': 'type',
  'selector-id': 'type',
  attr: 'attribute',
  attribute: 'attribute',
  property: 'attribute',
  'selector-attr': 'attribute',
  'selector-pseudo': 'attribute',
  variable: 'variable',
  'template-variable': 'variable',
  meta: 'meta',
  addition: 'added',
  deletion: 'removed',
};

interface Tree {
  readonly scope?: string;
  readonly children: readonly (Tree | string)[];
}

/** The innermost scope with a kind decides. */
export function rangesOf(result: HighlightResult): Uint32Array<ArrayBuffer> {
  const ranges: number[] = [];
  let at = 0;
  const visit = (node: Tree | string, kind: number): void => {
    if (typeof node === 'string') {
      const end = at + node.length;
      const last = ranges.length - 3;
      if (kind !== -1 && last >= 0 && ranges[last + 1] === at && ranges[last + 2] === kind) ranges[last + 1] = end;
      else if (kind !== -1 && end > at) ranges.push(at, end, kind);
      at = end;
      return;
    }
    const own = kindOf(node.scope);
    for (const child of node.children) visit(child, own ?? kind);
  };
  const root = rootOf(result);
  if (root !== undefined) visit(root, -1);
  return Uint32Array.from(ranges);
}

function kindOf(scope: string | undefined): number | undefined {
  if (scope === undefined) return undefined;
  if (scope === 'subst') return -1;
  const kind = KINDS[scope] ?? KINDS[scope.split('.').slice(0, 2).join('.')] ?? KINDS[scope.split('.', 1)[0] ?? ''];
  return kind === undefined ? undefined : TOKEN_KINDS.indexOf(kind);
}

/** The emitter's tree is missing in highlight.js's types; its HTML is never used. */
function rootOf(result: HighlightResult): Tree | undefined {
  const { _emitter: emitter } = result as { readonly _emitter?: unknown };
  if (typeof emitter !== 'object' || emitter === null || !('rootNode' in emitter)) return undefined;
  return emitter.rootNode as Tree;
}
