import { placesOf } from '../../chat/search/excerpt.ts';
import { queryWords } from '../../chat/search/folded-text.ts';
import type { LongText } from '../markdown/long-text.ts';

/** The highlight of search-highlight.styles.ts. All chats of a page share it, each with its own ranges. */
const NAME = 'alcove-search-highlight';

/** Elements with the text of a message, in its shadow root and in those of the elements that render it. */
const MESSAGE_TEXT = '.question, .formatted, .source, .text';
/** Elements inside those whose text is not part of the message. */
const NOT_MESSAGE_TEXT = '.bar, .link-host, .limit';
/** Frames for which a match is kept in view: what scrolls into view gets its height in the second frame. */
const HOLD_FRAMES = 6;
/** Elements that scroll horizontally. */
const HORIZONTAL_SCROLLERS = 'pre, .table';

/**
 * Highlights the words of a query in a message and scrolls to the first match. An answer renders over several frames, and
 * its code again with syntax colours; text that renders later is highlighted too. The next click or input removes the
 * highlights. A browser without the CSS Custom Highlight API still scrolls to the match.
 */
export class SearchHighlight {
  readonly #words: readonly string[];
  readonly #scroller: Element;
  readonly #ranges: StaticRange[] = [];
  readonly #seen = new WeakSet<Text>();
  readonly #end = new AbortController();
  readonly #renders = new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) this.#search(node);
  });
  #isShown = false;

  constructor(message: ParentNode & Node, query: string, scroller: Element) {
    this.#words = queryWords(query);
    this.#scroller = scroller;
    this.#enter(message);
    for (const type of ['click', 'input']) {
      scroller.getRootNode().addEventListener(type, () => this.forget(), { signal: this.#end.signal });
    }
  }

  forget(): void {
    this.#end.abort();
    this.#renders.disconnect();
    for (const range of this.#ranges.splice(0)) highlight()?.delete(range);
  }

  #enter(root: Node): void {
    this.#renders.observe(root, { childList: true, subtree: true });
    this.#search(root);
  }

  #search(root: Node): void {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node: Node | null = root; node !== null; node = walker.nextNode()) {
      if (node instanceof Text) this.#mark(node);
      // Unfolds a summary. Reasoning is not searched.
      else if (node instanceof HTMLDetailsElement) node.open = true;
      else if (node instanceof HTMLElement && node.shadowRoot !== null) this.#searchIn(node, node.shadowRoot);
    }
  }

  #searchIn(element: HTMLElement, root: ShadowRoot): void {
    if (isLongText(element)) element.showTo(placesOf(element.text, this.#words).next().value?.end ?? 0);
    else if (element.localName !== 'alcove-markdown') return;
    this.#enter(root);
  }

  #mark(text: Text): void {
    const parent = text.parentElement;
    if (
      this.#seen.has(text) ||
      parent === null ||
      parent.closest(MESSAGE_TEXT) === null ||
      parent.closest(NOT_MESSAGE_TEXT) !== null
    ) {
      return;
    }
    this.#seen.add(text);
    for (const { start, end } of placesOf(text.data, this.#words)) {
      const range = new StaticRange({ startContainer: text, startOffset: start, endContainer: text, endOffset: end });
      this.#ranges.push(range);
      highlight()?.add(range);
      if (!this.#isShown) void this.#keepInView(range, parent);
    }
  }

  /** Content that was never in view gets its height when it scrolls into view, which moves the match; scroll again then. */
  async #keepInView(
    { startContainer, startOffset, endContainer, endOffset }: StaticRange,
    parent: Element,
  ): Promise<void> {
    const range = document.createRange();
    range.setStart(startContainer, startOffset);
    range.setEnd(endContainer, endOffset);
    // A formula's text for screen readers has no boxes, nor has hidden source text.
    this.#isShown = range.getClientRects().length > 0;
    if (!this.#isShown) return;
    // Syntax colours replace the text of code, which collapses the range.
    for (let frame = 0; frame < HOLD_FRAMES && !range.collapsed && !this.#end.signal.aborted; frame += 1) {
      bringIntoView(range, this.#scroller, parent.closest(HORIZONTAL_SCROLLERS));
      await new Promise(requestAnimationFrame);
    }
  }
}

/** Scrolls the match to a third of the view from the top, unless it is in view already. */
function bringIntoView(range: Range, scroller: Element, wide: Element | null): void {
  const word = range.getBoundingClientRect();
  const view = scroller.getBoundingClientRect();
  const frame = wide?.getBoundingClientRect() ?? word;
  if (word.top < view.top || word.bottom > view.bottom) {
    scroller.scrollBy(0, word.top - view.top - view.height / 3);
  }
  if (word.left < frame.left || word.right > frame.right) {
    wide?.scrollBy(word.left - frame.left - frame.width / 3, 0);
  }
}

function highlight(): Highlight | undefined {
  if (!('highlights' in CSS)) return undefined;
  const shared = CSS.highlights.get(NAME) ?? new Highlight();
  CSS.highlights.set(NAME, shared);
  return shared;
}

function isLongText(element: HTMLElement): element is LongText {
  return element.localName === 'alcove-long-text';
}
