import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { INNER_PARTS } from '../src/embed/parts.ts';

const ELEMENT = read('src/embed/alcove-chat-element.ts');
const GUIDE = read('docs/embedding.md');
const STYLES = [
  'src/ui/base/tokens.ts',
  'src/ui/base/chat-frame.styles.ts',
  'src/embed/alcove-chat-element.styles.ts',
].map(read);

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
}

/** Custom properties and their defaults, as the manifest says them. */
const documented = new Map(
  Array.from(ELEMENT.matchAll(/@cssproperty \[(--[\w-]+)=(.+?)\] - /g), ([, name = '', value = '']) => [name, value]),
);

/** Custom properties and their fallbacks, as the styles use them. */
const used = new Map(
  STYLES.flatMap((styles) => [...styles.matchAll(/var\((--alcove-[\w-]+), /g)].map((match) => [match, styles] as const))
    .map(([match, styles]) => [match[1] ?? '', fallback(styles, match.index + match[0].length)] as const)
    .reverse(),
);

/** The text up to the parenthesis that closes the one before `start`. */
function fallback(styles: string, start: number): string {
  let depth = 1;
  let end = start;
  for (; depth > 0; end++) depth += styles[end] === '(' ? 1 : styles[end] === ')' ? -1 : 0;
  return styles.slice(start, end - 1);
}

/** Defaults that the styles compute. */
const COMPUTED = new Map([
  // 44 of the unit that is 1/1.0625 of the text: 748 px where the text has its own default.
  ['--alcove-column', 'calc(44 * var(--_rem))'],
]);

it('documents every custom property of the element, with the default that the styles have', () => {
  expect([...documented.keys()].sort()).toEqual([...used.keys()].sort());
  for (const [name, value] of documented) {
    if (name === '--alcove-font-size') continue;
    expect(COMPUTED.get(name) ?? value, name).toBe(used.get(name));
  }
});

it('lists every custom property with its default, and every part, in the guide', () => {
  const rows = [...GUIDE.matchAll(/^\| `(--[\w-]+)` +\| `(.+?)` +\|/gm)].map(([, name, value]) => [name, value]);
  expect(rows).toEqual([...documented]);
  const parts = [...ELEMENT.matchAll(/@csspart ([\w-]+) - /g)].map(([, name]) => name);
  const section = GUIDE.slice(GUIDE.indexOf('| part '), GUIDE.indexOf('## Layouts'));
  expect([...section.matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, name]) => name)).toEqual(parts);
  expect(parts).toEqual(expect.arrayContaining([...INNER_PARTS]));
});
