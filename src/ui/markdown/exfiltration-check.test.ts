import { expect, test } from 'vitest';
import { carriesData, repeatsUserText } from './exfiltration-check.ts';

const SECRET = 'My name is Ada, and the key lies under the third flower pot.';

test.each([
  'https://example.org/',
  'https://en.wikipedia.org/wiki/Moon#Orbit',
  'https://example.org/search?q=moon&page=2',
  'mailto:ada@example.org',
])('the link %s opens without a question', (href) => expect(carriesData(href)).toBe(false));

test.each([
  `https://example.org/?q=${'a'.repeat(64)}`,
  `https://example.org/#${'a'.repeat(64)}`,
  `https://example.org/${'a'.repeat(49)}`,
  `https://${'a'.repeat(49)}.example.org/`,
  'mailto:ada@example.org?body=everything',
  'no address',
])('the link %s asks first', (href) => expect(carriesData(href)).toBe(true));

test.each([
  'https://example.org/?n=the-key-lies-under-the-third',
  'https://example.org/the/key/lies/under/the/third',
  'https://example.org/?n=the%20key%20lies%20under%20the%20third',
  `https://example.org/${btoa('key lies under the third')}`,
  'https://thekeyliesunderthethird.example.org/',
])('the link %s repeats the user’s text', (href) => expect(repeatsUserText(href, SECRET)).toBe(true));

test('a URL of other words, or one that the user wrote, repeats nothing', () => {
  expect(repeatsUserText('https://example.org/flower-pots', SECRET)).toBe(false);
  expect(repeatsUserText('https://example.org/the-key-lies-under-it', '')).toBe(false);
  const own = 'https://example.org/what-i-wrote-myself-today';
  expect(repeatsUserText(own, `Look at ${own} please`)).toBe(false);
});
