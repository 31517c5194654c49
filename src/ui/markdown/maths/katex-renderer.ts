import katex, { type KatexOptions } from 'katex';
import css from 'katex/dist/katex.min.css?raw';
import { type BuiltFile, decodeFile } from '../../../platform/built-file.ts';
import { passesGate } from './formula-gate.ts';
import { KATEX_FONTS } from './katex-fonts.ts';

/** Limits for sizes, in em, and macro expansions: enough for mathematics, too little to block the page. */
const MAX_SIZE_EM = 40;
const MAX_EXPANSIONS = 400;

/** Our own font names: a host page may have other files under KaTeX's names. */
const FAMILY = 'AlcoveKaTeX_';

const sheet = new CSSStyleSheet();
const FONT_FACE = /@font-face\{[^}]*\}/g;
sheet.replaceSync(css.replace(FONT_FACE, '').replaceAll('KaTeX_', FAMILY));

/**
 * Renders a formula to nodes; undefined where KaTeX cannot parse it or its output is not on the allow-list. The MathML is
 * for screen readers and for copying, the HTML for display.
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
    // Not TeX, or over a limit.
    return undefined;
  }
  return passesGate(fragment) ? fragment : undefined;
}

/** Missing in KaTeX's types: what `render` calls before it creates DOM nodes. */
const { __renderToDomTree: renderToDomTree } = katex as unknown as {
  readonly __renderToDomTree: (tex: string, options: KatexOptions) => TreeNode;
};

/** A node of KaTeX's own tree. */
interface TreeNode {
  readonly children?: readonly TreeNode[];
  readonly attributes?: Record<string, string>;
  toNode(): Node;
}

/**
 * KaTeX sets most styles by script; a few, such as for the arrow of `\vec`, by a `style` attribute, which a strict policy
 * forbids. This removes the attribute and sets its properties by script.
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

/** Adds the styles of formulas to a shadow root or document; fonts are always added to the document. */
export function adoptFormulaStyles(root: Document | ShadowRoot): void {
  addFonts();
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

let hasFonts = false;

/** A font that has a URL loads when one of its glyphs is first rendered; text, with the first formula. */
function addFonts(): void {
  if (hasFonts) return;
  hasFonts = true;
  for (const [rule] of css.matchAll(FONT_FACE)) {
    const property = (name: string): string => new RegExp(`${name}:([^;}]+)`).exec(rule)?.[1] ?? '';
    const file = KATEX_FONTS[/fonts\/KaTeX_([\w-]+)\.woff2/.exec(rule)?.[1] ?? ''];
    if (file === undefined) continue;
    const family = property('font-family').replace('KaTeX_', FAMILY).replaceAll('"', '');
    void addFont(family, file, {
      style: property('font-style'),
      weight: property('font-weight'),
      display: 'block',
    });
  }
}

async function addFont(family: string, file: BuiltFile, descriptors: FontFaceDescriptors): Promise<void> {
  const source =
    'url' in file ? `url(${JSON.stringify(file.url)}) format("woff2")` : await decodeFile(await file.load());
  document.fonts.add(new FontFace(family, source, descriptors));
}
