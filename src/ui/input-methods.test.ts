import { html, render } from 'lit';
import { afterEach, expect, test } from 'vitest';
import { ConfirmButton } from './base/confirm-button.ts';
import { MessageEditor } from './chat/message/message-editor.ts';
import { panelView } from './chat/panel.ts';
import { pressedKey } from './lib/pressed-key.ts';
import { CommandPalette } from './shell/command-palette.ts';
import { FixtureSession } from './testing/fixture-session.ts';
import { STATES } from './testing/states.ts';

afterEach(() => document.body.replaceChildren());

const pressed = (key: string, init: KeyboardEventInit = {}) =>
  new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...init });

/** A key while an input method composes: as Chromium and Firefox send it, and as Safari does for the key that ends it. */
const composing = (key: string): readonly KeyboardEvent[] => [
  pressed(key, { isComposing: true }),
  pressed(key, { keyCode: 229 }),
];

test('a key that an input method uses is no key', () => {
  for (const event of composing('Enter')) expect(pressedKey(event)).toBeUndefined();
  expect(pressedKey(pressed('Enter', { keyCode: 13 }))).toBe('Enter');
});

test('Escape and Enter while composing keep the editor open, with its text', async () => {
  const editor = new MessageEditor();
  const ends: Event[] = [];
  editor.addEventListener('alcove-edit-end', (event) => ends.push(event));
  document.body.append(editor);
  await editor.updateComplete;
  const field = editor.renderRoot.querySelector('textarea');
  for (const event of [...composing('Escape'), ...composing('Enter')]) field?.dispatchEvent(event);
  expect(ends).toEqual([]);
  field?.dispatchEvent(pressed('Escape'));
  expect(ends).toHaveLength(1);
});

test('Escape while composing closes no panel', () => {
  let closed = 0;
  const close = (): void => {
    closed += 1;
  };
  render(html`${panelView('branches', new FixtureSession(STATES.ready), {}, close)}`, document.body);
  const panel = document.body.querySelector('section');
  for (const event of composing('Escape')) panel?.dispatchEvent(event);
  expect(closed).toBe(0);
  panel?.dispatchEvent(pressed('Escape'));
  expect(closed).toBe(1);
});

test('Enter while composing performs nothing in the palette, and Escape takes back no question', async () => {
  const palette = new CommandPalette();
  let performed = 0;
  const perform = (): void => {
    performed += 1;
  };
  palette.items = [{ kind: 'command', label: 'New chat', icon: 'plus', perform }];
  document.body.append(palette);
  await palette.updateComplete;
  const field = palette.renderRoot.querySelector('input');
  for (const event of composing('Enter')) field?.dispatchEvent(event);
  expect(performed).toBe(0);

  const button = new ConfirmButton();
  document.body.append(button);
  await button.updateComplete;
  button.renderRoot.querySelector<HTMLElement>('.ask')?.click();
  await button.updateComplete;
  for (const event of composing('Escape')) button.renderRoot.querySelector('.now')?.dispatchEvent(event);
  await button.updateComplete;
  expect(button.renderRoot.querySelector('.now')).not.toBeNull();
});
