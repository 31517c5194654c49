import { expect, test } from 'vitest';
import { carriesData, repeatsUserText } from './exfiltration-check.ts';

const SECRET = 'My name is Ada, and the key lies under the third flower pot.';

test.each([
  'https://example.org/',
  'https://en.wikipedia.org/wiki/Moon#Orbit',
  'https://example.org/search?q=moon&page=2',
  'mailto:ada@example.org',
  'https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/Promise/allSettled',
  'https://pytorch.org/docs/stable/generated/torch.nn.functional.scaled_dot_product_attention.html',
  'https://ja.wikipedia.org/wiki/%E4%BA%BA%E5%B7%A5%E7%9F%A5%E8%83%BD',
])('the link %s opens without a question', (href) => expect(carriesData(href)).toBe(false));

test.each([
  `https://example.org/?q=${'a'.repeat(64)}`,
  `https://example.org/#${'a'.repeat(64)}`,
  `https://example.org/${'a'.repeat(49)}`,
  `https://${'a'.repeat(49)}.example.org/`,
  'mailto:ada@example.org?body=everything',
  'no address',
  `https://example.org/${`${'6d'.repeat(24)}/`.repeat(36)}`,
  `https://${`${'a'.repeat(48)}.`.repeat(5)}test/`,
  'https://example.org/zl/anzr/vf/nqn/naq/gur/xrl/yvrf/haqre/gur/guveq/sybjre/cbg/oruvaq/gur/byq/ubhfr/ba/gur/uvyy',
  `https://example.org/${'the-key-lies-under-/x/'.repeat(5)}`,
  `https://example.org/?a=${'b'.repeat(40)}&c=/${'d/'.repeat(30)}`,
  `mailto:${'a.b.'.repeat(25)}c@example.org`,
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
