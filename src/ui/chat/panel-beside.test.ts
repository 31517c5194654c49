import { afterEach, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { showChat } from '../testing/show-chat.ts';
import { STATES } from '../testing/states.ts';
import type { ChatView } from './chat-view.ts';

let view: ChatView;
let session: FixtureSession;

beforeEach(async () => {
  await page.viewport(830, 700);
  session = new FixtureSession(STATES.ready);
  view = await showChat(session);
  view.style.blockSize = '700px';
  button(view, 'This chat').click();
  await expect.poll(() => deepText(view)).toContain('Temperature');
  await settle(view);
});

afterEach(() => view.remove());

test('the settings are beside the chat, which stays in view and usable', async () => {
  const panel = deepQuery(view, '.panel').getBoundingClientRect();
  expect(panel.width).toBe(360);
  for (const part of ['.bar', '.scroller', '.foot']) {
    expect(deepQuery(view, part).inert).toBe(false);
    expect(deepQuery(view, part).getBoundingClientRect().right).toBeLessThanOrEqual(panel.left);
  }
  await userEvent.click(deepQuery(view, 'textarea'));
  await userEvent.keyboard('And Mars?{Enter}');
  await settle(view);
  expect(session.calls.at(-1)).toEqual(['send', 'And Mars?']);
});

test('they stay when a first message begins a chat, and closing them leaves the focus in the message', async () => {
  session.set({ chat: undefined });
  await settle(view);
  session.set({ chat: STATES.ready.chat });
  await settle(view);
  expect(deepQueryAll(view, '.panel')).toHaveLength(1);
  await userEvent.click(deepQuery(view, 'textarea'));
  view.closePanel();
  await settle(view);
  expect(deepQueryAll(view, '.panel')).toEqual([]);
  expect(view.shadowRoot?.activeElement?.localName).toBe('alcove-composer');
});

test('where the chat has too little room beside them, the settings cover it', async () => {
  await page.viewport(760, 700);
  await expect.poll(() => deepQuery(view, '.scroller').inert).toBe(true);
  expect(deepQuery(view, '.panel').getBoundingClientRect().width).toBe(760);
});
