import { expect, test, vi } from 'vitest';
import { BlockSplitter } from './blocks/block-splitter.ts';
import { isColouring } from './code/colour-code.ts';
import { StreamingMarkdown } from './streaming-markdown.ts';

const CORPUS: readonly string[] = [
  'One paragraph with **bold**, *emphasis*, `code`, ~~gone~~ and a [link](https://example.org/page).',
  '# Title\n\nText under it\nthat continues.\n\n## Second\n- a\n- b\n  - c\n    deeper\n- d\n\nAfter the list.\n',
  '1. First\n   ```bash\n   npm install\n\n   npm start\n   ```\n2. Second\n\n   Still second.\n\n3. Third\n\nEnd.',
  'Before\n```ts\nconst a = `x`;\n\n- not a list\n# not a title\n```\nAfter',
  '~~~\n```\ninside\n```\n~~~\n\n````md\n```js\nx\n```\n````\n',
  '| a | b |\n|---|:-:|\n| 1 | **2** |\n| 3 | `4` |\n\nText\n',
  '> quote\n> > deeper\n> - item\n\nText\n\n    indented code\n\n    more of it\n\nEnd',
  '- [ ] open\n- [x] done\n\n---\n\n* other\n* list\n\n5. five\n6. six\n',
  'In\n2024. a year\nand -5 degrees\n- a bullet\n\n\n\ntext <br> &amp; &lt;tag&gt; <b>raw</b>\n\n<div>\nblock\n</div>\n',
  'Unclosed `code and **bold and [link](https://exa',
  'Line one  \nline two\\\nline three\n\nwww.example.org and a@example.org\n\n```\nopen fence\n``',
  `${'word '.repeat(4_000)}\n\n${'x'.repeat(30_000)}\n\n- ${'item '.repeat(3_000)}\n- next\n`,
  `| a | b |\n|---|---|\n${'| cell one | cell two |\n'.repeat(900)}\nend`,
  'See [the page][1], ![a picture][2], [both]\n\n- in a [list][1] item\n- [next][B]\n\n- [more][both]\n\n| [head][1] |\n|---|\n| [cell][1] |\n\n[1]: https://example.org/one "One"\n[2]: https://example.org/two\n\nThen [both][], [none].\n\n[Both]: <https://example.org/both>\n[b]: https://example.org/b\n[1]: https://example.org/late\n',
  'Before\n<details>\n<summary>A **bold** one</summary>\n\nInside\n\n```html\n</details>\n```\n\n<details><summary>In it</summary>Deep</details>\n\n- item\n</details>\nAfter\n\n<details open>\nNo summary, no end\n\nmore',
  // Long items and quotes, with code, lists, tables and quotes in them.
  `1. Steps\n\n   ${'word '.repeat(300)}\n\n   \`\`\`py\n${'   code = 1\n'.repeat(800)}   \`\`\`\n\n   Then **more**.\n2. Next\n`,
  `- Chapter\n  - Part\n${'    - Sub point with words\n'.repeat(400)}    - Last\n  - Other part\n- Second\n\nEnd`,
  `> Quoted\n> - one\n>\n${'> Many words in a quoted paragraph.\n>\n'.repeat(200)}> \`\`\`js\n${'> call();\n'.repeat(700)}> \`\`\`\n> end\n\nAfter`,
  `* Table\n\n  | a | b |\n  |---|---|\n${'  | cell | cell |\n'.repeat(600)}\n  After the table\n* Next\n`,
  `- ${'long words '.repeat(900)}\n  - nested\n    > ${'quoted words '.repeat(600)}\n    > lazy\nlazy too\n\n# End`,
  'عربي **غامق**\n\n- عنصر\n- 😀😀\n',
];

async function settled(writer: StreamingMarkdown): Promise<void> {
  while (!writer.isSettled || isColouring()) await new Promise(requestAnimationFrame);
}

async function whole(text: string): Promise<string> {
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  writer.update(text, true);
  await settled(writer);
  return joinText(container);
}

/** Ignores adjacent text nodes and how code is divided into pieces. */
function joinText(container: HTMLElement): string {
  container.normalize();
  return container.innerHTML.replaceAll('</span><span>', '');
}

test.each(CORPUS.map((text, index) => ({ index, text })))(
  'streamed text renders the same as the whole text (corpus $index)',
  async ({ text }) => {
    const expected = await whole(text);
    const steps = text.length > 3_000 ? [977] : [1, 7];
    for (const step of steps) {
      const container = document.createElement('div');
      const writer = new StreamingMarkdown(container);
      for (let end = step; end < text.length; end += step) writer.update(text.slice(0, end), false);
      writer.update(text, true);
      await settled(writer);
      expect(joinText(container)).toBe(expected);
    }
  },
);

