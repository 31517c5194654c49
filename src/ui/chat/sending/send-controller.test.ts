import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { replaceMessage, updateMessage } from '../../../chat/tree.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../../testing/deep-dom.ts';
import { FixtureSession } from '../../testing/fixture-session.ts';
import { showChat } from '../../testing/show-chat.ts';
import { STATES, type StateName } from '../../testing/states.ts';
import type { ChatView } from '../chat-view.ts';
import type { Composer } from '../composer.ts';

let view: ChatView;
let session: FixtureSession;

async function show(name: StateName): Promise<void> {
  session = new FixtureSession(STATES[name]);
  view = await showChat(session);
}

function field(): HTMLTextAreaElement {
  return deepQuery(view, 'textarea') as HTMLTextAreaElement;
}

afterEach(() => view.remove());

test('Enter sends the message, Shift+Enter starts a new line', async () => {
  await show('empty');
  await userEvent.click(field());
  await userEvent.keyboard('one{Shift>}{Enter}{/Shift}two');
  expect(field().value).toBe('one\ntwo');
  expect(session.isPrepared).toBe(true);
  await userEvent.keyboard('{Enter}');
  expect(session.calls).toEqual([['send', 'one\ntwo']]);
  expect(field().value).toBe('');
});

test('where Enter starts a new line, Ctrl+Enter sends, and the keyboard on the screen shows the right key', async () => {
  await show('empty');
  expect(field().enterKeyHint).toBe('send');
  view.options = { enterKey: 'newline' };
  await settle(view);
  expect(field().enterKeyHint).toBe('enter');
  await userEvent.click(field());
  await userEvent.keyboard('one{Enter}two{Shift>}{Enter}{/Shift}three');
  expect(field().value).toBe('one\ntwo\nthree');
  expect(session.calls).toEqual([]);
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  expect(session.calls).toEqual([['send', 'one\ntwo\nthree']]);
  await userEvent.fill(field(), 'With the button');
  button(view, 'Send').click();
  expect(session.calls.at(-1)).toEqual(['send', 'With the button']);
});

test('the Enter that ends a composition sends nothing', async () => {
  await show('empty');
  (deepQuery(view, 'alcove-composer') as Composer).draft = 'にほん';
  await settle(view);
  field().dispatchEvent(
    new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }),
  );
  expect(session.calls).toEqual([]);
});

test('text that cannot be sent returns to the composer, with the reason and the next step', async () => {
  await show('empty');
  session.outcome = () => Promise.reject(new AlcoveError('model-missing', 'gone'));
  await userEvent.fill(field(), 'Keep me');
  await userEvent.keyboard('{Enter}');
  await settle(view);
  expect(field().value).toBe('Keep me');
  expect(deepText(view)).toContain('The model is not on this device');
  session.outcome = async () => {};
  button(view, 'Download').click();
  expect(session.calls.at(-1)).toEqual(['download', 'qwen']);
});

test('a message that waits for a model is sent once the model is stored, unless it was changed', async () => {
  await show('downloading');
  const { models } = session.state;
  session.outcome = () => Promise.reject(new AlcoveError('model-missing', 'not stored'));
  await userEvent.fill(field(), 'Keep me');
  await userEvent.keyboard('{Enter}');
  await settle(view);
  expect(deepText(view)).toContain('The model is not on this device');
  const weights = { status: 'stored', sizeBytes: 1, lastUsedAt: 0, verifiedAt: 0 } as const;
  session.outcome = async () => {};
  session.set({ models: models.map((entry) => ({ ...entry, weights })) });
  await expect.poll(() => session.calls.filter(([name]) => name === 'send')).toHaveLength(2);
  expect(deepText(view)).not.toContain('The model is not on this device');
  expect(field().value).toBe('');

  session.set({ models });
  session.outcome = () => Promise.reject(new AlcoveError('model-missing', 'not stored'));
  await userEvent.fill(field(), 'Not like this');
  await userEvent.keyboard('{Enter}');
  await settle(view);
  await userEvent.fill(field(), 'But so');
  session.set({ models: models.map((entry) => ({ ...entry, weights })) });
  await settle(view);
  expect(field().value).toBe('But so');
  expect(session.calls.filter(([name]) => name === 'send')).toHaveLength(3);
});

test('an empty message cannot be sent', async () => {
  await show('empty');
  await userEvent.fill(field(), '   ');
  await userEvent.keyboard('{Enter}');
  expect(button(view, 'Send').disabled).toBe(true);
  expect(session.calls).toEqual([]);
});

