import { placesOf } from '../../chat/search/excerpt.ts';
import { foldedWords } from '../../chat/search/search-index.ts';
import type { LongText } from '../markdown/long-text.ts';

/** The highlight of found-words.styles.ts. All chats of a page share it, each with ranges of its own. */
const NAME = 'alcove-search-highlight';

/** Where the text of a message stands: in its own shadow root, and in those of the elements that draw it. */
const TEXT = '.question, .formatted, .source, .text';
/** What stands in it and is not the message's. */
const BESIDE = '.bar, .place, .limit';
/** Frames for which a word is held in its place: what comes into view gets its height in the second. */
const FRAMES = 6;
/** What scrolls sideways. */
const WIDE = 'pre, .table';

/**
 * Marks the words of a query in a message, and brings the first into view. An answer is drawn over several frames, and
 * its code anew when that gets its colours: what comes later is marked too. The marks go when the reader goes on, with a
 * click or by writing. A browser that has no highlights shows the place all the same.
 */
export class SearchHighlight {
  readonly #words: readonly string[];
  readonly #scroller: Element;
  readonly #ranges: StaticRange[] = [];
  readonly #seen = new WeakSet<Text>();
  readonly #end = new AbortController();
  readonly #drawing = new MutationObserver((records) => {
    for (const { addedNodes } of records) for (const node of addedNodes) this.#look(node);
  });
  #hasPlace = false;

  constructor(message: ParentNode & Node, query: string, scroller: Element) {
    this.#words = foldedWords(query);
    this.#scroller = scroller;
    this.#enter(message);
    for (const type of ['click', 'input']) {
      scroller.getRootNode().addEventListener(type, () => this.forget(), { signal: this.#end.signal });
    }
  }

  forget(): void {
    this.#end.abort();
    this.#drawing.disconnect();
    for (const range of this.#ranges.splice(0)) highlight()?.delete(range);
  }

  #enter(root: Node): void {
    this.#drawing.observe(root, { childList: true, subtree: true });
    this.#look(root);
  }

  #look(root: Node): void {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node: Node | null = root; node !== null; node = walker.nextNode()) {
      if (node instanceof Text) this.#mark(node);
      // A summary, which is folded. Thinking is not looked through.
      else if (node instanceof HTMLDetailsElement) node.open = true;
      else if (node instanceof HTMLElement && node.shadowRoot !== null) this.#lookInto(node, node.shadowRoot);
    }
  }

  #lookInto(element: HTMLElement, root: ShadowRoot): void {
    if (isLongText(element)) element.showTo(placesOf(element.text, this.#words).next().value?.end ?? 0);
    else if (element.localName !== 'alcove-markdown') return;
    this.#enter(root);
  }

  #mark(text: Text): void {
    const parent = text.parentElement;
    if (this.#seen.has(text) || parent === null || parent.closest(TEXT) === null || parent.closest(BESIDE) !== null) {
      return;
    }
    this.#seen.add(text);
    for (const { start, end } of placesOf(text.data, this.#words)) {
      const range = new StaticRange({ startContainer: text, startOffset: start, endContainer: text, endOffset: end });
      this.#ranges.push(range);
      highlight()?.add(range);
      if (!this.#hasPlace) void this.#hold(range, parent);
    }
  }

  /** What has not been in view has no height of its own yet. When it gets that, the word moves, and is brought back. */
  async #hold({ startContainer, startOffset, endContainer, endOffset }: StaticRange, parent: Element): Promise<void> {
    const range = document.createRange();
    range.setStart(startContainer, startOffset);
    range.setEnd(endContainer, endOffset);
    // What a formula says to a screen reader has no place, nor has a hidden source.
    this.#hasPlace = range.getClientRects().length > 0;
    if (!this.#hasPlace) return;
    // Code that gets its colours is drawn anew: the range has collapsed then.
    for (let frame = 0; frame < FRAMES && !range.collapsed && !this.#end.signal.aborted; frame += 1) {
      bringIntoView(range, this.#scroller, parent.closest(WIDE));
      await new Promise(requestAnimationFrame);
    }
  }
}

/** A third from the top, unless it is in view, as beside the beginning of its message. */
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
