import { afterEach, expect, test } from 'vitest';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../../testing/deep-dom.ts';
import { FixtureSession } from '../../testing/fixture-session.ts';
import { STATES } from '../../testing/states.ts';
import { ChatView } from '../chat-view.ts';

let view: ChatView;
let session: FixtureSession;

async function show(name: 'empty' | 'ready', isMain = true): Promise<void> {
  session = new FixtureSession(STATES[name]);
  view = new ChatView();
  view.isMain = isMain;
  view.style.blockSize = '600px';
  view.session = session;
  document.body.append(view);
  await settle(view);
}

afterEach(() => view.remove());

function chips(): number {
  return deepQueryAll(view, 'alcove-persona-chip').length;
}

test('a chip names the persona of the next answer, and opens its settings', async () => {
  await show('empty');
  expect(chips()).toBe(0);
  await session.settings.setForChat(undefined, { personaId: 'otto', systemPrompt: 'You are Otto, a pirate.' });
  await expect.poll(() => deepText(view)).toContain('Otto, a pirate');
  button(deepQuery(view, 'alcove-persona-chip'), 'Otto, a pirate').click();
  await expect.poll(() => deepQueryAll(view, 'alcove-chat-panel').length).toBe(1);
});

test('a system prompt of this chat or of all chats has a chip, the instructions of a page have none', async () => {
  await show('ready');
  await session.settings.setInstructions('You help in this shop.');
  await settle(view);
  expect(chips()).toBe(0);
  await session.settings.setForAll({ systemPrompt: 'Be brief.' });
  await expect.poll(chips).toBe(1);
  await expect.poll(() => deepText(view)).toContain('System prompt');
});

test('an empty chat of the app offers the personas; one in another page does not', async () => {
  await show('empty');
  await expect.poll(() => deepText(view)).toContain('Tutor');
  button(view, 'Tutor').click();
  await expect.poll(() => session.own.at(-1)?.personaId).toBe('tutor');
  view.remove();
  await show('empty', false);
  expect(deepQueryAll(view, 'alcove-persona-offer')).toEqual([]);
});

test('the system prompt of the chosen persona is changed in place, for this chat alone', async () => {
  await show('empty');
  await expect.poll(() => deepText(view)).toContain('Tutor');
  button(view, 'Tutor').click();
  await expect.poll(() => deepQueryAll(view, 'alcove-persona-offer textarea, textarea.field').length).toBe(1);
  const [field] = deepQueryAll(view, 'textarea.field');
  if (!(field instanceof HTMLTextAreaElement)) throw new Error('no field');
  expect(field.value).toContain('patient tutor');
  field.value = 'Be a strict tutor.';
  field.dispatchEvent(new Event('change'));
  await expect.poll(() => session.own.at(-1)).toMatchObject({ personaId: 'tutor', systemPrompt: 'Be a strict tutor.' });
  expect(button(view, 'Tutor').getAttribute('aria-pressed')).toBe('true');
  button(view, 'Tutor').click();
  await expect.poll(() => session.own.at(-1)?.systemPrompt).toBeUndefined();
});
