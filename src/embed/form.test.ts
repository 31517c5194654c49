import { afterEach, expect, test } from 'vitest';
import { deepQueryAll } from '../ui/testing/deep-dom.ts';
import { type ScriptedChat, scriptedChat, show } from './testing/scripted-chat.ts';

const QUESTION = 'What is the capital of France?';
const ANSWER = 'The capital of France is Paris.';

afterEach(() => document.body.replaceChildren());

async function inForm(): Promise<{ chat: ScriptedChat; form: HTMLFormElement; fieldset: HTMLFieldSetElement }> {
  const chat = scriptedChat();
  chat.name = 'advice';
  const form = document.createElement('form');
  const fieldset = document.createElement('fieldset');
  form.append(fieldset);
  document.body.append(form);
  await show(chat, fieldset);
  return { chat, form, fieldset };
}

test('a form gets the last answer, or the conversation', async () => {
  const { chat, form } = await inForm();
  expect(chat.form).toBe(form);
  expect(new FormData(form).has('advice')).toBe(false);
  await chat.send(QUESTION);
  await chat.updateComplete;
  expect(new FormData(form).get('advice')).toBe(ANSWER);
  expect(chat.value).toBe(ANSWER);
  chat.formValue = 'conversation';
  await chat.updateComplete;
  expect(JSON.parse(String(new FormData(form).get('advice')))).toEqual([
    { role: 'user', content: QUESTION },
    { role: 'assistant', content: ANSWER },
  ]);
  form.reset();
  await expect.poll(() => new FormData(form).has('advice')).toBe(false);
  expect(await chat.chats.list()).toHaveLength(1);
});

test('a disabled fieldset disables the chat in it', async () => {
  const { chat, fieldset } = await inForm();
  fieldset.disabled = true;
  await expect.poll(() => deepQueryAll(chat, 'textarea:disabled').length).toBe(1);
  fieldset.disabled = false;
  await expect.poll(() => deepQueryAll(chat, 'textarea:enabled').length).toBe(1);
});
