import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { textParts } from '../../chat/message-parts.ts';
import { unknownPart } from '../../chat/testing/random-edits.ts';
import { selectBranch, updateMessage } from '../../chat/tree.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { showChat } from '../testing/show-chat.ts';
import { LEDGER, STATES, type StateName } from '../testing/states.ts';
import type { ChatView } from './chat-view.ts';

let view: ChatView;
let session: FixtureSession;

async function show(name: StateName): Promise<void> {
  session = new FixtureSession(STATES[name], LEDGER);
  view = await showChat(session);
}

beforeAll(async () => {
  await Promise.all([import('../markdown/answer-parts.ts'), import('./conversation-view.ts')]);
});

beforeEach(() => page.viewport(800, 700));

afterEach(() => view.remove());

function buttons(name: string): HTMLElement[] {
  return deepQueryAll(view, 'button').filter((control) => control.getAttribute('aria-label') === name);
}

async function choose(name: string): Promise<void> {
  buttons('More').at(-1)?.click();
  await settle(view);
  const item = deepQueryAll(view, '[role="menuitem"]').find((found) => found.textContent?.trim() === name);
  item?.click();
  await settle(view);
}

test('switching from one answer to its sibling keeps the focus', async () => {
  await show('ready');
  const before = button(view, 'Previous version');
  before.focus();
  const { chat } = session.state;
  if (chat !== undefined) session.set({ chat: selectBranch(chat, 'a1', Date.now()) });
  await settle(view);
  expect(deepText(view)).toContain('1/2');
  expect(before.matches(':focus')).toBe(true);
});

test('an answer is signed with the name of its model; with an id only where the model was never here', async () => {
  await show('ready');
  const signed = (change: object): Promise<string> => {
    const { chat } = STATES.ready;
    if (chat?.activeLeafId === undefined) throw new Error('no answer');
    session.set({ chat: updateMessage(chat, chat.activeLeafId, change) });
    return settle(view).then(() => deepQueryAll(view, '.who').at(-1)?.textContent?.trim() ?? '');
  };
  expect(await signed({ modelId: 'qwen', engine: 'webllm' })).toBe('Qwen3.5 2B');
  expect(await signed({ modelId: 'hf:some/model', engine: 'wllama' })).toBe('Removed model');
  expect(await signed({ modelId: 'gpt-4o', engine: undefined })).toBe('gpt-4o');
});

test('a question is edited in place: Ctrl+Enter sends the new text, Escape keeps the old one', async () => {
  await show('ready');
  const edit = buttons('Edit')[2];
  edit?.click();
  await expect.poll(() => deepQueryAll(view, 'alcove-message-editor').length).toBe(1);
  await settle(view);
  const editor = deepQuery(view, 'alcove-message-editor');
  const words = editor.shadowRoot?.querySelector('textarea');
  expect(words?.value).toContain('walk there');
  expect(words?.matches(':focus')).toBe(true);
  await userEvent.keyboard('{Escape}');
  await settle(view);
  expect(deepQueryAll(view, 'alcove-message-editor')).toEqual([]);
  expect(buttons('Edit')[2]?.matches(':focus')).toBe(true);

  buttons('Edit')[2]?.click();
  await settle(view);
  await userEvent.keyboard('{Control>}a{/Control}Shorter{Control>}{Enter}{/Control}');
  await expect.poll(() => session.calls).toEqual([['edit', 'q2', 'Shorter']]);
});

test('an answer without a word says so', async () => {
  await show('stopped');
  const { chat } = session.state;
  const leafId = chat?.activeLeafId ?? '';
  const leaf = chat?.messages.get(leafId);
  if (chat === undefined || leaf === undefined) throw new Error('no answer');
  const put = async (change: Partial<typeof leaf>): Promise<string> => {
    session.set({ chat: { ...chat, messages: new Map(chat.messages).set(leafId, { ...leaf, ...change }) } });
    await settle(view);
    return deepText(view);
  };
  expect(await put({ status: 'complete', parts: [] })).toContain('The model gave an empty answer.');
  expect(await put({ status: 'stopped', parts: [] })).toContain('Stopped before the answer started.');
  expect(await put({ status: 'complete', parts: textParts('', 'Hm.') })).toContain('gave no answer.');
  expect(await put({ status: 'complete', parts: textParts('Yes.') })).not.toMatch(/no answer|empty answer/);
});

test('a stopped answer can be continued', async () => {
  await show('stopped');
  button(view, 'Continue the answer').click();
  await settle(view);
  await expect.poll(() => session.calls).toEqual([['continueAnswer', 'a3']]);
});

test('a message is deleted with what follows, which can be undone, and a chat is started from it', async () => {
  await show('ready');
  await choose('Delete from here');
  await expect.poll(() => deepText(view)).toContain('Deleted, with all messages that followed.');
  button(view, 'Undo').click();
  await choose('New chat from here');
  expect(session.calls).toEqual([
    ['delete', 'a3'],
    ['restore', 'chat-1', 'a3'],
    ['fork', 'a3'],
  ]);
});

test('a deletion can no longer be undone after its toast, or the next deletion', async () => {
  await show('ready');
  await choose('Delete from here');
  await expect.poll(() => deepText(view)).toContain('Deleted, with all messages that followed.');
  await choose('Delete from here');
  deepQueryAll(view, 'alcove-toast')[0]?.dispatchEvent(new Event('alcove-toast-end'));
  const end = ['endUndo', 'chat-1', 'a3'];
  await expect.poll(() => session.calls).toEqual([['delete', 'a3'], ['delete', 'a3'], end, end]);
});