test('a list item stays one item whatever its length: its code is whole, its lists are nested, its table is one', async () => {
  const code = 'value = compute(1, 2, 3)\n'.repeat(2_000);
  const rows = Array.from({ length: 300 }, (_, index) => `  | row ${index} | cell |`).join('\n');
  const points = Array.from({ length: 300 }, (_, index) => `    - point ${index}`).join('\n');
  const text = `- First\n\n  \`\`\`python\n${code.replace(/^(?=.)/gm, '  ')}  \`\`\`\n\n  | a | b |\n  |---|---|\n${rows}\n\n  - Part\n${points}\n- Second\n`;
  const container = document.createElement('div');
  container.innerHTML = await whole(text);
  const items = container.querySelectorAll(':scope > .part > ul > li');
  expect(items.length).toBe(2);
  const [first] = items;
  expect(first?.querySelectorAll('.code').length).toBe(1);
  expect(first?.querySelector('.code code')?.textContent).toBe(code);
  expect(first?.querySelectorAll('table').length).toBe(1);
  expect(first?.querySelectorAll('tbody tr').length).toBe(300);
  expect(first?.querySelectorAll(':scope > ul > li > ul > li').length).toBe(300);
  expect(container.querySelectorAll('ul').length).toBe(3);
});

test('a quote stays one quote whatever its length', async () => {
  const text = `> # Title\n>\n${'> words of a paragraph\n>\n'.repeat(400)}> > deeper ${'words '.repeat(2_000)}\n\nAfter`;
  const container = document.createElement('div');
  container.innerHTML = await whole(text);
  expect(container.querySelectorAll('.part > blockquote').length).toBe(1);
  expect(container.querySelectorAll('blockquote > p').length).toBeGreaterThan(400);
  expect(container.querySelectorAll('.part > blockquote > blockquote').length).toBe(1);
  expect(container.querySelector('.part > p')?.textContent).toBe('After');
});

