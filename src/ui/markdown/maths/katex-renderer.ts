import katex, { type KatexOptions } from 'katex';
import css from 'katex/dist/katex.min.css?raw';
import { passesGate } from './formula-gate.ts';

/** Sizes in em and steps of macros that a formula may use: enough for mathematics, too little to hang a page. */
const MAX_SIZE_EM = 40;
const MAX_EXPANSIONS = 400;

/** As ours: a host page may have other files under KaTeX's own names. */
const FAMILY = 'AlcoveKaTeX_';

const sheet = new CSSStyleSheet();
const FONT_FACE = /@font-face\{[^}]*\}/g;
sheet.replaceSync(css.replace(FONT_FACE, '').replaceAll('KaTeX_', FAMILY));

const fontUrls = import.meta.glob<string>('/node_modules/katex/dist/fonts/*.woff2', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
});

/**
 * A formula as nodes, or undefined where it is none that KaTeX understands, or where what came out is not on the list.
 * Its MathML is for screen readers and for copying, its boxes are for the eye.
 */
export function renderFormula(tex: string, isDisplay: boolean): DocumentFragment | undefined {
  const fragment = document.createDocumentFragment();
  try {
    const tree: TreeNode = renderToDomTree(tex, {
      displayMode: isDisplay,
      throwOnError: true,
      trust: false,
      strict: 'ignore',
      maxSize: MAX_SIZE_EM,
      maxExpand: MAX_EXPANSIONS,
    });
    setStylesByScript(tree);
    fragment.append(tree.toNode());
  } catch {
    // Not TeX, or too much of it.
    return undefined;
  }
  return passesGate(fragment) ? fragment : undefined;
}

/** Not in KaTeX's types: what `render` calls before it makes nodes of the page. */
const { __renderToDomTree: renderToDomTree } = katex as unknown as {
  readonly __renderToDomTree: (tex: string, options: KatexOptions) => TreeNode;
};

/** A node of KaTeX's own tree, before it is one of the page's. */
interface TreeNode {
  readonly children?: readonly TreeNode[];
  readonly attributes?: Record<string, string>;
  toNode(): Node;
}

/**
 * Most of KaTeX's nodes get their styles by script; a few, such as the arrow of `\vec`, by a `style` attribute, which a
 * strict policy forbids. For those the attribute is taken away and its properties are set by script as well.
 */
function setStylesByScript(node: TreeNode): void {
  for (const child of node.children ?? []) setStylesByScript(child);
  const style = node.attributes?.['style'];
  if (style === undefined || node.attributes === undefined) return;
  delete node.attributes['style'];
  const toNode = node.toNode.bind(node);
  node.toNode = () => {
    const made = toNode();
    if (made instanceof SVGElement || made instanceof MathMLElement || made instanceof HTMLElement) {
      for (const [, name = '', value = ''] of style.matchAll(/([a-z-]+):\s*([^;]+)/g))
        made.style.setProperty(name, value);
    }
    return made;
  };
}

/** Gives a shadow root, or the document, what formulas look like; fonts belong to the document whatever the root. */
export function adoptFormulaStyles(root: Document | ShadowRoot): void {
  addFonts();
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

let hasFonts = false;

/** A font is fetched when a glyph of it is first drawn, from where this script came from. */
function addFonts(): void {
  if (hasFonts) return;
  hasFonts = true;
  for (const [rule] of css.matchAll(FONT_FACE)) {
    const property = (name: string): string => new RegExp(`${name}:([^;}]+)`).exec(rule)?.[1] ?? '';
    const file = /fonts\/([\w-]+\.woff2)/.exec(rule)?.[1];
    const url = fontUrls[`/node_modules/katex/dist/fonts/${file}`];
    if (url === undefined) continue;
    const family = property('font-family').replace('KaTeX_', FAMILY).replaceAll('"', '');
    const face = new FontFace(family, `url(${JSON.stringify(new URL(url, import.meta.url).href)}) format("woff2")`, {
      style: property('font-style'),
      weight: property('font-weight'),
      display: 'block',
    });
    document.fonts.add(face);
  }
}
