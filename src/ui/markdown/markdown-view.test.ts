import { afterEach, expect, test, vi } from 'vitest';
import { tokens } from '../base/tokens.ts';
import { isColouring } from './code/colour-code.ts';
import { MarkdownView } from './markdown-view.ts';
import { formulasSettled } from './maths/formulas.ts';
import { richText } from './rich-text.ts';
import { checkInvariants } from './testing/invariants.ts';

let view: MarkdownView;

afterEach(() => view.remove());

async function show(text: string): Promise<ShadowRoot> {
  view = new MarkdownView();
  view.text = text;
  document.body.append(view);
  await vi.waitUntil(() => view.isSettled);
  await formulasSettled();
  await vi.waitUntil(() => !isColouring());
  const { shadowRoot } = view;
  if (shadowRoot === null) throw new Error('the view has no root');
  const formatted = shadowRoot.querySelector('.formatted');
  if (formatted !== null) checkInvariants(formatted);
  return shadowRoot;
}

function press(root: ParentNode, selector: string): HTMLElement {
  const element = root.querySelector<HTMLElement>(selector);
  if (element === null) throw new Error(`no ${selector}`);
  element.click();
  return element;
}

test('finished code is coloured in a worker, and its text stays the same', async () => {
  const code = `const answer: number = 42; // why\n${'let line = "a \\u{1F600} 😀";\n'.repeat(400)}`;
  const root = await show(`\`\`\`ts\n${code}\`\`\`\n\n- in a list\n\n  \`\`\`py\n  def f(): pass\n  \`\`\`\n`);
  const blocks = [...root.querySelectorAll('code')];
  expect(blocks[0]?.textContent).toBe(code);
  expect(blocks[0]?.querySelector('.keyword')?.textContent).toBe('const');
  expect(blocks[0]?.querySelector('.comment')?.textContent).toBe('// why');
  expect(blocks[0]?.querySelectorAll('.string').length).toBe(400);
  expect(blocks[1]?.querySelector('.keyword')?.textContent).toBe('def');
});

test('code of an unknown language and very long code are not coloured; the long one says so', async () => {
  const root = await show(`\`\`\`klingon\nqapla'\n\`\`\`\n\n\`\`\`js\n${'let a = 1;\n'.repeat(20_000)}\`\`\`\n`);
  expect(root.querySelectorAll('.keyword').length).toBe(0);
  expect([...root.querySelectorAll('.language')].map((label) => label.textContent)).toEqual(['klingon', 'JavaScript']);
  expect(root.querySelector('.bar .limit')?.textContent).toBe('too long for highlighting');
});

test('a button wraps code, and another saves it as a file with a fitting name', async () => {
  const root = await show('```python\n# tools/tide_table.py\nprint(1)\n```\n');
  const wrap = press(root, '.wrap');
  expect(wrap.getAttribute('aria-pressed')).toBe('true');
  expect(getComputedStyle(root.querySelector('pre') ?? wrap).whiteSpace).toContain('pre-wrap');
  const names: string[] = [];
  const seen = (event: Event): void => {
    if (!(event.target instanceof HTMLAnchorElement)) return;
    names.push(event.target.download);
    event.preventDefault();
  };
  const { click } = HTMLAnchorElement.prototype;
  HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
    this.addEventListener('click', seen);
    click.call(this);
  };
  press(root, '.download');
  HTMLAnchorElement.prototype.click = click;
  expect(names).toEqual(['tide_table.py']);
});

test('formulas are rendered in their four notations; amounts of money are not formulas', async () => {
  const root = await show(
    'So $e^{i\\pi} = -1$ and \\(a^2\\).\n\n$$\nx = 1\n- y\n$$\n\n\\[ z \\]\n\nIt costs $5, or $10 for two; US$3 and $4/$5.',
  );
  expect([...root.querySelectorAll('annotation')].map((node) => node.textContent?.replace(/\s+/g, ' ').trim())).toEqual(
    ['e^{i\\pi} = -1', 'a^2', 'x = 1 - y', 'z'],
  );
  expect(root.querySelectorAll('.formula.display').length).toBe(2);
  expect(root.textContent).toContain('It costs $5, or $10 for two; US$3 and $4/$5.');
  const [formula] = root.querySelectorAll('.katex');
  expect(getComputedStyle(formula ?? view).fontFamily).toContain('AlcoveKaTeX_Main');
  await document.fonts.ready;
  const faces = [...document.fonts].filter(({ family }) => family.includes('AlcoveKaTeX_'));
  expect(faces.length).toBeGreaterThan(15);
  expect(faces.some(({ status }) => status === 'loaded')).toBe(true);
  expect(faces.some(({ status }) => status === 'error')).toBe(false);
});

