/**
 * Several scripts of Alcove may be on one page: two copies, or two versions. A name of an element can be defined once, and the
 * elements of one version do not fit into those of another. So the first script defines its elements, those that it loads
 * later too, and the other scripts define none.
 */

/** What the scripts of a page share. Later versions must be able to read what this one writes. */
interface PageElements {
  /** The first script's class for <alcove-chat>; undefined while that script has not said it. */
  chat?: CustomElementConstructor;
}

const KEY = Symbol.for('alcove-chat.elements');
const page = globalThis as { [KEY]?: PageElements };
const own: PageElements = {};
page[KEY] ??= own;

const isFirst = page[KEY] === own;

/** Lit's decorator of this name, for the first script of the page only. */
export function customElement(name: string): (element: CustomElementConstructor) => void {
  return (element) => {
    if (isFirst && customElements.get(name) === undefined) customElements.define(name, element);
  };
}

/** Offers this script's class for <alcove-chat> to all scripts of the page. */
export function offerChatElement(chat: CustomElementConstructor): void {
  own.chat = chat;
}

/** Defines <alcove-chat> as the class of the page's first script, if no script has defined it. */
export function defineChatElement(): void {
  const chat = page[KEY]?.chat;
  if (chat !== undefined && customElements.get('alcove-chat') === undefined) customElements.define('alcove-chat', chat);
}
