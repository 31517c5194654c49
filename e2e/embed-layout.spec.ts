import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { agree, takenOver, use } from './support/embedded.ts';
import { expect, test } from './support/fixtures.ts';
import { SiteServer } from './support/site-server.ts';

/** Has an answer that is a download of 3.5 MB away, and needs no engine to be shown. */
const ELEMENT = '<alcove-chat model="toy-f32-GGUF"></alcove-chat>';
const EXAMPLE = readFileSync(new URL('../examples/embed.html', import.meta.url), 'utf8');

let host: SiteServer;

test.beforeEach(async ({ network }) => {
  host = await SiteServer.start({ headers: false });
  network.allow(host.origin);
});

test.afterEach(() => host.stop());

function hostPage(site: SiteServer, style: string, body = ELEMENT): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>
    <script type="module" src="${site.origin}/embed/alcove-chat.js"></script>
    <style>${style}</style></head><body>${body}</body></html>`;
}

/** Opens a page of another origin with the element in it, past the download. */
async function openChat(page: Page, site: SiteServer, style = ''): Promise<Locator> {
  host.serve('/', hostPage(site, style), 'text/html');
  await page.goto(host.origin);
  const chat = page.locator('alcove-chat');
  await agree(chat);
  await takenOver(chat);
  return chat;
}

async function restyle(page: Page, style: string): Promise<void> {
  await page.locator('head style').evaluate((sheet, text) => {
    sheet.textContent = text;
  }, style);
}

interface Sizes {
  readonly width: number;
  readonly height: number;
  /** Height of the part that scrolls. */
  readonly conversation: number;
  /** Whether the whole composer is inside the element. */
  readonly hasComposer: boolean;
}

function sizes(chat: Locator): Promise<Sizes> {
  return chat.evaluate((element) => {
    const box = element.shadowRoot?.querySelector('.box');
    const view = element.shadowRoot?.querySelector('alcove-chat-view')?.shadowRoot;
    const composer = view?.querySelector('alcove-composer')?.getBoundingClientRect();
    const conversation = view?.querySelector('.scroller')?.getBoundingClientRect();
    const { width, height, top, bottom, left, right } = (box ?? element).getBoundingClientRect();
    return {
      width,
      height,
      conversation: conversation?.height ?? 0,
      hasComposer:
        composer !== undefined &&
        composer.height > 30 &&
        composer.width > 150 &&
        composer.top >= top &&
        composer.bottom <= bottom &&
        composer.left >= left &&
        composer.right <= right,
    };
  });
}

test('the conversation stays usable, whatever rules and sizes the host page gives the element', async ({
  site,
  page,
}) => {
  const chat = await openChat(page, site);
  const cases: readonly (readonly [css: string, height: number])[] = [
    ['alcove-chat::part(header) { display: none }', 512],
    ['alcove-chat { block-size: auto; min-block-size: 700px }', 700],
    ['alcove-chat { block-size: auto; min-block-size: 200px }', 512],
    ['alcove-chat { block-size: auto; max-block-size: 400px }', 400],
    ['alcove-chat { display: flex; block-size: 50vh }', 360],
    ['* { all: unset }', 512],
    ['* { all: unset !important }', 512],
    ['* { all: revert; box-sizing: border-box; max-width: 100%; margin: 0; padding: 0 }', 512],
  ];
  for (const [css, height] of cases) {
    await restyle(page, css);
    await expect.poll(() => sizes(chat), css).toMatchObject({ height, hasComposer: true });
    expect((await sizes(chat)).conversation, css).toBeGreaterThan(150);
  }
  for (const height of [300, 240, 160, 100]) {
    await restyle(page, `alcove-chat { block-size: ${height}px }`);
    await expect.poll(() => sizes(chat), `${height}px`).toMatchObject({ height, hasComposer: true });
  }
});

test('the element has a sensible width wherever its contents decide', async ({ site, page }) => {
  const chat = await openChat(page, site);
  const places: readonly string[] = [
    '.place { display: block; float: left }',
    '.place { position: fixed; inset-block-start: 0; inset-inline-end: 0 }',
    '.place { display: flex } .place > .beside { flex: none }',
    '.place { display: grid; grid-template-columns: auto max-content; justify-content: start }',
    '.place { display: table } .place > * { display: table-cell; vertical-align: top }',
    '.place { inline-size: fit-content }',
    '.place { display: inline-block }',
  ];
  const inDialog = '<dialog class="place" open></dialog>';
  for (const place of [inDialog, '<div class="place"><p class="beside">beside</p></div>']) {
    await page.evaluate((html) => {
      const element = document.querySelector('alcove-chat');
      document.querySelector('.place')?.replaceWith(element ?? '');
      element?.insertAdjacentHTML('beforebegin', html);
      document.querySelector('.place')?.prepend(element ?? '');
    }, place);
    for (const css of place === inDialog ? ['.place { padding: 0 }'] : places) {
      await restyle(page, css);
      await page.setViewportSize({ width: 1000, height: 720 });
      await expect.poll(() => sizes(chat), css).toMatchObject({ width: 448, hasComposer: true });
      await page.setViewportSize({ width: 360, height: 720 });
      await expect.poll(async () => (await sizes(chat)).width, `${css} on a phone`).toBeGreaterThan(260);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow, `${css} on a phone`).toBeLessThanOrEqual(8);
    }
  }
});

test('text properties of the host page do not change the element, except its colour scheme', async ({ site, page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const chat = await openChat(page, site);
  const styles = (): Promise<Record<string, string>> =>
    chat.getByRole('heading', { name: 'What would you like to know?' }).evaluate((heading) => {
      const names = ['text-align', 'text-transform', 'letter-spacing', 'white-space', 'font-style', 'text-indent'];
      const computed = getComputedStyle(heading);
      const more = ['font-size', 'line-height', 'word-spacing', 'font-family', 'font-weight', 'color', 'cursor'];
      return Object.fromEntries([...names, ...more].map((name) => [name, computed.getPropertyValue(name)]));
    });
  const plain = await styles();
  expect(plain).toMatchObject({ 'font-size': '22px', color: 'rgb(28, 30, 33)' });

  await restyle(
    page,
    `:root { font-size: 62.5% } body { font: italic 900 10px/1 serif; text-align: right; text-transform: uppercase;
      letter-spacing: 4px; word-spacing: 9px; white-space: pre; text-indent: 3em; color: red; cursor: wait }`,
  );
  expect(await styles()).toEqual(plain);
  await restyle(page, '* { all: unset }');
  expect(await styles()).toEqual(plain);

  await restyle(page, ':root { color-scheme: dark }');
  expect(await styles()).toEqual({ ...plain, color: 'rgb(230, 231, 228)' });
  await restyle(page, ':root { color-scheme: light dark } alcove-chat { --alcove-color-scheme: light }');
  expect(await styles()).toEqual(plain);
  await restyle(page, '* { visibility: hidden }');
  await expect(chat.getByRole('textbox', { name: 'Message' })).toBeHidden();
});

test('--alcove-font-size reaches all text of the element', async ({ site, page }) => {
  const chat = await openChat(page, site);
  const texts = (): Promise<readonly number[]> =>
    chat.evaluate((element) => {
      const found: number[] = [];
      const visit = (root: ParentNode): void => {
        for (const inner of root.querySelectorAll('*')) {
          if ([...inner.childNodes].some((node) => node instanceof Text && node.data.trim() !== '')) {
            if (!(inner instanceof HTMLStyleElement)) found.push(Number.parseFloat(getComputedStyle(inner).fontSize));
          }
          if (inner.shadowRoot !== null) visit(inner.shadowRoot);
        }
      };
      if (element.shadowRoot !== null) visit(element.shadowRoot);
      return found;
    });
  await chat.getByRole('button', { name: /Toy/ }).click();
  await chat.getByRole('option', { name: 'All models…' }).click();
  await expect(chat.getByRole('dialog', { name: 'Models' })).toBeVisible();
  const before = await texts();
  expect(before.length).toBeGreaterThan(20);
  expect(Math.min(...before)).toBeGreaterThanOrEqual(12);
  await restyle(page, 'alcove-chat { --alcove-font-size: 34px }');
  const after = await texts();
  expect(after.map(Math.round)).toEqual(before.map((size) => Math.round(2 * size)));
});

test('the documented example shifts nothing on its page while the element loads', async ({ site, page }) => {
  await page.addInitScript(() => {
    Object.assign(globalThis, { shifts: [] });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) Reflect.get(globalThis, 'shifts').push(Reflect.get(entry, 'value'));
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const html = EXAMPLE.replace('https://alcove.example', site.origin).replace('</body>', '<p>below</p></body>');
  host.serve('/', html, 'text/html');
  await page.goto(host.origin);
  await use(page.locator('alcove-chat'));
  await expect(page.locator('alcove-chat').getByRole('button', { name: /^Download/ })).toBeVisible();
  // Entries are delivered after the frame that they are about.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const shifts = (await page.evaluate(() => Reflect.get(globalThis, 'shifts'))) as readonly number[];
  expect(shifts.reduce((sum, value) => sum + value, 0)).toBeLessThan(0.01);
});
