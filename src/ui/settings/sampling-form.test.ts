import { afterEach, expect, test, vi } from 'vitest';
import { textParts } from '../../chat/message-parts.ts';
import { updateMessage } from '../../chat/tree.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { ChatPanel } from '../chat/chat-panel.ts';
import { type CompactEvent, ContextFullDialog } from '../chat/sending/context-full-dialog.ts';
import { ContextMeter } from '../chat/sending/context-meter.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { STATES } from '../testing/states.ts';

afterEach(() => {
  for (const shown of document.querySelectorAll(
    'alcove-chat-panel, alcove-context-meter, alcove-context-full-dialog',
  )) {
    shown.remove();
  }
});

async function showPanel() {
  const session = new FixtureSession({ ...STATES.empty, chat: undefined });
  const panel = new ChatPanel();
  panel.session = session;
  document.body.append(panel);
  await expect.poll(() => deepText(panel)).toContain('Temperature');
  await settle(panel);
  const field = <Found extends HTMLElement = HTMLInputElement>(name: string): Found => {
    const [found] = deepQueryAll(panel, `[name="${name}"]`);
    if (!(found instanceof HTMLElement)) throw new Error(`no field ${name}`);
    return found as Found;
  };
  const type = async (name: string, value: string): Promise<void> => {
    const input = field(name);
    input.value = value;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    await settle(panel);
  };
  return { session, panel, field, type };
}

test('each field shows the number that applies: the chat’s, else that of all chats, else the model’s', async () => {
  const { session, field, type } = await showPanel();
  await expect.poll(() => field('topP').value).toBe('0.95');
  expect(field('temperature').value).toBe('0.7');
  await type('temperature', '1.2');
  expect(session.own.at(-1)).toEqual({ sampling: { temperature: 1.2 } });
  await type('temperature', '');
  expect(session.own.at(-1)).toEqual({});
  expect(field('temperature').value).toBe('0.7');
  expect(field('seed').placeholder).toBe('random');
});

test('a number that differs from the model’s says so, and can be reset to it', async () => {
  const { session, panel, field, type } = await showPanel();
  await expect.poll(() => deepText(panel)).toContain('Set for all chats. The model’s default is 0.6.');
  await type('topP', '0.5');
  expect(deepText(panel)).toContain('The model’s default is 0.95.');
  button(panel, 'Reset Top-p').click();
  await settle(panel);
  expect(field('topP').value).toBe('0.95');
  expect(session.own.at(-1)).toEqual({});
  expect(deepText(panel)).not.toContain('The model’s default is 0.95.');
  button(panel, 'Reset Temperature').click();
  await settle(panel);
  expect(session.own.at(-1)).toEqual({ sampling: { temperature: 0.6 } });
});

test('a slider moves the number with it, and applies when it is let go', async () => {
  const { session, panel, field } = await showPanel();
  const [slider] = deepQueryAll(panel, '[type="range"][aria-label="Temperature"]');
  if (!(slider instanceof HTMLInputElement)) throw new Error('no slider');
  slider.value = '1.5';
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  expect(field('temperature').value).toBe('1.5');
  expect(session.own).toEqual([]);
  slider.dispatchEvent(new Event('change', { bubbles: true }));
  expect(session.own.at(-1)).toEqual({ sampling: { temperature: 1.5 } });
});

test('an invalid value is not taken, gets a message, and stays for the user to correct', async () => {
  const { session, panel, field, type } = await showPanel();
  for (const summary of deepQueryAll(panel, 'summary')) if (summary instanceof HTMLElement) summary.click();
  for (const [name, value, words] of [
    ['temperature', '3', 'A number from 0 to 2.'],
    ['topP', '0', 'A number above 0, up to 1.'],
    ['maxTokens', '1.5', 'A whole number from 1 to 1,000,000.'],
  ] as const) {
    await type(name, value);
    expect(deepText(panel)).toContain(words);
    expect(field(name).value).toBe(value);
    expect(field(name).getAttribute('aria-invalid')).toBe('true');
  }
  expect(session.own).toEqual([]);
  await type('temperature', '0');
  expect(deepText(panel)).not.toContain('A number from 0 to 2.');
  expect(session.own.at(-1)).toEqual({ sampling: { temperature: 0 } });
});

