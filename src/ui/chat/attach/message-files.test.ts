import { afterEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { otherParts } from '../../../chat/message-parts.ts';
import { updateMessage } from '../../../chat/tree.ts';
import { button, deepQuery, deepQueryAll, settle } from '../../testing/deep-dom.ts';
import type { FixtureSession } from '../../testing/fixture-session.ts';
import { showApp } from '../../testing/show-app.ts';

afterEach(() => document.querySelector('alcove-app')?.remove());

async function show() {
  const app = await showApp('files-sent');
  const inFiles = (selector: string) =>
    deepQueryAll(app, 'alcove-message-files').flatMap((files) => deepQueryAll(files, selector));
  await expect.poll(() => inFiles('img')).toHaveLength(1);
  await settle(app);
  return { app, inFiles };
}

test('the pictures of a sent message are shown, and a click shows one larger until Escape', async () => {
  const { app, inFiles } = await show();
  deepQuery(app, '.thumbnail').click();
  await expect
    .poll(() => inFiles('dialog[open] img').map((image) => image.getAttribute('alt')))
    .toEqual(['harbour.jpg']);
  inFiles('dialog')[0]?.dispatchEvent(new Event('close'));
  await expect.poll(() => inFiles('dialog')).toEqual([]);
});

test('a document that was sent can be saved under its name, and one that is not on this device says so', async () => {
  const { inFiles } = await show();
  const saved: HTMLAnchorElement[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this);
  });
  const name = 'Report of the harbour master on tides and lights, with all tables.pdf';
  const buttons = inFiles('.file button');
  expect(buttons.map(({ ariaLabel }) => ariaLabel)).toEqual([`Save ${name}`]);
  buttons[0]?.click();
  click.mockRestore();
  expect(saved.map(({ download }) => download)).toEqual([name]);
  expect(await (await fetch(saved[0]?.href ?? '')).text()).toBe('%PDF-1.7');
  expect(inFiles('.file.failed').map((file) => file.textContent?.replace(/\s+/g, ' ').trim())).toEqual([
    'notes.md Its contents are not on this device. Attach the file again.',
  ]);
});

test('a question with files can be edited into one without a text', async () => {
  const { app } = await show();
  const session = app.session as FixtureSession;
  button(app, 'Edit').click();
  await expect.poll(() => deepQueryAll(app, 'textarea')).toHaveLength(2);
  const [field] = deepQueryAll(app, 'textarea') as HTMLTextAreaElement[];
  await userEvent.clear(field as Element);
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await expect.poll(() => session.calls.at(-1)).toEqual(['edit', 'q', '']);
});

test('a message that is files alone has no empty bubble', async () => {
  const { app } = await show();
  const session = app.session as FixtureSession;
  const { chat } = session.state;
  const question = chat?.messages.get('q');
  if (chat === undefined || question === undefined) throw new Error('the fixture has no question');
  const bubbles = () => deepQueryAll(app, '.question').map(({ textContent }) => textContent);
  expect(bubbles()).toEqual(['Which boat is this, and may it enter now?']);
  session.set({ chat: updateMessage(chat, 'q', { parts: otherParts(question) }) });
  await settle(app);
  expect(bubbles()).toEqual([]);
  expect(deepQueryAll(app, 'alcove-message-files')).toHaveLength(1);
});