/** The texts that wait, oldest first. */
function queued(): readonly (string | null)[] {
  const [list] = deepQueryAll(view, 'alcove-queued-messages');
  return list === undefined ? [] : deepQueryAll(list, '.text').map(({ textContent }) => textContent);
}

async function queue(...texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await userEvent.fill(field(), text);
    await userEvent.keyboard('{Enter}');
  }
  await expect.poll(queued).toEqual(texts);
}

/** The answer that is being written ends. */
async function end(status: 'complete' | 'stopped'): Promise<void> {
  const { chat } = session.state;
  if (chat?.activeLeafId === undefined) throw new Error('no answer');
  session.set({ chat: updateMessage(chat, chat.activeLeafId, { status }), generation: { status: 'idle' } });
  await settle(view);
}

test('while an answer is written, Enter queues messages, and a complete answer sends the first', async () => {
  await show('streaming');
  await queue('One', 'Two');
  expect(field().value).toBe('');
  expect(session.calls).toEqual([]);
  await userEvent.fill(field(), 'Not finished');
  await end('complete');
  expect(session.calls).toEqual([['send', 'One']]);
  expect(queued()).toEqual(['Two']);
  expect(field().value).toBe('Not finished');
});

test('a queued message can be removed, or edited in the composer', async () => {
  await show('streaming');
  await queue('One', 'Two');
  await userEvent.fill(field(), 'Three');
  button(view, 'Remove').click();
  await settle(view);
  expect(queued()).toEqual(['Two']);
  button(deepQuery(view, 'alcove-queued-messages'), 'Edit').click();
  await settle(view);
  expect(queued()).toEqual([]);
  expect(field().value).toBe('Two\nThree');
  expect(field().matches(':focus')).toBe(true);
});

test('after a stop, queued messages wait until the user sends them', async () => {
  await show('streaming');
  await queue('One', 'Two');
  button(view, 'Stop').click();
  await end('stopped');
  expect(session.calls).toEqual([['stop']]);
  expect(queued()).toEqual(['One', 'Two']);
  expect(deepText(view)).toContain('Not sent yet');
  button(deepQuery(view, 'alcove-queued-messages'), 'Send').click();
  await settle(view);
  expect(session.calls.at(-1)).toEqual(['send', 'One']);
  expect(queued()).toEqual(['Two']);
});

test('a queued message is in the draft of its chat, and waits there when the user opens another chat', async () => {
  await show('streaming');
  await queue('One', 'Two');
  await userEvent.fill(field(), 'Three');
  session.set({ chat: undefined });
  await settle(view);
  expect(queued()).toEqual([]);
  session.set({ chat: STATES.streaming.chat });
  await expect.poll(() => field().value).toBe('One\n\nTwo\n\nThree');
  expect(session.calls).toEqual([]);
});

test('a queued message that the page does not let through returns to the composer', async () => {
  await show('streaming');
  await queue('One');
  view.addEventListener('alcove-before-send', (event) => event.preventDefault());
  await end('complete');
  expect(session.calls).toEqual([]);
  expect(field().value).toBe('One');
});

test('a summary that makes room sends nothing before the answer it makes room for', async () => {
  await show('streaming');
  const { chat } = session.state;
  const answer = chat?.messages.get(chat.activeLeafId ?? '');
  if (chat === undefined || answer === undefined) throw new Error('no answer');
  session.set({ chat: replaceMessage(chat, { ...answer, role: 'summary' }) });
  await queue('One');
  await end('complete');
  expect(session.calls).toEqual([]);
  expect(queued()).toEqual(['One']);
});

test('a draft stays with its chat', async () => {
  await show('ready');
  await userEvent.fill(field(), 'About the moon');
  session.set({ chat: undefined });
  await settle(view);
  expect(field().value).toBe('');
  await userEvent.fill(field(), 'Something new');
  session.set({ chat: STATES.ready.chat });
  await settle(view);
  expect(field().value).toBe('About the moon');
  session.set({ chat: undefined });
  await settle(view);
  expect(field().value).toBe('Something new');
});

test('an answer in another chat does not block this one', async () => {
  await show('ready');
  session.set({ generation: { status: 'streaming', chatId: 'elsewhere', messageId: 'x' } });
  await settle(view);
  await userEvent.fill(field(), 'Next question');
  await userEvent.keyboard('{Enter}');
  expect(session.calls).toEqual([['send', 'Next question']]);
});