test('an unsupported setting is shown with the reason, and keeps its value for other models', async () => {
  const { session, panel, field } = await showPanel();
  session.settings.setForChat(undefined, { sampling: { topK: 40 } });
  await settle(panel);
  expect(field('topK').matches(':disabled')).toBe(true);
  expect(field<HTMLSelectElement>('thinking').matches(':disabled')).toBe(true);
  expect(deepText(panel)).toContain('Qwen3.5 2B does not support Top-k. Your value, 40, is kept for other models.');
  expect(deepText(panel)).toContain('Qwen3.5 2B does not support Min-p.');
  expect(deepText(panel)).toContain('Thinking cannot be turned on or off for Qwen3.5 2B.');
  expect(field('temperature').matches(':disabled')).toBe(false);
});

test('stop strings are lines, in which a line break can be escaped', async () => {
  const { session, type } = await showPanel();
  await type('stop', '###\n\\n\\nUser:\n');
  expect(session.own.at(-1)).toEqual({ sampling: { stop: ['###', '\n\nUser:'] } });
});

test('a persona sets the system prompt and the sampling, and is no longer chosen once the prompt is edited', async () => {
  const { session, panel, field, type } = await showPanel();
  const persona = deepQueryAll(panel, '.persona').find((button) => button.textContent?.includes('Otto'));
  if (!(persona instanceof HTMLElement)) throw new Error('no Otto');
  persona.click();
  await settle(panel);
  expect(session.own.at(-1)).toEqual({ personaId: 'otto', systemPrompt: 'You are Otto, a pirate.' });
  expect(persona.ariaPressed).toBe('true');
  expect(field<HTMLTextAreaElement>('systemPrompt').value).toBe('You are Otto, a pirate.');
  await type('systemPrompt', 'You are Otto, a cook.');
  expect(session.own.at(-1)).toEqual({ systemPrompt: 'You are Otto, a cook.' });
});

test('settings can be saved as the user’s own persona', async () => {
  const { session, panel, type } = await showPanel();
  await type('systemPrompt', 'You write verse.');
  const [keep] = deepQueryAll(panel, 'alcove-personas').flatMap((view) => [
    ...(view.shadowRoot?.querySelectorAll<HTMLElement>('.tools > button') ?? []),
  ]);
  keep?.click();
  await settle(panel);
  const [form] = deepQueryAll(panel, 'alcove-personas').flatMap((view) => [
    ...(view.shadowRoot?.querySelectorAll('form') ?? []),
  ]);
  const name = form?.querySelector<HTMLInputElement>('[name="name"]');
  if (form === undefined || name == null) throw new Error('no form');
  name.value = 'Poet';
  form.requestSubmit();
  await settle(panel);
  expect(session.state.preferences?.personas).toMatchObject([{ name: 'Poet', systemPrompt: 'You write verse.' }]);
  expect(deepText(panel)).toContain('“Poet” was saved.');
});

test('a persona is edited in its place, and the chat that uses it follows', async () => {
  const { session, panel } = await showPanel();
  const press = async (name: string): Promise<void> => {
    button(deepQuery(panel, 'alcove-personas'), name).click();
    await settle(panel);
  };
  await press('Edit a copy');
  const fill = (name: string, value: string): void => {
    const input = deepQuery(panel, `.edited [name="${name}"]`);
    if (input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement) input.value = value;
  };
  fill('name', 'Patient tutor');
  fill('systemPrompt', 'You teach.');
  await press('Save');
  const [own] = session.state.preferences?.personas ?? [];
  expect(own).toMatchObject({ name: 'Patient tutor', systemPrompt: 'You teach.', sampling: { temperature: 0.5 } });
  expect(session.own).toEqual([]);

  deepQuery(panel, '.persona').click();
  await settle(panel);
  expect(session.own.at(-1)).toMatchObject({ personaId: own?.id, systemPrompt: 'You teach.' });
  await press('Edit');
  fill('systemPrompt', 'You teach children.');
  await press('Save');
  expect(session.own.at(-1)).toMatchObject({ personaId: own?.id, systemPrompt: 'You teach children.' });
});

