/** All matching elements, through open shadow roots, in document order. */
export function deepQueryAll(root: Element, selector: string): HTMLElement[] {
  const found: HTMLElement[] = [];
  const visit = (node: Element | ShadowRoot): void => {
    for (const child of node.children) {
      if (child instanceof HTMLElement && child.matches(selector)) found.push(child);
      if (child.shadowRoot !== null) visit(child.shadowRoot);
      visit(child);
    }
  };
  if (root.shadowRoot !== null) visit(root.shadowRoot);
  visit(root);
  return found;
}

/** @throws Error when nothing matches */
export function deepQuery(root: Element, selector: string): HTMLElement {
  const [found] = deepQueryAll(root, selector);
  if (found === undefined) throw new Error(`no ${selector}`);
  return found;
}

/** The button with that name. @throws Error when there is none */
export function button(root: Element, name: string): HTMLButtonElement {
  const found = deepQueryAll(root, 'button').find(
    (candidate) => (candidate.getAttribute('aria-label') ?? candidate.textContent?.trim()) === name,
  );
  if (!(found instanceof HTMLButtonElement)) throw new Error(`no button “${name}”`);
  return found;
}

/** The text of an element, shadow roots included, without styles. */
export function deepText(root: Element): string {
  const parts: string[] = [];
  const visit = (node: Node): void => {
    if (node instanceof Text) parts.push(node.data);
    if (node instanceof HTMLStyleElement || (node instanceof HTMLElement && !isVisible(node))) return;
    if (node instanceof Element && node.shadowRoot !== null) visit(node.shadowRoot);
    for (const child of node.childNodes) visit(child);
  };
  visit(root);
  return parts.join('').replace(/\s+/g, ' ');
}

/** An element without a box of its own counts as invisible to the browser, though its children have boxes. */
function isVisible(element: HTMLElement): boolean {
  return element.checkVisibility() || getComputedStyle(element).display === 'contents';
}

interface Updating extends HTMLElement {
  readonly updateComplete: Promise<boolean>;
}

/** Waits until every component below has updated and a frame has passed. */
export async function settle(root: HTMLElement): Promise<void> {
  // Else loaded when the first error needs them.
  await Promise.all([import('../errors/error-messages.ts'), import('../errors/notice.ts')]);
  for (let round = 0; round < 4; round += 1) {
    const all = [root, ...deepQueryAll(root, '*')].filter((node): node is Updating => 'updateComplete' in node);
    await Promise.all(all.map((node) => node.updateComplete));
    await new Promise(requestAnimationFrame);
  }
}