test('styles of formulas are set by script, which a strict policy allows', async () => {
  const written: string[] = [];
  const { setAttribute } = Element.prototype;
  Element.prototype.setAttribute = function (this: Element, name: string, value: string) {
    if (name === 'style') written.push(value);
    setAttribute.call(this, name, value);
  };
  const root = await show('$\\vec{x} + \\fcolorbox{red}{blue}{y} + \\color{red}{z}$');
  Element.prototype.setAttribute = setAttribute;
  expect(root.querySelector('svg')?.style.width).toMatch(/em$/);
  expect(written).toEqual([]);
});

test('chemical formulas are rendered', async () => {
  const root = await show('Water is $\\ce{H2O}$ and \\(\\ce{2H2 + O2 -> 2H2O}\\).');
  await vi.waitUntil(() => root.querySelectorAll('.formula math').length === 2);
  expect(root.querySelector('.formula math msub')?.textContent).toContain('2');
});

test('a formula that KaTeX cannot parse stays text', async () => {
  const root = await show('Here: $\\nosuchmacro{x}$ and $\\href{javascript:alert(1)}{x}$.');
  expect(root.textContent).toContain('$\\nosuchmacro{x}$');
  expect(root.querySelectorAll('a').length).toBe(0);
});

/** Reported: 165 s at every opening, and with a matrix 4 GB. The others take KaTeX's own commands only. */
const BOMBS = [
  `\\def\\a{${'x'.repeat(1_700)}}${'\\a'.repeat(900)}`,
  `\\newcommand{\\a}{${'x'.repeat(1_700)}}${'\\a'.repeat(800)}`,
  `\\gdef\\a{xx}\\let\\b\\a\\b`,
  `\\begin{matrix}${'x&'.repeat(1_900)}\\end{matrix}`,
  `${'\\sqrt{'.repeat(280)}x${'}'.repeat(280)}`,
  `${'\\mathllap{'.repeat(180)}x${'}'.repeat(180)}`,
];

test('a formula that defines macros, or that would be too large or too deep, stays text; the others are drawn', async () => {
  const root = await show(`First $x^2$.\n\n${BOMBS.map((tex) => `$$\n${tex}\n$$\n\n`).join('')}Last $y^2$.`);
  expect([...root.querySelectorAll('annotation')].map((node) => node.textContent)).toEqual(['x^2', 'y^2']);
  for (const tex of BOMBS) expect(root.textContent).toContain(tex);
});

const COVERS = [
  '\\llap{\\text{good.test, good.test}}',
  '\\kern-12em\\text{good.test, good.test}',
  '\\rlap{\\kern-9em\\text{good.test, good.test}}',
  '\\smash{\\raisebox{0em}{\\llap{\\text{good.test, good.test}}}}',
  '\\mathllap{\\text{good.test, good.test}}',
  '\\hspace{-12em}\\text{good.test, good.test}',
];

test.each(COVERS)('the formula %s covers no link and no host beside it', async (tex) => {
  const root = await show(`[a link to somewhere](https://evil.test/) $${tex}$ and more`);
  const [link, host] = [root.querySelector('a'), root.querySelector('.link-host')];
  expect(root.querySelector('.katex')).not.toBeNull();
  for (const element of [link, host]) {
    const { left, right, top, bottom } = element?.getBoundingClientRect() ?? new DOMRect();
    for (const share of [0.02, 0.25, 0.5, 0.75, 0.98]) {
      const hit = root.elementFromPoint(left + (right - left) * share, (top + bottom) / 2);
      expect(hit, `${share} of ${element?.textContent}`).toBe(element);
    }
  }
});

