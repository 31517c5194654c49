import { expect, test } from 'vitest';
import { fillPrompt, promptName, readPromptFile, toPromptFile, variablesOf } from './saved-prompt.ts';

test('the variables of a prompt are found once each, and filled wherever they stand', () => {
  const text = 'Explain {{topic}} to {{ reader }}. {{topic}} as of {{date}}. {not} {{}}';
  expect(variablesOf(text)).toEqual(['topic', 'reader', 'date']);
  expect(fillPrompt(text, { topic: 'tides', reader: 'a child' })).toBe(
    'Explain tides to a child. tides as of {{date}}. {not} {{}}',
  );
});

test('braces in a value are not taken for variables', () => {
  expect(fillPrompt('{{a}} {{b}}', { a: '{{b}}', b: '$&' })).toBe('{{b}} $&');
});

test('a name can be typed after the slash', () => {
  expect(promptName('  Explain this/that ')).toBe('explain-this-that');
});

test('a file of prompts is read back, and what is no prompt in it is counted', () => {
  const prompts = [{ id: 'p1', name: 'tides', text: 'Explain {{topic}}.' }];
  expect(readPromptFile(toPromptFile(prompts), () => 'new')).toEqual({ prompts, unread: 0 });
  const odd = JSON.stringify([{ name: 'Two words', text: 'x', id: '../' }, { name: 'empty', text: ' ' }, 7]);
  expect(readPromptFile(odd, () => 'new')).toEqual({
    prompts: [{ id: 'new', name: 'two-words', text: 'x' }],
    unread: 2,
  });
  expect(readPromptFile('no', () => 'new')).toEqual({ prompts: [], unread: 1 });
});
