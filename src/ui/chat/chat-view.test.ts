import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { textOf, textParts } from '../../chat/message-parts.ts';
import { addMessage, createConversation, updateMessage } from '../../chat/tree.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { ModelActionEvent } from '../contract/events.ts';
import { performModelAction } from '../models/model-actions.ts';
import { selectedEntry } from '../models/model-labels.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { showChat } from '../testing/show-chat.ts';
import { LEDGER, STATES, type StateName } from '../testing/states.ts';
import { ChatView } from './chat-view.ts';

let view: ChatView;
let session: FixtureSession;

async function show(name: StateName): Promise<void> {
  session = new FixtureSession(STATES[name], LEDGER);
  view = await showChat(session);
}

beforeAll(async () => {
  await import('../markdown/answer-parts.ts');
});

beforeEach(() => page.viewport(800, 700));

afterEach(() => view.remove());

test('the focus moves on when the control that had it is replaced', async () => {
  await show('streaming');
  button(view, 'Stop').focus();
  session.set({ generation: { status: 'idle' } });
  await settle(view);
  expect(deepQuery(view, 'alcove-composer').shadowRoot?.activeElement?.tagName).toBe('TEXTAREA');

  view.remove();
  await show('downloading');
  await expect.poll(() => deepText(view)).toContain('Pause');
  button(view, 'Pause').focus();
  session.set(STATES.paused);
  await settle(view);
  const card = deepQuery(view, 'alcove-download');
  expect(card.shadowRoot?.activeElement?.textContent).toBe('Continue');
  session.set(STATES.empty);
  await settle(view);
  expect(view.shadowRoot?.activeElement?.tagName).toBe('H2');
});

test('an answer can be regenerated, and its siblings can be shown', async () => {
  await show('ready');
  button(view, 'Previous version').click();
  const again = deepQueryAll(view, 'button').filter((control) => control.getAttribute('aria-label') === 'Answer again');
  again.at(-1)?.click();
  await expect
    .poll(() => session.calls)
    .toEqual([
      ['show', 'a1'],
      ['regenerate', 'a3'],
    ]);
});

test('sending a message clears the error of an action on a model', async () => {
  await show('ready');
  session.outcome = () => Promise.reject(new AlcoveError('offline', 'no network'));
  deepQuery(view, 'alcove-composer').dispatchEvent(new ModelActionEvent('download', 'llama'));
  await expect.poll(() => deepQueryAll(view, '.foot > alcove-notice').length).toBe(1);
  session.outcome = async () => {};
  view.send('Next question');
  await expect.poll(() => deepQueryAll(view, '.foot > alcove-notice').length).toBe(0);
});

test('the branches are listed, and a click shows one', async () => {
  await show('ready');
  const place = deepQueryAll(view, 'button').find((control) => control.textContent?.trim() === '2/2');
  place?.click();
  await expect.poll(() => deepQueryAll(view, 'alcove-branches').length).toBe(1);
  await settle(view);
  expect(deepText(view)).toContain('Far away.');
  deepQueryAll(deepQuery(view, 'alcove-branches'), 'button')
    .find((control) => control.textContent?.includes('Far away.'))
    ?.click();
  await settle(view);
  await expect.poll(() => session.calls).toEqual([['show', 'a1']]);
  expect(deepQueryAll(view, 'alcove-branches')).toEqual([]);
});

test('the newest messages of a long chat are rendered, and older ones when the user scrolls near them', async () => {
  await show('ready');
  let chat = createConversation('long', 0, 'qwen');
  for (let n = 0; n < 400; n++) {
    chat = addMessage(chat, {
      id: `m${n}`,
      parentId: n === 0 ? undefined : `m${n - 1}`,
      role: n % 2 === 0 ? 'user' : 'assistant',
      parts: textParts(`Message ${n}. ${'word '.repeat(60)}`),
      status: 'complete',
      createdAt: n,
    });
  }
  session.set({ chat });
  await settle(view);
  const drawn = () => deepQueryAll(view, 'alcove-message').length;
  expect(drawn()).toBeLessThan(100);
  expect(deepText(view)).toContain('Message 399.');
  const before = drawn();
  const scroller = deepQuery(view, '.scroller');
  scroller.scrollTop = 0;
  await expect.poll(drawn).toBeGreaterThan(before);
  // The visible messages stay in view; new ones are added above.
  expect(scroller.scrollTop).toBeGreaterThan(0);

  // Find in page matches a message that is not rendered, which renders it.
  const hidden = () => deepQueryAll(view, '[hidden="until-found"]');
  await expect.poll(() => hidden().length).toBeGreaterThan(5);
  const found = hidden().find((group) => group.textContent?.includes('Message 70.'));
  found?.dispatchEvent(new Event('beforematch', { bubbles: true }));
  await expect.poll(() => deepQueryAll(view, '[data-id="m70"]').length).toBe(1);
  await expect.poll(() => hidden().some((group) => group.textContent?.includes('Message 399.'))).toBe(true);
});

test('a failed answer is retried as a sibling of what was generated', async () => {
  await show('answer-failed');
  button(view, 'Try again').click();
  await settle(view);
  await expect.poll(() => session.calls).toEqual([['regenerate', 'a3']]);
});

test('the self-test after an answer can be skipped', async () => {
  await show('testing');
  button(view, 'Skip the test').click();
  await settle(view);
  await expect.poll(() => session.calls).toEqual([['skipTest']]);
});