test('a formula in a link’s text stays text, so that the link’s host is beside it', async () => {
  const root = await show('[to $\\kern30em x$](https://evil.test/) and [![$y$]][r]\n\n[r]: https://evil.test/r');
  expect(root.querySelector('a')?.textContent).toBe('to $\\kern30em x$');
  expect(root.querySelectorAll('.formula').length).toBe(0);
});

test('a footnote and its reference link to each other; a reference without a note is text', async () => {
  const root = await show('One[^a] and two[^b] and none[^c].\n\n[^b]: Second.\n\n[^a]: First,\n    and more.\n');
  const marks = [...root.querySelectorAll<HTMLElement>('.note-mark')];
  expect(marks.map((mark) => mark.textContent)).toEqual(['1', '2']);
  expect(root.textContent).toContain('none[^c].');
  marks[0]?.click();
  expect(root.activeElement?.textContent).toContain('First,');
  press(root.activeElement ?? root, '.note-back');
  expect(root.activeElement).toBe(marks[0]);
});

test('a link that can exfiltrate text has no href, and a dialog shows the whole URL', async () => {
  const href = `https://evil.test/?d=${'c2VjcmV0'.repeat(12)}`;
  const root = await show(`[click here](${href}) or [there](https://good.test/page)`);
  const [asking, plain] = root.querySelectorAll('a');
  expect(asking?.hasAttribute('href')).toBe(false);
  expect(plain?.dataset['href']).toBe('https://good.test/page');
  asking?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  await vi.waitUntil(() => root.querySelector('alcove-link-dialog')?.shadowRoot?.querySelector('dialog[open]'));
  const dialog = root.querySelector('alcove-link-dialog');
  expect(dialog?.shadowRoot?.querySelector('code')?.textContent).toBe(href);
  const open = dialog?.shadowRoot?.querySelector('a');
  expect([open?.rel, open?.referrerPolicy, open?.target]).toEqual([
    'noopener noreferrer nofollow',
    'no-referrer',
    '_blank',
  ]);
  dialog?.shadowRoot?.querySelector('button')?.click();
  await vi.waitUntil(() => root.querySelector('alcove-link-dialog') === null);
});

const PRESSES: readonly Event[] = [
  new PointerEvent('pointerdown', { bubbles: true, pointerType: 'mouse' }),
  new MouseEvent('contextmenu', { bubbles: true, cancelable: true }),
  new MouseEvent('auxclick', { bubbles: true, cancelable: true, button: 1 }),
  new MouseEvent('click', { bubbles: true, cancelable: true }),
  new KeyboardEvent('keydown', { bubbles: true, cancelable: true, key: 'Enter' }),
];

test.each(PRESSES.map((event) => [event.type, event] as const))(
  'a link has no href before a press, here %s, and then the browser’s own way; one that asks stays without',
  async (_, event) => {
    const root = await show(`[plain](https://good.test/page) [asks](https://evil.test/${'ab/'.repeat(50)})`);
    const [plain, asking] = root.querySelectorAll('a');
    const follows: boolean[] = [];
    root.addEventListener('click', (click) => {
      // The test stays on its page.
      follows.push(!click.defaultPrevented);
      click.preventDefault();
    });
    expect([plain, asking].map((link) => [link?.hasAttribute('href'), link?.role, link?.tabIndex])).toEqual([
      [false, 'link', 0],
      [false, 'link', 0],
    ]);
    const copy = (): Event => new (event.constructor as typeof MouseEvent)(event.type, event as MouseEventInit);
    for (const hover of ['pointerover', 'pointermove', 'mouseover', 'focusin']) {
      plain?.dispatchEvent(new PointerEvent(hover, { bubbles: true }));
    }
    expect(plain?.hasAttribute('href')).toBe(false);
    plain?.dispatchEvent(copy());
    asking?.dispatchEvent(copy());
    expect([plain?.href, asking?.hasAttribute('href')]).toEqual(['https://good.test/page', false]);
    const isClick = event.type === 'click' || event.type === 'keydown';
    expect(follows).toEqual(isClick ? [true, false] : []);
    if (event.type !== 'pointerdown') await vi.waitUntil(() => root.querySelector('alcove-link-dialog'));
  },
);

