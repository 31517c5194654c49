import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { textParts } from '../../../chat/message-parts.ts';
import { ATTACHMENTS } from '../../../chat/testing/random-edits.ts';
import { updateMessage } from '../../../chat/tree.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import type { SessionState } from '../../../session/state/session-state.ts';
import { button, deepQuery, deepQueryAll, settle } from '../../testing/deep-dom.ts';
import { FixtureSession } from '../../testing/fixture-session.ts';
import { showChat } from '../../testing/show-chat.ts';
import { STATES } from '../../testing/states.ts';
import type { ChatView } from '../chat-view.ts';
import type { Composer } from '../composer.ts';

const WORDS = 'How far is Mars, and everything that is on the way there?';

let view: ChatView;
let session: FixtureSession;

beforeAll(async () => {
  await import('../conversation-view.ts');
});

beforeEach(() => page.viewport(800, 700));

afterEach(() => view.remove());

/** Rewrites the first question into one that has no room. */
async function rewriteTooLong(state: SessionState = STATES.ready): Promise<void> {
  session = new FixtureSession(state);
  session.outcome = () =>
    Promise.reject(new AlcoveError('context-full', 'full', { data: { promptTokens: 4_200, contextWindow: 4_096 } }));
  view = await showChat(session);
  button(view, 'Edit').click();
  await expect.poll(fields).toHaveLength(2);
  await userEvent.fill(fields()[0] ?? view, WORDS);
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await expect.poll(() => button(view, 'Summarise the oldest part')).toBeTruthy();
}

/** Where a message is rewritten, if one is, and where the next one is written. */
function fields(): HTMLTextAreaElement[] {
  return deepQueryAll(view, 'textarea').filter((field) => field instanceof HTMLTextAreaElement);
}

function typed(): string | undefined {
  return fields().at(-1)?.value;
}

test('an edited question that exceeds the context window waits in the composer, and is sent after the choice', async () => {
  await rewriteTooLong();
  expect(typed()).toBe(WORDS);
  session.outcome = async () => {};
  button(view, 'Summarise the oldest part').click();
  await expect.poll(() => session.calls.at(-1)).toEqual(['edit', 'q1', WORDS, 'summarise']);
  expect(typed()).toBe('');
});

test('the files of an edited question wait with its text, and go with it after the choice', async () => {
  const { chat } = STATES.ready;
  const files = ATTACHMENTS.slice(0, 1);
  if (chat === undefined) throw new Error('the fixture has no chat');
  const parts = [...files, ...textParts('How far is the moon?')];
  await rewriteTooLong({ ...STATES.ready, chat: updateMessage(chat, 'q1', { parts }) });
  const composer = deepQuery(view, 'alcove-composer') as Composer;
  expect(composer.attached).toEqual(files);
  session.outcome = async () => {};
  button(view, 'Summarise the oldest part').click();
  await expect.poll(() => session.calls.at(-1)).toEqual(['edit', 'q1', WORDS, 'summarise']);
  expect(composer.attached).toEqual([]);
});

test('a larger context window is offered where the device has the memory, and the question is sent after it', async () => {
  await rewriteTooLong();
  session.outcome = async () => {};
  button(view, 'Use a larger context window: 8K').click();
  await expect
    .poll(() => session.calls.slice(-2))
    .toEqual([
      ['setContextWindow', 'qwen', '8192'],
      ['edit', 'q1', WORDS],
    ]);
});

test('an edited question that exceeds the context window stays in the composer without a choice', async () => {
  await rewriteTooLong();
  button(view, 'Not now').click();
  await settle(view);
  expect(view.shadowRoot?.querySelector('alcove-context-full-dialog')).toBeNull();
  expect(typed()).toBe(WORDS);
});

test('on a small screen the choice scrolls, and the header and the composer stay in view', async () => {
  await page.viewport(360, 420);
  await rewriteTooLong();
  view.style.blockSize = '400px';
  await settle(view);
  const box = (selector: string): DOMRect => deepQuery(view, selector).getBoundingClientRect();
  expect(box('.foot').top).toBeGreaterThanOrEqual(box('header').bottom);
  expect(box('alcove-composer').bottom).toBeLessThanOrEqual(box('.view').bottom);
  const choice = deepQuery(view, 'alcove-context-full-dialog');
  const lines = choice.clientHeight / Number.parseFloat(getComputedStyle(choice).lineHeight);
  expect(lines, 'lines of the choice in view').toBeGreaterThan(2);
  expect(choice.scrollHeight).toBeGreaterThan(choice.clientHeight);
});
