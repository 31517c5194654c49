import katex from 'katex';
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
  const holder = document.createElement('span');
  try {
    katex.render(tex, holder, {
      displayMode: isDisplay,
      throwOnError: true,
      trust: false,
      strict: 'ignore',
      maxSize: MAX_SIZE_EM,
      maxExpand: MAX_EXPANSIONS,
    });
  } catch {
    // Not TeX, or too much of it.
    return undefined;
  }
  if (!passesGate(holder)) return undefined;
  const fragment = document.createDocumentFragment();
  fragment.append(...holder.childNodes);
  return fragment;
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
