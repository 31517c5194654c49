import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { replaceMessage } from '../../../chat/tree.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../../testing/deep-dom.ts';
import { FixtureSession } from '../../testing/fixture-session.ts';
import { showChat } from '../../testing/show-chat.ts';
import { STATES } from '../../testing/states.ts';
import type { ChatView } from '../chat-view.ts';

let view: ChatView | undefined;

beforeAll(async () => {
  await import('../conversation-view.ts');
  await import('./tool-call-view.ts');
});

afterEach(() => view?.remove());

test('the user reads the arguments and answers, and the focus stays on the call', async () => {
  const session = new FixtureSession(STATES['tool-question']);
  view = await showChat(session);
  const asked = STATES['tool-question'].toolQuestion;
  for (const [label, answer] of [
    ['Allow once', 'once'],
    ['Always in this chat', 'always-in-chat'],
    ['Don’t allow', 'never'],
  ] as const) {
    session.set({ toolQuestion: asked });
    await settle(view);
    expect(deepText(view)).toContain('"comment": "Good for a long walk"');
    button(view, label).focus();
    await userEvent.keyboard('{Enter}');
    expect(session.calls.at(-1)).toEqual(['answerToolCall', 'c1', answer]);
    session.set({ toolQuestion: undefined });
    await settle(view);
    expect(deepText(view)).not.toContain('Allow once');
    const row = deepQuery(view, 'alcove-tool-call');
    expect(row?.shadowRoot?.activeElement?.localName).toBe('summary');
  }
});

test('a call is opened with the keyboard, and shows arguments, result and what was cut off', async () => {
  const { chat } = STATES['tool-calls'];
  const answer = chat?.messages.get('a3');
  if (chat === undefined || answer === undefined) throw new Error('unreachable');
  const parts = answer.parts.map((part) => {
    return part.type === 'tool-result' ? { ...part, omittedCharacters: 9_999_000 } : part;
  });
  const messages = new Map(chat.messages).set('a3', { ...answer, status: 'stopped', parts });
  view = await showChat(new FixtureSession({ ...STATES['tool-calls'], chat: { ...chat, messages } }));
  const summary = deepQuery(view, 'summary');
  if (!(summary instanceof HTMLElement)) throw new Error('no call');
  expect(deepText(view)).not.toContain('384400');
  // The answer has ended before the call.
  expect(deepText(view)).toContain('Not finished');
  summary.focus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => deepText(view ?? document.body)).toContain('"kilometres": 384400');
  expect(deepText(view)).toContain('9,999,000 more characters were left out');
});

test('an answer with a call in its middle is copied whole as formatted text', async () => {
  const written: ClipboardItem[] = [];
  vi.spyOn(navigator.clipboard, 'write').mockImplementation(async (items) => void written.push(...items));
  const state = STATES['tool-calls'];
  const message = state.chat?.messages.get('a3');
  if (state.chat === undefined || message === undefined) throw new Error('the state has no answer');
  const [before, call, result] = message.parts;
  const parts = [before, call, result, { type: 'text', text: '**384,400** km' } as const].filter(
    (part) => part !== undefined,
  );
  view = await showChat(
    new FixtureSession({ ...state, chat: replaceMessage(state.chat, { ...message, status: 'complete', parts }) }),
  );
  await expect.poll(() => deepText(view ?? document.body)).toContain('384,400 km');
  const last = deepQueryAll(view, 'alcove-message').at(-1);
  await expect.poll(() => last?.shadowRoot?.querySelectorAll('alcove-markdown').length).toBe(2);
  if (last === undefined) throw new Error('no message');
  button(last, 'More').click();
  await settle(view);
  button(last, 'Copy as formatted text').click();
  await expect.poll(() => written).toHaveLength(1);
  const text = await (await written[0]?.getType('text/plain'))?.text();
  expect(text).toBe('Let me look that up.\n\n**384,400** km');
  const html = await (await written[0]?.getType('text/html'))?.text();
  expect(html).toMatch(/Let me look that up\..*<strong>384,400<\/strong>/s);
  vi.restoreAllMocks();
});