test('what runs on the processor is prepared without a word of a graphics card', async () => {
  const { loading } = STATES;
  const progress = { type: 'load-progress', phase: 'shaders', loadedBytes: 0, totalBytes: 0 } as const;
  session = new FixtureSession({ ...loading, engine: { status: 'loading', modelId: 'qwen', progress } }, LEDGER);
  view = await showChat(session);
  await expect.poll(() => deepText(view)).toContain('Preparing the model');
  expect(deepText(view)).not.toContain('graphics');
});

test('the model list opens over the chat, takes the focus, and returns it on Escape', async () => {
  await show('empty');
  const opener = deepQueryAll(view, 'button').find((control) => control.title === 'Choose a model');
  await userEvent.click(opener ?? view);
  await expect.poll(() => deepQueryAll(view, '[role="option"]').length).toBeGreaterThan(0);
  await userEvent.keyboard('{ArrowUp}{Enter}');
  await expect.poll(() => deepQueryAll(view, '.panel').length).toBe(1);
  await settle(view);
  expect(view.shadowRoot?.activeElement?.getAttribute('aria-label')).toBe('Close');
  expect(deepText(view)).toContain('All models');
  await userEvent.keyboard('{Escape}');
  await settle(view);
  expect(deepQueryAll(view, '[role="dialog"]')).toEqual([]);
  expect(view.shadowRoot?.activeElement).toBe(opener);
});

test('the ledger lists each host with its requests', async () => {
  await show('empty');
  deepQueryAll(view, 'button')
    .find((control) => control.title === 'Requests from this page')
    ?.click();
  await expect.poll(() => deepText(view)).toMatch(/huggingface\.co 1 request, 6 kB/);
  expect(deepText(view)).toMatch(/cas-bridge\.xethub\.hf\.co 24 requests, size unknown/);
});

test('a download starts with its button, unless a listener prevents it', async () => {
  await show('first-run');
  view.addEventListener(ModelActionEvent.eventName, (event) => event.preventDefault(), { capture: true, once: true });
  const download = deepQueryAll(view, 'button').find((control) => control.textContent?.includes('Download'));
  download?.click();
  expect(session.calls).toEqual([]);
  download?.click();
  expect(session.calls).toEqual([
    ['selectModel', 'qwen'],
    ['download', 'qwen'],
  ]);
});

test('a download keeps the selected model', async () => {
  await show('ready');
  expect(selectedEntry(session.state)?.weights.status).toBe('stored');
  await performModelAction(session, new ModelActionEvent('download', 'another'));
  expect(session.calls).toEqual([['download', 'another']]);
});

test('cancelling asks first and says what would be lost', async () => {
  await show('downloading');
  await expect.poll(() => deepText(view)).toContain('Cancel');
  button(view, 'Cancel').click();
  await settle(view);
  expect(session.calls).toEqual([]);
  expect(deepText(view)).toContain('Delete the 612 MB downloaded so far?');
  button(view, 'Delete').click();
  expect(session.calls).toEqual([['cancelDownload', 'qwen']]);
});

test('the view follows the answer at the end, and stays where the user has scrolled up', async () => {
  await show('streaming');
  const scroller = deepQuery(view, '.scroller');
  const distance = (): number => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  const grow = async (text: string): Promise<void> => {
    const { chat } = session.state;
    if (chat !== undefined) session.set({ chat: updateMessage(chat, 'a3', { parts: textParts(text) }) });
    await settle(view);
  };
  await grow('A line.\n\n'.repeat(20));
  expect(distance()).toBeLessThanOrEqual(1);

  scroller.scrollTop -= 200;
  await settle(view);
  const { scrollTop } = scroller;
  await grow('A line.\n\n'.repeat(60));
  expect(scroller.scrollTop).toBe(scrollTop);
  button(view, 'Scroll to the latest').click();
  await settle(view);
  expect(distance()).toBeLessThanOrEqual(1);
});

test('a chat that fits into the view offers no button to its end', async () => {
  await show('ready');
  view.style.blockSize = '1500px';
  await settle(view);
  const { chat } = session.state;
  await view.showMessage([...(chat?.messages.keys() ?? [])][0] ?? '', '');
  await settle(view);
  const scroller = deepQuery(view, '.scroller');
  expect(scroller.scrollHeight).toBe(scroller.clientHeight);
  expect(deepQueryAll(view, '.to-end')).toEqual([]);
  view.style.blockSize = '400px';
  await expect.poll(() => deepQueryAll(view, '.to-end')).toHaveLength(1);
});

test('finished sentences are announced, not tokens', async () => {
  await show('streaming');
  const region = deepQuery(view, '[role="log"]');
  const { chat } = session.state;
  const answer = chat?.messages.get('a3');
  const text = `${answer && textOf(answer)} = 3,203 days.\n\nOne is said. Two is not yet`;
  if (chat !== undefined) session.set({ chat: updateMessage(chat, 'a3', { parts: textParts(text) }) });
  await settle(view);
  expect(region.textContent).toContain('One is said.');
  expect(region.textContent).not.toContain('Two');
});

test('two views on one page are independent', async () => {
  await show('ready');
  const other = new ChatView();
  other.session = new FixtureSession(STATES.empty);
  document.body.append(other);
  await settle(other);
  expect(deepText(other)).toContain('What would you like to know?');
  expect(deepText(view)).toContain('How far is the moon?');
  other.remove();
});
