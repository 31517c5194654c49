import type { FormulaElement, FormulaNode } from '../maths/formula-protocol.ts';

const PIECE = /<(\/?)([a-zA-Z]+)((?:\s+[\w-]+=(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|([^<]+)/gy;
const ATTRIBUTE = /([\w-]+)=(?:"([^"]*)"|'([^']*)')/g;

/** What KaTeX escapes. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
};

/** Reads the markup that KaTeX writes, so that no page has to parse HTML. @returns undefined for any other, or a deeper one */
export function readMarkup(markup: string, maxDepth: number): readonly FormulaNode[] | undefined {
  const root: FormulaNode[] = [];
  const open: { readonly name: string; readonly children: FormulaNode[] }[] = [{ name: '', children: root }];
  let end = 0;
  for (const match of markup.matchAll(PIECE)) {
    const [piece, closing, name = '', attributes = '', empty, text] = match;
    end = match.index + piece.length;
    const parent = open.at(-1);
    if (parent === undefined || open.length > maxDepth) return undefined;
    if (text !== undefined) parent.children.push(unescaped(text));
    else if (closing === '/') {
      if (open.pop()?.name !== name) return undefined;
    } else {
      const children: FormulaNode[] = [];
      parent.children.push({ name, attributes: attributesOf(attributes), children });
      if (empty !== '/') open.push({ name, children });
    }
  }
  return end === markup.length && open.length === 1 ? root : undefined;
}

function attributesOf(text: string): FormulaElement['attributes'] {
  return Array.from(text.matchAll(ATTRIBUTE), ([, name = '', double, single]) => [
    name,
    unescaped(double ?? single ?? ''),
  ]);
}

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity] ?? entity);
}
