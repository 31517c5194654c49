import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import { AlcoveError } from '../../platform/errors.ts';
import { button, deepQuery, deepText, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { showChat } from '../testing/show-chat.ts';
import { STATES, type StateName } from '../testing/states.ts';
import type { ChatView } from './chat-view.ts';
import type { Composer } from './composer.ts';

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

test('while an answer is generated, the button stops it, Enter sends nothing, and typed text stays', async () => {
  await show('streaming');
  await userEvent.fill(field(), 'Next question');
  await userEvent.keyboard('{Enter}');
  expect(session.calls).toEqual([]);
  button(view, 'Stop').click();
  expect(session.calls).toEqual([['stop']]);
  expect(field().value).toBe('Next question');
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
