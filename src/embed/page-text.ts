export interface PageText {
  /** Text of the page. */
  readonly text: string;
  /** Selector of elements whose visible text is read; `''` for none. */
  readonly selector: string;
  /** The element of the chat: its own text is not read. */
  readonly chat: HTMLElement;
}

/** The text that the page gives the model, as it is now. */
export function readPageText({ text, selector, chat }: PageText): string {
  const root = chat.getRootNode();
  const elements =
    selector === '' ? [] : [...(root instanceof ShadowRoot ? root : document).querySelectorAll(selector)];
  const texts = elements
    .filter((element) => !elements.some((other) => other !== element && other.contains(element)))
    .map((element) => visibleText(element, chat));
  return [text, ...texts]
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .join('\n\n');
}

function visibleText(element: Element, chat: HTMLElement): string {
  if (element === chat) return '';
  if (!(element instanceof HTMLElement)) return element.textContent ?? '';
  // biome-ignore lint/performance/useDomNodeTextContent: textContent has scripts, styles and what is hidden, too.
  const text = element.innerText;
  // biome-ignore lint/performance/useDomNodeTextContent: as it is in the text above.
  const own = element.contains(chat) ? chat.innerText.trim() : '';
  return own === '' ? text : text.replace(own, '');
}
