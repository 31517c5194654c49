import { expect, test } from 'vitest';
import { StreamingMarkdown } from './streaming-markdown.ts';

async function render(text: string, step = text.length): Promise<HTMLElement> {
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  for (let end = step; end < text.length; end += step) writer.update(text.slice(0, end), false);
  writer.update(text, true);
  while (!writer.isSettled) await new Promise(requestAnimationFrame);
  container.normalize();
  return container;
}

async function paragraph(text: string): Promise<string> {
  return (await render(text)).querySelector('p')?.innerHTML ?? '';
}

test.each([
  ['**重要提示（请注意）：**请先备份。', '<strong>重要提示（请注意）：</strong>请先备份。'],
  ['これは**「重要」**です。', 'これは<strong>「重要」</strong>です。'],
  ['**注意:**请看', '<strong>注意:</strong>请看'],
  ['**한국어(韓國語)**는', '<strong>한국어(韓國語)</strong>는'],
  ['中文*“引用”*中文', '中文<em>“引用”</em>中文'],
  // As everywhere else, punctuation beside letters of other scripts opens nothing.
  ['a**"b"**c', 'a**"b"**c'],
])('bold beside CJK punctuation ends where it should: %s', async (text, html) => {
  expect(await paragraph(text)).toBe(html);
});

test('bold that ends in CJK punctuation has no asterisks at any moment while it streams', async () => {
  const text = '**重要提示（请注意）：**请先备份。';
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  for (let end = 3; end <= text.length; end++) {
    writer.update(text.slice(0, end), end === text.length);
    while (end === text.length && !writer.isSettled) await new Promise(requestAnimationFrame);
    expect(container.textContent, text.slice(0, end)).not.toContain('*');
  }
});

test.each([
  ['大约3~5天，价格100~200元。', '大约3~5天，价格100~200元。'],
  ['~5 min or ~10 min. (~$1.50) and (~$10)', '~5 min or ~10 min. (~$1.50) and (~$10)'],
  ['~~gone~~ ~kept~', '<del>gone</del> ~kept~'],
])('only two tildes strike text through: %s', async (text, html) => {
  expect(await paragraph(text)).toBe(html);
});

test.each([
  ['访问 https://example.com/docs（中文说明）了解', ['https://example.com/docs']],
  ['次の https://example.com/foo。次の文。', ['https://example.com/foo']],
  ['と www.example.com、続き。', ['www.example.com']],
  ['详见https://example.com/a，或https://example.org/b。', ['https://example.com/a', 'https://example.org/b']],
  ['“https://example.com/c” and (https://example.com/d).', ['https://example.com/c', 'https://example.com/d']],
  ['https://zh.wikipedia.org/wiki/数学 here', ['https://zh.wikipedia.org/wiki/数学']],
])('an address in a text ends before what is not part of it: %s', async (text, words) => {
  const container = await render(text);
  expect([...container.querySelectorAll('a')].map((link) => link.textContent)).toEqual(words);
});

// Template strings are not meant, so the dollars and braces are apart.
test.each([
  ['Use $' + '{first}$' + '{last} here.', 0],
  ["Call $('#id').on($.noop) and $_GET[$_POST].", 0],
  ['echo "$' + '{HOME}$" and $PATH', 0],
  ['From $5 to US$6, or ($7) and ($8).', 0],
  ['$[0,1)$, $f(x) = (a + b)$, $' + '{}^{14}C$ and $x_1$', 4],
])('dollars that are no formula stay text: %s', async (text, formulas) => {
  const container = await render(text);
  expect(container.querySelectorAll('.formula').length).toBe(formulas);
  if (formulas === 0) expect(container.textContent).toBe(text);
});

test('words of a link keep the joiners of their spelling and of emoji, and lose those that disguise', async () => {
  const words = 'نیم\u200cفاصله क्\u200dष 👨\u200d👩\u200d👧 pay\u200cpal a\u200d';
  const container = await render(`[${words}](https://example.com)`);
  expect(container.querySelector('a')?.textContent).toBe('نیم\u200cفاصله क्\u200dष 👨\u200d👩\u200d👧 paypal a');
});

test('line breaks are kept: in paragraphs, items and quotes', async () => {
  const container = await render('Roses are red,\nviolets are blue.\n\n- one\n  two\n\n> three\n> four');
  expect(container.querySelector('p')?.innerHTML).toBe('Roses are red,<br>violets are blue.');
  expect(container.querySelector('li')?.innerHTML).toBe('one<br>two');
  expect(container.querySelector('blockquote > p')?.innerHTML).toBe('three<br>four');
});

test.each([
  ['H<sub>2</sub>O and x<sup>2</sup>', 'H<sub>2</sub>O and x<sup>2</sup>'],
  [
    'Press <kbd>Ctrl</kbd>+<KBD>C</KBD>, <u>**now**</u>',
    'Press <kbd>Ctrl</kbd>+<kbd>C</kbd>, <u><strong>now</strong></u>',
  ],
  ['<sub onclick="x()">a</sub> <sub>b', '&lt;sub onclick="x()"&gt;a&lt;/sub&gt; &lt;sub&gt;b'],
  ['a <ul><li>b</li></ul> <b>c</b>', 'a &lt;ul&gt;&lt;li&gt;b&lt;/li&gt;&lt;/ul&gt; &lt;b&gt;c&lt;/b&gt;'],
])('a short list of HTML elements is rendered, and everything else is text: %s', async (text, html) => {
  expect(await paragraph(text)).toBe(html);
});

test('cells of tables have lists, and a line may be a line break alone', async () => {
  const cells = '| a |\n|---|\n| <ul><li>one</li><li>*two*<br>three</ul> |\n\nText\n\n<br>\n\nText';
  const container = await render(cells, 5);
  expect(container.querySelector('td')?.innerHTML).toBe('<ul><li>one</li><li><em>two</em><br>three</li></ul>');
  expect(container.textContent).not.toContain('<br>');
});

test('details are an element with its summary, its blocks in it, and what follows behind it', async () => {
  const inner = '<details><summary>More</summary>Deep</details>';
  const text = `<details>\n<summary><b>Answer</b> to &quot;it&quot;</summary>\n\n- one\n\n\`\`\`js\n</details>\n\`\`\`\n\n${inner}\n</details>\n\nAfter`;
  const container = await render(text, 7);
  const [details, deep, ...others] = container.querySelectorAll('details');
  expect(others).toEqual([]);
  expect(details?.open).toBe(false);
  expect(details?.querySelector('summary')?.textContent).toBe('Answer to "it"');
  expect(details?.querySelector(':scope > ul > li')?.textContent).toBe('one');
  expect(details?.querySelector('.code code')?.textContent).toBe('</details>\n');
  expect(deep?.parentElement).toBe(details);
  expect(deep?.textContent).toBe('MoreDeep');
  expect(container.querySelector('.part')?.lastElementChild?.textContent).toBe('After');
});

test('details without an end hide nothing, and have a summary', async () => {
  const container = await render('<details>\nAll of the answer\n\nis in here.', 4);
  const details = container.querySelector('details');
  expect(details?.open).toBe(true);
  expect(details?.textContent).toBe('DetailsAll of the answeris in here.');
});

test('every named character of HTML is decoded', async () => {
  expect(await paragraph('&alpha; &Ropf; &ngE; &AMP; &#x41; &nonsense;')).toBe('α ℝ ≧̸ &amp; A &amp;nonsense;');
});