test('no character of an answer is lost', async () => {
  for (const text of CORPUS) {
    const container = document.createElement('div');
    container.innerHTML = await whole(text);
    for (const button of container.querySelectorAll('.bar, .link-host')) button.remove();
    const letters = (value: string): string => value.replace(/[^\p{L}]/gu, '');
    const shown = letters(container.textContent);
    for (const word of text
      .replace(/&\w+;|https?:\S+|```\w*|<br>|<\/?(?:details|summary)[^>]*>|^\[\w+\]: .*$/gm, ' ')
      .match(/\p{L}{3,}/gu) ?? []) {
      expect(shown).toContain(word);
    }
  }
});

test('a finished block is not touched while the next ones stream', async () => {
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  writer.update('First **one**.\n\n- a\n- b\n\nThird', false);
  await expect.poll(() => container.querySelectorAll('.part > *').length).toBe(3);
  const part = container.children[0];
  const frozen = [...(part?.children ?? [])].slice(0, 2);
  const records: MutationRecord[] = [];
  const observer = new MutationObserver((news) => records.push(...news));
  for (const node of frozen)
    observer.observe(node, { subtree: true, childList: true, characterData: true, attributes: true });
  writer.update('First **one**.\n\n- a\n- b\n\nThird continues\n\n```js\ncode', false);
  writer.update('First **one**.\n\n- a\n- b\n\nThird continues\n\n```js\ncode\n```\n\nend', true);
  await settled(writer);
  expect([...records, ...observer.takeRecords()]).toEqual([]);
  expect(frozen.map((node) => node.tagName)).toEqual(['P', 'UL']);
  expect([...(part?.children ?? [])].slice(0, 2)).toEqual(frozen);
  expect(container.textContent).toContain('end');
});

test('an open code block only grows: no text node in it is replaced', async () => {
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  writer.update('```js\nlet a', false);
  const text = container.querySelector('code span')?.firstChild;
  writer.update('```js\nlet a = 1;\nlet b', false);
  await expect.poll(() => text?.nodeValue).toBe('let a = 1;\nlet b');
  expect(container.querySelector('code span')?.firstChild).toBe(text);
});

test('copied code is exactly the source', async () => {
  const code = `${Array.from({ length: 3_000 }, (_, line) => `line ${line} <b>&amp;</b>`).join('\n')}\n${'y'.repeat(20_000)}\n`;
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  writer.update(`\`\`\`html\n${code}\`\`\`\n`, true);
  await settled(writer);
  expect(container.querySelector('code')?.textContent).toBe(code);
  expect(container.querySelector('.bar span')?.textContent).toBe('HTML');
});

test('a list, a quote and a table have the text direction of their content, as a whole', async () => {
  for (const [words, direction] of [
    ['Two items', 'ltr'],
    ['عنصران هنا', 'rtl'],
  ] as const) {
    const container = document.createElement('div');
    container.dir = direction === 'ltr' ? 'rtl' : 'ltr';
    container.innerHTML = await whole(
      `- ${words}\n\n- [x] ${words}\n  1. ${words}\n\n> ${words}\n\n| ${words} | 1 |\n|---|---|\n| 1 | 2 |\n`,
    );
    document.body.append(container);
    for (const block of container.querySelectorAll('ul, ol, li, blockquote, table, td')) {
      expect(getComputedStyle(block).direction, block.outerHTML).toBe(direction);
    }
    container.remove();
  }
});

test('an unfinished span is shown as if it were closed, and an unfinished link has no target', async () => {
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  writer.update('See [the page](https://example.org/a', false);
  expect(container.innerHTML).toBe('<div class="part"><p dir="auto">See the page</p></div>');
  writer.update('See [the page](https://example.org/a) and **bold', false);
  // A step that was expensive, as the first one is on a busy machine, puts the next one off.
  await expect.poll(() => container.querySelector('strong')?.textContent).toBe('bold');
  expect(container.querySelector('a')?.hasAttribute('data-href')).toBe(false);
  writer.update('See [the page](https://example.org/a) and **bold** `code', false);
  await expect.poll(() => container.querySelector('code')?.textContent).toBe('code');
  writer.update('See [the page](https://example.org/a) and **bold** `code`.', true);
  await settled(writer);
  expect(container.querySelector('a')?.dataset['href']).toBe('https://example.org/a');
});

test('the numbers of a list that other blocks interrupt are kept', async () => {
  expect(await whole('1. a\n2. b\n\ntext\n\n3. c\n4. d\n')).toContain('<ol start="3" dir="auto">');
});

test('a text that is not a continuation is rendered from scratch', async () => {
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  writer.update('One answer', false);
  writer.update('Another', true);
  await settled(writer);
  expect(container.textContent).toBe('Another');
});

test('the items of a list, and the rows of a long table, stay in one list and one table', async () => {
  const container = document.createElement('div');
  container.innerHTML = await whole(`- a\n- b\n\n- c\n\n| h | i |\n|---|---|\n${'| cell | cell |\n'.repeat(600)}`);
  expect(container.querySelectorAll('ul').length).toBe(1);
  expect(container.querySelectorAll('li').length).toBe(3);
  expect(container.querySelectorAll('table').length).toBe(1);
  expect(container.querySelectorAll('tbody tr').length).toBe(600);
});

test('a very long list continues in further lists with its numbers, so that what is out of view needs no layout', async () => {
  const items = Array.from({ length: 450 }, (_, index) => `${index + 1}. item\n`);
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  for (let end = 10; end < items.length; end += 10) writer.update(items.slice(0, end).join(''), false);
  writer.update(items.join(''), true);
  await settled(writer);
  const lists = [...container.querySelectorAll('ol')];
  expect(lists.map(({ childElementCount }) => childElementCount)).toEqual([200, 200, 50]);
  expect(lists.map(({ start }) => start)).toEqual([1, 201, 401]);
  expect(container.querySelectorAll('.part').length).toBe(3);
  expect(joinText(container)).toBe(await whole(items.join('')));
});

test('footnotes are searched once, however many there are', async () => {
  const looksFor = async (count: number): Promise<number> => {
    const container = document.createElement('div');
    const looks = vi.spyOn(container, 'querySelectorAll');
    const notes = Array.from(
      { length: count },
      (_, index) => `Word[^${index}] and[^loose${index}].\n\n[^${index}]: note`,
    );
    const writer = new StreamingMarkdown(container);
    writer.update(notes.join('\n\n'), true);
    await settled(writer);
    expect(container.textContent).toContain(`Word${2 * count - 1} and[^loose${count - 1}]`);
    return looks.mock.calls.length;
  };
  expect(await looksFor(300)).toBe(await looksFor(2));
});

const ENDLESS: Readonly<Record<string, string>> = {
  'code without an end': `\`\`\`js\n${'const value = compute(1);\n'.repeat(4_000)}`,
  'a table of 2,000 rows': `| a | b |\n|---|---|\n${'| cell one | **cell** two |\n'.repeat(2_000)}`,
  'letters without a space': 'x'.repeat(100_000),
  'quotes in quotes': `${'>'.repeat(10_000)} deep\n${'> '.repeat(10_000)}deep`,
  'a list of 4,000 items': '- an item with **bold** words\n'.repeat(4_000),
  'a paragraph of 4,000 lines': 'a line in a long paragraph\n'.repeat(4_000),
};

test.each(Object.entries(ENDLESS))('no step of %s reads or builds more than the first steps', async (_, text) => {
  const splitter = new BlockSplitter();
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  const observer = new MutationObserver(() => {});
  observer.observe(container, { subtree: true, childList: true, characterData: true });
  const step = 1_000;
  const made: number[] = [];
  let finished = 0;
  for (let end = step; end < text.length; end += step) {
    const soFar = text.slice(0, end);
    for (const block of splitter.push(soFar, false)) finished += block.kind === 'text' ? block.source.length : 0;
    const { open } = splitter;
    if (open?.kind === 'text') expect(open.source.length).toBeLessThan(6_000);
    writer.update(soFar, false);
    // Includes the work that a step leaves for the next frames.
    await new Promise(requestAnimationFrame);
    made.push(observer.takeRecords().reduce((sum, { addedNodes }) => sum + 1 + addedNodes.length, 0));
  }
  expect(finished).toBeLessThan(text.length * 1.1);
  const middle = Math.floor(made.length / 2);
  const most = (counts: readonly number[]): number => Math.max(...counts);
  expect(most(made.slice(middle))).toBeLessThanOrEqual(2 * most(made.slice(0, middle)));
  writer.dispose();
});

test('a link finds its definition anywhere in the answer, once the answer has ended', async () => {
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  const text = `See [the page][1].\n\n- in [a list][one]\n\n- more\n\n${'| [a] | b |\n|---|---|\n'}${'| [cell][1] | cell |\n'.repeat(300)}\nEnd of it.\n\n`;
  const targets =
    '[1]: https://example.org/1 "A title"\n\n[one]: https://example.org/2\n[a]: javascript:alert(1)\n[1]: https://example.org/late\n';
  writer.update(text, false);
  writer.update(`${text}${targets}`, false);
  expect(container.querySelectorAll('a').length).toBe(0);
  writer.update(`${text}${targets}`, true);
  await settled(writer);
  expect(container.querySelector('p a')?.getAttribute('data-href')).toBe('https://example.org/1');
  expect(container.querySelector('li a')?.getAttribute('data-href')).toBe('https://example.org/2');
  expect(container.querySelectorAll('td a[data-href="https://example.org/1"]').length).toBe(300);
  expect([container.querySelectorAll('ul').length, container.querySelectorAll('li').length]).toEqual([1, 2]);
  expect([container.querySelectorAll('table').length, container.querySelectorAll('tbody tr').length]).toEqual([1, 300]);
  expect(container.querySelectorAll('th a[data-href]').length).toBe(0);
  expect(container.querySelectorAll('a[data-href="https://example.org/late"]').length).toBe(0);
});

test('a definition before its links applies while they stream', async () => {
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  writer.update('[1]: https://example.org/1\n\nSee [the page][1] and', false);
  await expect.poll(() => container.querySelector('a')?.textContent).toBe('the page');
  expect(container.querySelector('p')?.textContent).not.toContain('[');
});

test('link definitions are not shown, not even while they stream', async () => {
  const text =
    'See [one][1] and [two].\n\n[1]: https://example.org/one "One"\n[two]: <https://example.org/two>\n  (a title\n in two lines)\n\nEnd.';
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  for (let end = text.indexOf('[1]:'); end < text.indexOf('End'); end++) {
    writer.update(text.slice(0, end), false);
    expect(container.textContent, text.slice(0, end)).toBe('See [one][1] and [two].');
  }
  writer.update(text, true);
  await settled(writer);
  expect(container.textContent).toBe('See one (example.org) and two (example.org).End.');
});

test('an unsafe target is shown as source text, and so is text that only starts like a definition', async () => {
  for (const text of [
    '[a]: javascript:alert(1)',
    '[a]: page.html',
    '[Note]: two words',
    '[1]',
    '[a]:',
    '[a]: <https://',
  ]) {
    const container = document.createElement('div');
    container.innerHTML = await whole(text);
    expect(container.textContent).toBe(text);
  }
});

test('definitions at the end of an answer leave no empty part behind', async () => {
  for (let count = 1; count < 30; count++) {
    const text = 'A paragraph.\n\n'.repeat(count);
    expect(await whole(`${text}[a]: https://example.org/a`)).toBe(await whole(text));
  }
});
