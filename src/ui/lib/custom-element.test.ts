import { expect, test } from 'vitest';
import * as first from './custom-element.ts';

/** The module as another script of the page has it. */
const second = (await import(
  /* @vite-ignore */ new URL('./custom-element.ts?second', import.meta.url).href
)) as typeof first;

test('the first script of a page defines its elements, later ones too, and another script none', () => {
  const before = class extends HTMLElement {};
  first.customElement('test-before')(before);
  second.customElement('test-before')(class extends HTMLElement {});
  second.customElement('test-second')(class extends HTMLElement {});
  const after = class extends HTMLElement {};
  first.customElement('test-after')(after);
  expect(customElements.get('test-before')).toBe(before);
  expect(customElements.get('test-second')).toBeUndefined();
  expect(customElements.get('test-after')).toBe(after);
});

test('a second script defines <alcove-chat> as the class of the first one', () => {
  const chat = class extends HTMLElement {};
  second.offerChatElement(class extends HTMLElement {});
  second.defineChatElement();
  expect(customElements.get('alcove-chat')).toBeUndefined();
  first.offerChatElement(chat);
  second.defineChatElement();
  first.defineChatElement();
  expect(customElements.get('alcove-chat')).toBe(chat);
});
