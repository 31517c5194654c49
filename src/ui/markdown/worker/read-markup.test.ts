import { expect, test } from 'vitest';
import { readMarkup } from './read-markup.ts';

test('markup is read with its attributes, empty elements and escaped characters', () => {
  const markup = `<span class="a" style='top:-2em'>x &lt;&amp;&quot;&#x27;<path d="M0"/></span>y`;
  const path = { name: 'path', attributes: [['d', 'M0']], children: [] };
  expect(readMarkup(markup, 10)).toEqual([
    {
      name: 'span',
      attributes: [
        ['class', 'a'],
        ['style', 'top:-2em'],
      ],
      children: [`x <&"'`, path],
    },
    'y',
  ]);
});

test.each(['<span>', '</span>', '<b></i>', '<span onclick=x></span>', 'a < b', '<!-- x -->', '<a><a><a></a></a></a>'])(
  'other or deeper markup, %s, is refused',
  (markup) => expect(readMarkup(markup, 2)).toBeUndefined(),
);
