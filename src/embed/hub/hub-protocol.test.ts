import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allowsPage, readAllowedPages } from './allowed-pages.ts';
import {
  connectMessage,
  fitFill,
  fitSettings,
  readConnect,
  readHubMessage,
  readPageMessage,
  readReply,
} from './hub-protocol.ts';
import { MessageBudget } from './message-budget.ts';

const SETTINGS = {
  model: 'toy',
  models: ['toy', 'other'],
  instructions: 'Be brief.',
  starters: ['Hello?'],
  enterKey: 'newline',
  looks: { '--alcove-accent': 'rgb(1, 2, 3)' },
  attachments: true,
  autoLoad: true,
  canClose: false,
};

test('settings are read as they are sent, without what is not named', () => {
  const settings = { ...SETTINGS, catalogue: 'https://evil.example/catalogue.json', session: {}, onClose: 'x' };
  expect(readPageMessage({ type: 'configure', settings, more: 1 })).toEqual({ type: 'configure', settings: SETTINGS });
});

test('a setting of another type, or too large, makes the whole message invalid', () => {
  const wrong = [
    { model: 1 },
    { instructions: 'x'.repeat(20_001) },
    { context: ['x'] },
    { models: 'toy' },
    { starters: Array.from({ length: 21 }, () => 'x') },
    { starters: [{}] },
    { disabled: 'yes' },
    { looks: ['red'] },
  ];
  for (const settings of wrong) expect(readPageMessage({ type: 'configure', settings })).toBeUndefined();
  expect(readPageMessage({ type: 'configure', settings: [] })).toBeUndefined();
  // An inherited member is none.
  expect(readPageMessage(Object.create({ type: 'configure', settings: {} }))).toBeUndefined();
});

test.each([
  ['--alcove-accent', 'rgb(1, 2, 3)', true],
  ['--alcove-accent', 'rgba(1, 2, 3, 0.5)', true],
  ['--alcove-accent', 'oklch(0.6 0.1 180 / 0.5)', true],
  ['--alcove-accent', 'color(display-p3 1 0.5 0)', true],
  ['--alcove-accent', 'color(nothing)', false],
  ['--alcove-accent', '12px', false],
  ['--alcove-accent', 'url(https://evil.example/)', false],
  ['--alcove-accent', 'var(--x)', false],
  ['--alcove-accent', 'rgb(var(--x))', false],
  ['--alcove-accent', 'rgb(1, 2, 3); color: red', false],
  ['--alcove-accent', '', false],
  ['--alcove-radius', '12.5px', true],
  ['--alcove-column', '80%', true],
  ['--alcove-radius', '-4px', false],
  ['--alcove-radius', '1em', false],
  ['--alcove-radius', 'calc(1px + 1vi)', false],
  ['--alcove-font', '"Iowan Old Style", Palatino, serif', true],
  ['--alcove-font', '"游ゴシック"', true],
  ['--alcove-font', 'url(x)', false],
  ['--alcove-font', '"a\\62"', false],
  ['--alcove-font', 'x'.repeat(501), false],
  ['--alcove-shadow', 'rgb(1, 2, 3)', false],
  ['--_surface', 'rgb(1, 2, 3)', false],
  ['background', 'rgb(1, 2, 3)', false],
])('of the looks that a page sends, %s: %s is taken over: %s', (name, value, isTaken) => {
  const message = readPageMessage({ type: 'configure', settings: { looks: { [name]: value } } });
  expect(message).toEqual({ type: 'configure', settings: { looks: isTaken ? { [name]: value } : {} } });
});

test('a page can ask for no more than six things, one of them with a text', () => {
  const calls = ['focus', 'newChat', 'load', 'stop', 'unload'];
  for (const call of calls)
    expect(readPageMessage({ type: 'call', callId: 0, call })).toEqual({ type: 'call', callId: 0, call });
  const fill = { type: 'call', callId: 0, call: 'fill', text: 'Hello?' };
  expect(readPageMessage(fill)).toEqual(fill);
  for (const text of [undefined, 7, 'x'.repeat(20_001)]) expect(readPageMessage({ ...fill, text })).toBeUndefined();
  expect(fitFill('x'.repeat(30_000))).toHaveLength(20_000);
  const wrong = ['send', 'clear', 'export', 'messages', 'constructor', 'close', '__proto__'];
  for (const call of wrong) expect(readPageMessage({ type: 'call', callId: 0, call })).toBeUndefined();
  for (const callId of [-1, 0.5, '0', Number.NaN]) {
    expect(readPageMessage({ type: 'call', callId, call: 'focus' })).toBeUndefined();
  }
});