test('arrow keys move through a menu, and Escape returns the focus', async () => {
  await show('ready');
  const more = buttons('More').at(-1);
  more?.focus();
  await userEvent.keyboard('{ArrowDown}');
  await settle(view);
  const items = deepQueryAll(view, '[role="menuitem"]');
  expect(items[0]?.matches(':focus')).toBe(true);
  await userEvent.keyboard('{ArrowUp}');
  expect(items.at(-1)?.matches(':focus')).toBe(true);
  await userEvent.keyboard('{Escape}');
  await settle(view);
  expect(deepQueryAll(view, '[role="menuitem"]')).toEqual([]);
  expect(more?.matches(':focus')).toBe(true);
});

test('statistics are shown on demand', async () => {
  await show('ready');
  expect(deepText(view)).not.toContain('tokens/s');
  button(view, 'Statistics').click();
  await settle(view);
  expect(deepText(view)).toMatch(/23 tokens\/s.*380 ms.*34 tokens, 24 reused/);
});

test('reasoning is folded and not rendered; opened, it streams, and folded again it shows its duration', async () => {
  await show('thinking');
  const details = deepQuery(view, 'details') as HTMLDetailsElement;
  expect(details.open).toBe(false);
  expect(deepQueryAll(view, '.thoughts')).toEqual([]);
  deepQuery(view, 'summary').click();
  await expect.poll(() => deepText(deepQuery(view, '.thoughts'))).toContain('The user wants the walking time');
  const { chat } = session.state;
  if (chat !== undefined)
    session.set({ chat: updateMessage(chat, 'a3', { parts: textParts('', 'It is **a long walk**') }) });
  await expect.poll(() => deepQueryAll(view, 'strong').map((node) => node.textContent)).toContain('a long walk');
  if (chat !== undefined) {
    session.set({ chat: updateMessage(chat, 'a3', { parts: textParts('Far.', 'Done.', 12_300) }) });
  }
  await expect.poll(() => deepText(view)).toContain('Thought for 12 s');
});

test('files that were not imported are chips, and so is a part of a kind that this version does not know', async () => {
  await show('ready');
  const { chat } = session.state;
  if (chat === undefined) throw new Error('the fixture has no chat');
  const unknown = unknownPart({ type: 'hologram' });
  session.set({
    chat: updateMessage(chat, 'q2', {
      parts: [
        { type: 'image', name: 'moon.png', mediaType: 'image/png' },
        { type: 'document', name: 'tides.pdf', mediaType: 'application/pdf' },
        unknown,
        ...textParts('Hm?'),
      ],
    }),
  });
  await settle(view);
  expect(deepQueryAll(view, '.parts li').map((chip) => chip.textContent?.trim())).toEqual([
    'Image, not imported: moon.png',
    'Document, not imported: tides.pdf',
    'Unknown part: a newer version of Alcove made it',
  ]);
  const icons = deepQueryAll(view, '.parts alcove-icon');
  expect(icons.map((icon) => icon.firstElementChild instanceof SVGElement)).toEqual([true, true, true]);
  expect(deepText(view)).toContain('Hm?');
});

test('10 MB of pasted text are folded to their start, and shown whole on demand', async () => {
  await show('ready');
  const { chat } = session.state;
  const question = chat === undefined ? undefined : [...chat.messages.values()].find(({ role }) => role === 'user');
  if (chat === undefined || question === undefined) throw new Error('the fixture has no question');
  const text = 'pasted words '.repeat(800_000);
  session.set({ chat: updateMessage(chat, question.id, { parts: textParts(text) }) });
  await settle(view);
  const long = deepQuery(view, 'alcove-long-text').shadowRoot;
  await expect.poll(() => long?.textContent?.length).toBeLessThan(3_000);
  long?.querySelector('button')?.click();
  await expect.poll(() => long?.querySelector('.text')?.textContent.length).toBe(text.length);
});

test('an answer is shown as source text, and formatted again', async () => {
  await show('ready');
  const markdown = deepQueryAll(view, 'alcove-markdown').at(-1);
  const choose = async (name: string): Promise<void> => {
    const menu = deepQueryAll(view, 'alcove-menu').at(-1);
    if (menu === undefined) throw new Error('no menu');
    button(menu, 'More').click();
    await settle(view);
    button(menu, name).click();
  };
  await choose('Show source');
  await expect.poll(() => markdown?.shadowRoot?.querySelector('.source')?.textContent).toContain('**');
  await settle(view);
  expect(markdown?.shadowRoot?.querySelector('.formatted')?.checkVisibility()).toBe(false);
  await choose('Show formatted');
  await settle(view);
  expect(markdown?.shadowRoot?.querySelector('.formatted')?.checkVisibility()).toBe(true);
});

test('a link that repeats the user’s text asks before it is opened', async () => {
  await show('ready');
  const { chat } = session.state;
  const question = chat === undefined ? undefined : [...chat.messages.values()].find(({ role }) => role === 'user');
  if (chat === undefined || question === undefined) throw new Error('the fixture has no question');
  const own = updateMessage(chat, question.id, { parts: textParts('The key lies under the third flower pot') });
  const last = chat.activeLeafId ?? '';
  session.set({
    chat: updateMessage(own, last, { parts: textParts('[here](https://evil.test/key-lies-under-the-third)') }),
  });
  await expect.poll(() => deepQueryAll(view, 'a').at(-1)?.title).toContain('evil.test');
  deepQueryAll(view, 'a').at(-1)?.click();
  await expect.poll(() => deepText(view)).toContain('text that you wrote in this chat');
});
