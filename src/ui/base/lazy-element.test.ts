import { html, nothing, render } from 'lit';
import { afterEach, expect, test } from 'vitest';
import { lazyElement } from './lazy-element.ts';

afterEach(() => document.body.replaceChildren());

test('an element is loaded once it is rendered, again after a failure, and not when it is already defined', async () => {
  const answers = [Promise.reject(new Error('offline')), Promise.resolve()];
  let loads = 0;
  const load = (): Promise<unknown> => {
    loads += 1;
    return answers.shift() ?? Promise.resolve();
  };
  const container = document.createElement('div');
  document.body.append(container);
  const draw = (isShown: boolean): void => {
    render(
      isShown ? html`<alcove-lazy-test ${lazyElement(load)} .label=${'kept'}></alcove-lazy-test>` : nothing,
      container,
    );
  };
  draw(false);
  expect(loads).toBe(0);
  draw(true);
  expect(loads).toBe(1);
  draw(true);
  expect(loads).toBe(2);
  customElements.define('alcove-lazy-test', class extends HTMLElement {});
  draw(true);
  expect(loads).toBe(2);
  expect(document.querySelector('alcove-lazy-test')).toHaveProperty('label', 'kept');
});
