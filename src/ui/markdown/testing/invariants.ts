/**
 * Checks what may be in the page after any answer. Independent of the code that builds it, so that it finds that code's
 * mistakes. Throws an error that says what was found.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  P: ['dir', 'class'],
  H3: ['dir'],
  H4: ['dir'],
  H5: ['dir'],
  H6: ['dir'],
  UL: ['dir'],
  OL: ['dir', 'start'],
  LI: ['class'],
  BLOCKQUOTE: ['dir'],
  STRONG: [],
  EM: [],
  DEL: [],
  SUP: [],
  SUB: [],
  KBD: [],
  U: [],
  DETAILS: ['dir', 'open'],
  SUMMARY: [],
  CODE: ['class'],
  BR: [],
  HR: [],
  A: ['dir', 'title', 'target', 'rel', 'referrerpolicy', 'class', 'role', 'tabindex', 'data-href'],
  SPAN: ['class', 'role', 'aria-label', 'title', 'tabindex'],
  IMG: ['src', 'alt'],
  DIV: ['class', 'tabindex', 'role', 'aria-label', 'dir'],
  BUTTON: ['type', 'class', 'aria-pressed', 'aria-label'],
  PRE: ['class', 'dir', 'tabindex', 'role', 'aria-label'],
  TABLE: ['dir'],
  THEAD: [],
  TBODY: [],
  TR: [],
  TH: ['class'],
  TD: ['class'],
};

const CLASSES =
  /^(?:part|verbatim|rest|limit|task|link-host|picture|box(?: checked)?|code|bar|language|copy|wrap|download|table|long|center|left|right|asks|note|note-mark|note-back|formula(?: display)?|language-[a-z]{1,20}|keyword|string|comment|number|function|type|attribute|variable|meta|added|removed)$/;

/** Where a link leads once it is pressed; until then it has no `href`. */
const ADDRESS = /^(?:https?:\/\/[^@\s/?#]+(?:[/?#][^\s]*)?|mailto:[^\s]*)$/;
const PICTURE = /^data:image\/(?:png|jpeg|gif|webp);base64,/;

/** Elements of KaTeX, allowed inside formulas. */
const FORMULA_ELEMENTS = new Set(
  'span svg path line math semantics annotation mrow mi mn mo ms mtext mspace msup msub msubsup mover munder munderover mfrac msqrt mroot mtable mtr mlabeledtr mtd mstyle mpadded mphantom menclose'.split(
    ' ',
  ),
);

export function checkInvariants(container: Element): void {
  check(container);
}

function check(parent: Element): void {
  for (let element = parent.firstElementChild; element !== null; element = element.nextElementSibling) {
    checkElement(element);
    if (element.className === 'formula' || element.className === 'formula display') checkFormula(element);
    else check(element);
  }
}

function checkElement(element: Element): void {
  const allowed = ALLOWED[element.tagName];
  if (allowed === undefined) throw new Error(`element ${element.outerHTML.slice(0, 200)}`);
  for (const { name, value } of element.attributes) {
    const where = `${element.tagName} ${name}="${value.slice(0, 200)}"`;
    if (!allowed.includes(name)) throw new Error(`attribute ${where}`);
    if (name === 'class' && !CLASSES.test(value)) throw new Error(`class ${where}`);
    if (name === 'data-href' && !ADDRESS.test(value)) throw new Error(`address ${where}`);
    if (name === 'src' && !PICTURE.test(value)) throw new Error(`source ${where}`);
  }
  if (element instanceof HTMLAnchorElement && element.hasAttribute('data-href')) {
    const { rel, referrerPolicy, target } = element;
    if (rel !== 'noopener noreferrer nofollow' || referrerPolicy !== 'no-referrer' || target !== '_blank') {
      throw new Error(`link ${element.outerHTML.slice(0, 200)}`);
    }
  }
}

function checkFormula(formula: Element): void {
  for (const element of formula.querySelectorAll('*')) {
    if (!FORMULA_ELEMENTS.has(element.localName)) throw new Error(`in a formula: ${element.outerHTML.slice(0, 200)}`);
    for (const { name, value } of element.attributes) {
      const where = `in a formula: ${element.localName} ${name}="${value.slice(0, 200)}"`;
      if (/^on|href|src|^id$|^name$|action|data/.test(name)) throw new Error(where);
      if (name !== 'xmlns' && /url\(|:\/\/|script:|expression|@import/i.test(value)) throw new Error(where);
      if (name === 'style' && /position:\s*fixed|z-index/.test(value)) throw new Error(where);
    }
  }
}

/** A container's content as one string, without formulas and colours, which are added later. */
export function signature(node: Node): string {
  if (node instanceof Text) return node.data;
  if (!(node instanceof Element)) return '';
  const attributes = [...node.attributes].map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`).join('');
  let content = '';
  if (node.localName === 'code') content = node.textContent;
  else if (!node.className.startsWith('formula')) for (const child of node.childNodes) content += signature(child);
  return `<${node.localName}${attributes}>${content}</>`;
}
