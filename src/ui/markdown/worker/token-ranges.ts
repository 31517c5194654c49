import { TOKEN_KINDS } from '../code/highlight-protocol.ts';
import type { HighlightResult } from './highlight-core.js';

type Kind = (typeof TOKEN_KINDS)[number];

/** highlight.js's scopes by their kind; https://highlightjs.readthedocs.io/en/latest/css-classes-reference.html */
const SCOPES: Readonly<Record<Kind, string>> = {
  keyword: 'keyword selector-tag section doctag name',
  string: 'string regexp char link',
  comment: 'quote comment',
  number: 'number literal symbol bullet',
  function: 'title built_in',
  type: 'type class title.class selector-class selector-id',
  attribute: 'attr attribute property selector-attr selector-pseudo',
  variable: 'variable template-variable',
  meta: 'meta',
  added: 'addition',
  removed: 'deletion',
};
const KINDS = new Map(
  TOKEN_KINDS.flatMap((kind, index) => SCOPES[kind].split(' ').map((scope) => [scope, index] as const)),
);

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
  const [outer = '', inner] = scope.split('.', 2);
  return KINDS.get(scope) ?? KINDS.get(`${outer}.${inner}`) ?? KINDS.get(outer);
}

/** The emitter's tree is missing in highlight.js's types; its HTML is never used. */
function rootOf(result: HighlightResult): Tree | undefined {
  const { _emitter: emitter } = result as { readonly _emitter?: unknown };
  if (typeof emitter !== 'object' || emitter === null || !('rootNode' in emitter)) return undefined;
  return emitter.rootNode as Tree;
}
