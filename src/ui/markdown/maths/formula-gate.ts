import type { FormulaElement, FormulaNode } from './formula-protocol.ts';

/**
 * Builds the nodes of KaTeX's output by an allow-list: its elements, attributes and style properties, and nothing that loads,
 * links or runs. `trust: false` forbids links, images and foreign classes. If a version of KaTeX fails at that, a formula with
 * anything else is not shown.
 */
const XHTML = 'http://www.w3.org/1999/xhtml';

/** The namespaces that these elements begin. */
const NAMESPACES: Readonly<Record<string, string>> = {
  svg: 'http://www.w3.org/2000/svg',
  math: 'http://www.w3.org/1998/Math/MathML',
};

const ELEMENTS: ReadonlySet<string> = new Set(
  `span svg path line math semantics annotation mrow mi mn mo ms mtext mspace msup msub msubsup mover munder munderover
  mfrac msqrt mroot mtable mtr mlabeledtr mtd mstyle mpadded mphantom menclose`.split(/\s+/),
);

const ATTRIBUTES: ReadonlySet<string> = new Set(
  `class style aria-hidden xmlns display encoding width height viewBox preserveAspectRatio d x1 x2 y1 y2 stroke-width
  mathvariant accent accentunder stretchy fence separator minsize maxsize rowspacing columnalign columnspacing
  columnlines rowlines scriptlevel displaystyle mathcolor mathbackground mathsize lspace rspace voffset depth notation
  linethickness movablelimits symmetric largeop rowalign side lquote rquote`.split(/\s+/),
);

/** Matches a URL in a value: `url(…)`, also with CSS escapes, or anything with a scheme. */
const LEADS_SOMEWHERE = /url|\\|:\/\/|@|expression|script:/i;

/** @returns undefined where something is not on the list; no element of it has then been created */
export function buildFormula(nodes: readonly FormulaNode[]): DocumentFragment | undefined {
  if (!nodes.every(passes)) return undefined;
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes.map((node) => build(node, XHTML)));
  return fragment;
}

function passes(node: FormulaNode): boolean {
  if (typeof node === 'string') return true;
  return ELEMENTS.has(node.name) && node.attributes.every(isAllowed) && node.children.every(passes);
}

function isAllowed([name, value]: FormulaElement['attributes'][number]): boolean {
  if (!ATTRIBUTES.has(name)) return false;
  if (name === 'class') return /^[\w -]*$/.test(value);
  return name === 'xmlns' ? Object.values(NAMESPACES).includes(value) : !LEADS_SOMEWHERE.test(value);
}

function build(node: FormulaNode, around: string): Node {
  if (typeof node === 'string') return document.createTextNode(node);
  const namespace = NAMESPACES[node.name] ?? around;
  const element = document.createElementNS(namespace, node.name);
  for (const [name, value] of node.attributes) {
    // A strict policy forbids style attributes.
    if (name === 'style') setStyle(element, value);
    else element.setAttribute(name, value);
  }
  element.append(...node.children.map((child) => build(child, namespace)));
  return element;
}

function setStyle(element: Element, style: string): void {
  if (!(element instanceof HTMLElement || element instanceof SVGElement || element instanceof MathMLElement)) return;
  for (const [, name = '', value = ''] of style.matchAll(/([a-z-]+):\s*([^;]+)/g))
    element.style.setProperty(name, value);
}
