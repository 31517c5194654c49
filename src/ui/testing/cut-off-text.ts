/** Room in px for rounding, and for what italic letters and some scripts draw outside of their box. */
const TOLERANCE_PX = 2;

interface Clip {
  readonly rect: DOMRect;
  readonly x: string;
  readonly y: string;
  readonly isShortened: boolean;
}

/**
 * Lists the texts that the user cannot read whole: outside of the window, outside of their own button or label, or cut off by
 * a box that does not scroll. A text that ends in … by design, such as a long title, is left out.
 */
export function findCutOffTexts(root: Element): string[] {
  const clips = new Map<Element, Clip>();
  const clipOf = (element: Element): Clip => {
    const known = clips.get(element);
    if (known !== undefined) return known;
    const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(element);
    const isShortened = textOverflow === 'ellipsis' || webkitLineClamp !== 'none';
    const clip = { rect: element.getBoundingClientRect(), x: overflowX, y: overflowY, isShortened };
    clips.set(element, clip);
    return clip;
  };
  return textNodes(root).flatMap((node) => {
    const { parentElement } = node;
    if (parentElement === null || !isSeen(parentElement)) return [];
    const range = document.createRange();
    range.selectNodeContents(node);
    const fault = faultOf(range.getBoundingClientRect(), parentElement, clipOf);
    return fault === undefined ? [] : [`${fault}: “${node.data.trim().slice(0, 60)}” in ${nameOf(parentElement)}`];
  });
}

function faultOf(text: DOMRect, parent: Element, clipOf: (element: Element) => Clip): string | undefined {
  if (text.width === 0) return undefined;
  let [isFreeX, isFreeY] = [false, false];
  for (let box: Element | null = parent; box !== null; box = flatParent(box)) {
    const { rect, x, y, isShortened } = clipOf(box);
    if (isShortened) return undefined;
    const [isWide, isHigh] = [
      exceeds(text.left, text.right, rect.left, rect.right),
      exceeds(text.top, text.bottom, rect.top, rect.bottom),
    ];
    if (isWide && !isFreeX && box.matches('button, .button, summary, label, input, select')) return 'spills out';
    if (!isFreeX && isWide && (x === 'hidden' || x === 'clip')) return 'cut off at a side';
    if (!isFreeY && isHigh && (y === 'hidden' || y === 'clip')) return 'cut off above or below';
    isFreeX ||= x === 'auto' || x === 'scroll';
    isFreeY ||= y === 'auto' || y === 'scroll';
  }
  return !isFreeX && exceeds(text.left, text.right, 0, innerWidth) ? 'outside of the window' : undefined;
}

function exceeds(start: number, end: number, from: number, to: number): boolean {
  return start < from - TOLERANCE_PX || end > to + TOLERANCE_PX;
}

function textNodes(root: Element): Text[] {
  const found: Text[] = [];
  const visit = (node: Node): void => {
    if (node instanceof Text && node.data.trim() !== '') found.push(node);
    if (node instanceof HTMLStyleElement || node instanceof HTMLOptionElement) return;
    if (node instanceof Element && node.shadowRoot !== null) visit(node.shadowRoot);
    for (const child of node.childNodes) visit(child);
  };
  visit(root);
  return found;
}

/** Not the texts that only a screen reader gets. */
function isSeen(element: Element): boolean {
  if (!element.checkVisibility({ visibilityProperty: true })) return false;
  for (let node: Element | null = element; node !== null; node = flatParent(node)) {
    if (getComputedStyle(node).clipPath === 'inset(50%)') return false;
  }
  return true;
}

function flatParent(element: Element): Element | null {
  if (element.assignedSlot !== null) return element.assignedSlot;
  const { parentNode } = element;
  if (parentNode instanceof ShadowRoot) return parentNode.host;
  return parentNode instanceof Element ? parentNode : null;
}

function nameOf(element: Element): string {
  const { parentNode } = element;
  const classes = [...element.classList].map((name) => `.${name}`).join('');
  const root = element.getRootNode();
  const inside = root instanceof ShadowRoot ? ` of ${root.host.localName}` : '';
  const parent = parentNode instanceof Element ? `${parentNode.localName} ` : '';
  return `${parent}${element.localName}${classes}${inside}`;
}
