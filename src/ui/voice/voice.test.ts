import { ContextProvider } from '@lit/context';
import { afterEach, expect, test } from 'vitest';
import { userEvent } from 'vitest/browser';
import '../chat/composer.ts';
import { applyAppearance, readAppearance } from '../settings/appearance-settings.ts';
import { deepQuery, deepQueryAll, deepText, settle } from '../testing/deep-dom.ts';
import '../settings/voice-settings.ts';
import { DictatedEvent } from './dictation.ts';
import { languageByScript, localVoices, recognitionAvailability, voiceFor } from './on-device.ts';
import { voiceContext } from './voice-context.ts';
import './read-aloud.ts';

afterEach(() => {
  document.body.replaceChildren();
  localStorage.clear();
  applyAppearance(readAppearance());
});

async function show<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  parent: HTMLElement = document.body,
): Promise<HTMLElementTagNameMap[Name]> {
  const element = document.createElement(name);
  parent.append(element);
  await settle(element);
  return element;
}

test.each([
  ['The moon is far.', undefined],
  ['القمر بعيد.', 'ar'],
  ['月は遠いです。', 'ja'],
  ['月亮很远。', 'zh'],
  ['Луна далеко.', 'ru'],
])('the script of “%s” indicates the language %s', (text, language) => {
  expect(languageByScript(text)).toBe(language);
});

test('the voice has the language of the text; the default voice is preferred', () => {
  const voices = [
    { lang: 'en-US', default: true },
    { lang: 'de-DE', default: false },
    { lang: 'en_GB', default: false },
    { lang: 'ar-EG', default: false },
    { lang: 'ar-SA', default: true },
  ];
  expect(voiceFor('Hello.', voices, 'en-GB')).toBe(voices[0]);
  expect(voiceFor('Guten Tag.', voices, 'de')).toBe(voices[1]);
  expect(voiceFor('مرحبا.', voices, 'de')).toBe(voices[4]);
  expect(voiceFor('こんにちは。', voices, 'en')).toBeUndefined();
});

test('reading aloud and dictation are off by default, and cannot be turned on without on-device support', async () => {
  const settings = await show('alcove-voice-settings');
  const canRead = (await localVoices()).length > 0;
  const canDictate = (await recognitionAvailability()) === 'available';
  await expect.poll(() => deepText(settings), { timeout: 10_000 }).not.toContain('Asking the browser');
  const boxes = deepQueryAll(settings, 'input') as HTMLInputElement[];
  expect(boxes.map(({ checked }) => checked)).toEqual([false, false]);
  expect(boxes.map(({ disabled }) => disabled)).toEqual([!canRead, !canDictate]);
  if (!canRead) expect(deepText(settings)).toContain('no voice that works on this device');
  if (!canDictate)
    expect(deepText(settings)).toMatch(/does not recognise|first downloads a speech model|is downloading/);
});

test('the button of an answer reads it, or says that the device has no voice for it', async () => {
  const button = await show('alcove-read-aloud');
  button.text = 'The moon is far.';
  const hasVoice = voiceFor(button.text, await localVoices(), 'en') !== undefined;
  deepQuery(button, 'button').click();
  await expect
    .poll(() => deepQuery(button, 'button').ariaLabel, { timeout: 10_000 })
    .toBe(hasVoice ? 'Stop reading' : 'This device has no voice for this language');
});

test('dictated text is inserted at the cursor, with a space before it', async () => {
  const chat = document.createElement('div');
  document.body.append(chat);
  new ContextProvider(chat, { context: voiceContext, initialValue: { readAloud: false, dictation: true } });
  const composer = await show('alcove-composer', chat);
  const drafts: string[] = [];
  composer.addEventListener('input', () => drafts.push(composer.draft));
  const field = deepQuery(composer, 'textarea') as HTMLTextAreaElement;
  await userEvent.fill(field, 'Dear . Yours');
  field.setSelectionRange(5, 5);
  deepQuery(composer, 'alcove-dictation').dispatchEvent(new DictatedEvent('Ada'));
  expect(composer.draft).toBe('Dear Ada. Yours');
  field.setSelectionRange(field.value.length, field.value.length);
  deepQuery(composer, 'alcove-dictation').dispatchEvent(new DictatedEvent('truly'));
  expect(composer.draft).toBe('Dear Ada. Yours truly');
  expect(drafts.at(-1)).toBe('Dear Ada. Yours truly');
});

test('the microphone button is absent while dictation is off', async () => {
  const composer = await show('alcove-composer');
  expect(deepQueryAll(composer, 'alcove-dictation')).toEqual([]);
});