test('a finger that begins to scroll on a link does not press it', async () => {
  const root = await show('[plain](https://good.test/page)');
  const link = root.querySelector('a');
  link?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, pointerType: 'touch' }));
  expect(link?.hasAttribute('href')).toBe(false);
});

test('formatted text for other programs has the document’s elements and none of our controls', async () => {
  const root = await show(
    '# Title\n\nSome **bold**, $x^2$ and [a link](https://good.test/).\n\n- [x] done\n\n```js\nlet a;\n```\n\n| a |\n|---|\n| 1 |\n\nNote[^1]\n\n[^1]: Text',
  );
  // Rendering may take more than one frame.
  await vi.waitUntil(() => root.querySelector('.note') !== null);
  const html = richText(root.querySelector('.formatted') ?? view);
  const page = new DOMParser().parseFromString(html, 'text/html');
  expect(page.querySelector('h1')?.textContent).toBe('Title');
  expect(page.querySelector('a')?.getAttribute('href')).toBe('https://good.test/');
  expect(page.querySelector('pre code')?.innerHTML).toBe('let a;\n');
  expect(page.querySelectorAll('math msup').length).toBe(1);
  expect(page.querySelector('li')?.textContent).toBe('☑ done');
  expect(page.querySelectorAll('table td').length).toBe(1);
  expect(page.querySelectorAll('button, [class], [style], [tabindex], annotation').length).toBe(0);
});

test('an answer ends where its last block ends, and a quote where its last line does', async () => {
  for (const [text, selector] of [
    ['One.\n\nTwo.', 'p:last-child'],
    ['- a\n- b', 'ul'],
    ['```js\nlet a;\n```', '.code'],
    ['| a |\n|---|\n| 1 |', '.table'],
    ['> One.\n>\n> Two.', 'blockquote > p:last-child'],
  ] as const) {
    const root = await show(text);
    await vi.waitUntil(() => root.querySelector(selector) !== null);
    const bottom = (element: Element | null | undefined): number =>
      element?.getBoundingClientRect().bottom ?? Number.NaN;
    expect(bottom(root.querySelector(selector)), text).toBeCloseTo(bottom(view), 1);
    view.remove();
  }
});

test('a note in the text reports each limit that was applied', async () => {
  const table = `| a | b |\n|---|---|\n${'| c | d |\n'.repeat(3_000)}`;
  const root = await show(`${table}\n${'>'.repeat(30)} deep`);
  await vi.waitUntil(() => root.querySelectorAll('p.limit').length === 2);
  expect([...root.querySelectorAll('p.limit')].map((note) => note.textContent)).toEqual([
    'More than 5,000 cells: the rest of the table is shown as plain text.',
    'More than 20 levels deep: the rest is shown as plain text.',
  ]);
  expect(root.querySelectorAll('td').length).toBeLessThanOrEqual(5_000);
  expect(root.textContent?.match(/c/g)?.length).toBeGreaterThanOrEqual(3_000);
});

/** WCAG's relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((value) => {
    const part = Number(value) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test.each(['light', 'dark'])('the colours of code have enough contrast on the %s background', async (scheme) => {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [tokens.styleSheet].filter((sheet) => sheet !== undefined);
  host.style.setProperty('--alcove-color-scheme', scheme);
  view = new MarkdownView();
  view.text = '```\nx\n```\n';
  root.append(view);
  document.body.append(host);
  await view.updateComplete;
  await vi.waitUntil(() => view.shadowRoot?.querySelector('code span'));
  const block = view.shadowRoot?.querySelector('.code');
  const piece = view.shadowRoot?.querySelector('code span');
  if (!block || !piece) throw new Error('no code');
  const kinds = [
    'keyword',
    'string',
    'comment',
    'number',
    'function',
    'type',
    'attribute',
    'variable',
    'meta',
    'added',
    'removed',
  ];
  for (const kind of kinds) {
    piece.className = kind;
    const { color, backgroundColor } = getComputedStyle(piece);
    const ground = backgroundColor === 'rgba(0, 0, 0, 0)' ? getComputedStyle(block).backgroundColor : backgroundColor;
    const [lighter = 0, darker = 0] = [luminance(color), luminance(ground)].sort((a, b) => b - a);
    expect((lighter + 0.05) / (darker + 0.05), `${kind} ${color} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  }
  host.remove();
});
