/**
 * Allow-list for KaTeX's output: its elements, attributes and style properties, and nothing that loads, links or runs.
 * KaTeX escapes all text, and `trust: false` forbids links, images and foreign classes. If a version of KaTeX fails at that,
 * a formula with anything else is not shown.
 */
const NAMESPACES: ReadonlySet<string | null> = new Set([
  'http://www.w3.org/1999/xhtml',
  'http://www.w3.org/2000/svg',
  'http://www.w3.org/1998/Math/MathML',
]);

const ELEMENTS: ReadonlySet<string> = new Set(
  `span svg path line math semantics annotation mrow mi mn mo ms mtext mspace msup msub msubsup mover munder munderover
  mfrac msqrt mroot mtable mtr mlabeledtr mtd mstyle mpadded mphantom menclose`.split(/\s+/),
);

const ATTRIBUTES: ReadonlySet<string> = new Set(
  `class data-style aria-hidden xmlns display encoding width height viewBox preserveAspectRatio d x1 x2 y1 y2 stroke-width
  mathvariant accent accentunder stretchy fence separator minsize maxsize rowspacing columnalign columnspacing
  columnlines rowlines scriptlevel displaystyle mathcolor mathbackground mathsize lspace rspace voffset depth notation
  linethickness movablelimits symmetric largeop rowalign side lquote rquote`.split(/\s+/),
);

/** Matches a URL in a value: `url(…)`, also with CSS escapes, or anything with a scheme. */
const LEADS_SOMEWHERE = /url|\\|:\/\/|@|expression|script:/i;

/** Looks at all that is below `root`. */
export function passesGate(root: Node): boolean {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ALL);
  for (let node: Node | null = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof Text) continue;
    if (!(node instanceof Element) || !passes(node)) return false;
  }
  return true;
}

function passes(element: Element): boolean {
  if (!NAMESPACES.has(element.namespaceURI) || !ELEMENTS.has(element.localName)) return false;
  return [...element.attributes].every(({ name, value, namespaceURI }) => {
    // The parser puts this attribute into a namespace of its own.
    if (name === 'xmlns') return NAMESPACES.has(value);
    if (namespaceURI !== null || !ATTRIBUTES.has(name)) return false;
    if (name === 'class') return /^[\w -]*$/.test(value);
    return !LEADS_SOMEWHERE.test(value);
  });
}