test('what a hub says has ids, numbers and codes, and nothing else', () => {
  const progress = { type: 'progress', phase: 'load', modelId: 'toy', loadedBytes: 5, totalBytes: 9 };
  expect(readHubMessage({ ...progress, text: 'secret' })).toEqual(progress);
  expect(readHubMessage({ type: 'error', code: 'engine-crashed', message: 'secret' })).toEqual({
    type: 'error',
    code: 'engine-crashed',
  });
  const wrong = [
    { type: 'message', content: 'secret' },
    { ...progress, phase: 'answer' },
    { ...progress, loadedBytes: -1 },
    { type: 'error', code: 'The capital of France is Paris.' },
    { type: 'ready', modelId: 'x'.repeat(301) },
    { type: 'result', callId: 0, code: 7 },
    { type: 'end', reason: 'because' },
  ];
  for (const message of wrong) expect(readHubMessage(message)).toBeUndefined();
});

test('the first message needs a nonce and versions', () => {
  const message = connectMessage(crypto.randomUUID());
  expect(readConnect(structuredClone(message))).toEqual(message);
  for (const nonce of ['short', 'x'.repeat(65), 'with spaces in between', 7, undefined]) {
    expect(readConnect({ ...message, nonce })).toBeUndefined();
  }
  for (const versions of [undefined, '1', [1.5], Array.from({ length: 21 }, () => 1)]) {
    expect(readConnect({ ...message, versions })).toBeUndefined();
  }
});

test('garbage is read as nothing, and never throws', () => {
  const readers = [readConnect, readReply, readPageMessage, readHubMessage];
  const types = fc.constantFrom(
    'configure',
    'call',
    'ready',
    'progress',
    'error',
    'result',
    'end',
    'accepted',
    'refused',
  );
  const garbage = fc.oneof(fc.anything(), fc.record({ type: types, settings: fc.anything(), code: fc.anything() }));
  fc.assert(
    fc.property(garbage, (data) => {
      for (const read of readers) expect(() => read(data)).not.toThrow();
    }),
  );
});

test('whatever a page sets, what it sends is valid', () => {
  const text = fc.string({ maxLength: 400 });
  const settings = fc.record({
    model: text,
    heading: text,
    lang: text,
    models: fc.array(text),
    autoLoad: fc.boolean(),
  });
  fc.assert(
    fc.property(settings, (given) => {
      expect(readPageMessage({ type: 'configure', settings: fitSettings(given) })).toBeDefined();
    }),
  );
  expect(fitSettings({ context: 'x'.repeat(300_000) }).context).toHaveLength(200_000);
});

test.each([
  ['', 'https://shop.example', false],
  ['https://shop.example', 'https://shop.example', true],
  ['https://shop.example/', 'https://shop.example', true],
  ['https://shop.example', 'https://shop.example:8443', false],
  ['https://shop.example', 'http://shop.example', false],
  ['https://shop.example', 'https://shop.example.evil.example', false],
  ['https://a.example https://b.example', 'https://b.example', true],
  ['https://*.school.example', 'https://maths.school.example', true],
  ['https://*.school.example', 'https://school.example', false],
  ['https://*.school.example', 'https://evilschool.example', false],
  ['https://*.school.example', 'http://maths.school.example', false],
  ['https://shop.example/page', 'https://shop.example', false],
  ['shop.example', 'https://shop.example', false],
  ['null', 'null', false],
  ['*', 'https://shop.example', true],
  ['*', 'null', true],
])('the list “%s” and a page of %s: %s', (list, origin, isAllowed) => {
  expect(allowsPage(readAllowedPages(list), origin)).toBe(isAllowed);
});

test('a budget has a burst, and refills at its rate', () => {
  let now = 0;
  const budget = new MessageBudget(3, 2, () => now);
  const spend = (times: number): boolean[] => Array.from({ length: times }, () => budget.spend());
  expect(spend(4)).toEqual([true, true, true, false]);
  now = 1_000;
  expect(spend(3)).toEqual([true, true, false]);
  now = 60_000;
  expect(spend(4)).toEqual([true, true, true, false]);
});