test('the meter shows the engine’s count, and ≈ with a draft', async () => {
  const meter = new ContextMeter();
  meter.preferences = { forAll: {}, forNext: {}, personas: [], prompts: [] };
  meter.chat = STATES.ready.chat;
  meter.entry = STATES.ready.models.find(({ record }) => record.id === 'qwen');
  document.body.append(meter);
  await expect.poll(() => deepText(meter)).toContain('246 of 4,096 tokens');
  expect(deepText(meter)).not.toContain('≈');
  meter.follow({ draft: 'And how far away is Mars, in the middle?', attached: [] });
  await expect.poll(() => deepText(meter)).toMatch(/≈ 2[5-9]\d of 4,096 tokens $/);
  meter.follow({ draft: 'word '.repeat(10_400), attached: [] });
  await expect.poll(() => deepText(meter)).toMatch(/≈ 3,[3-7]\d\d of 4,096 tokens, \d\d\d left for the answer/);
});

test('the meter counts the document of a draft as a whole, or the part of it that the prompt will have', async () => {
  const meter = new ContextMeter();
  meter.preferences = { forAll: {}, forNext: {}, personas: [], prompts: [] };
  meter.chat = STATES.ready.chat;
  meter.entry = STATES.ready.models.find(({ record }) => record.id === 'qwen');
  let words = 1_000;
  meter.documents = {
    textOf: async () => ({ kind: 'text', pages: [{ label: '', text: 'tide '.repeat(words) }] }),
  };
  document.body.append(meter);
  const part = { type: 'document', name: 'tides.txt', mediaType: 'text/plain', sha256: 'a'.repeat(64) } as const;
  meter.follow({ draft: '', attached: [part] });
  await expect.poll(() => deepText(meter)).toMatch(/≈ [56]\d\d of 4,096/);
  words = 100_000;
  meter.follow({ draft: '', attached: [part] });
  await expect.poll(() => deepText(meter)).toMatch(/≈ 1,9\d\d of 4,096/);
  meter.follow({ draft: '', attached: [] });
  await expect.poll(() => deepText(meter)).toContain('246 of 4,096 tokens');
  expect(deepText(meter)).not.toContain('≈');
});

test('the meter updates at the end of an answer, not while it is generated', async () => {
  const meter = new ContextMeter();
  meter.preferences = { forAll: {}, forNext: {}, personas: [], prompts: [] };
  const { chat } = STATES.streaming;
  const leafId = chat?.activeLeafId;
  if (chat === undefined || leafId === undefined) throw new Error('no answer');
  meter.chat = chat;
  meter.entry = STATES.streaming.models.find(({ record }) => record.id === 'qwen');
  document.body.append(meter);
  await expect.poll(() => deepText(meter)).toContain('of 4,096 tokens');
  const before = deepText(meter);
  const drawn = vi.spyOn(meter, 'render');
  for (const text of ['One', 'One more', `One more ${'word '.repeat(200)}`]) {
    meter.chat = updateMessage(chat, leafId, { parts: textParts(text) });
    await meter.updateComplete;
  }
  expect(drawn).not.toHaveBeenCalled();
  meter.chat = updateMessage(chat, leafId, { parts: textParts('word '.repeat(200)), status: 'complete' });
  await meter.updateComplete;
  expect(deepText(meter)).not.toBe(before);
});

test('a full context window offers a summary and a new chat, and can apply the choice always', async () => {
  const choice = new ContextFullDialog();
  choice.error = new AlcoveError('context-full', 'full', { data: { promptTokens: 4_200, contextWindow: 4_096 } });
  document.body.append(choice);
  const made: CompactEvent[] = [];
  choice.addEventListener('alcove-compact', (event) => made.push(event));
  await settle(choice);
  expect(deepText(choice)).toContain('4,200 tokens');
  const buttons = [...choice.renderRoot.querySelectorAll('button')];
  choice.renderRoot.querySelector('input')?.click();
  for (const button of buttons) button.click();
  expect(made.map((event) => [event.choice, event.isLasting])).toEqual([
    ['summarise', true],
    ['fork', true],
    [undefined, true],
  ]);
});
