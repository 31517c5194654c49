import { expect, test } from 'vitest';
import { deepQueryAll } from '../ui/testing/deep-dom.ts';
import { expectNoUnhandledRejections } from './testing/no-unhandled-rejections.ts';
import { type ScriptedChat, scriptedChat, show } from './testing/scripted-chat.ts';

expectNoUnhandledRejections();

function fields(chat: ScriptedChat): string[] {
  return deepQueryAll(chat, 'textarea').map((field) => (field as HTMLTextAreaElement).value);
}

test('a text of the page goes into the message field, below what the user has typed, and does not take the focus', async () => {
  const chat = await show(scriptedChat());
  Object.assign(deepQueryAll(chat, 'textarea')[0] ?? {}, { value: 'Good day.' });
  await chat.fill('Where is my order?');
  await expect.poll(() => fields(chat)).toEqual(['Good day.\n\nWhere is my order?']);
  expect(document.activeElement).toBe(document.body);
  expect(chat.messages).toEqual([]);
});

test('a text waits for a field: before the element is in the page, in a closed bubble, and while it is readonly', async () => {
  const early = scriptedChat();
  const filled = early.fill('Early');
  document.body.append(early);
  await filled;
  await expect.poll(() => fields(early)).toEqual(['Early']);

  const bubble = scriptedChat();
  bubble.layout = 'bubble';
  document.body.append(bubble);
  await bubble.fill('One');
  await bubble.fill('Two');
  expect(fields(bubble)).toEqual([]);
  await bubble.open();
  await expect.poll(() => fields(bubble)).toEqual(['One\n\nTwo']);

  const readonly = scriptedChat();
  readonly.readonly = true;
  await show(readonly);
  await readonly.fill('Later');
  expect(fields(readonly)).toEqual([]);
  readonly.readonly = false;
  await expect.poll(() => fields(readonly)).toEqual(['Later']);
});
