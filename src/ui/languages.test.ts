import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { type Locale, speak } from './lib/locale.ts';
import type { AppShell } from './shell/app-shell.ts';
import { deepQuery, deepQueryAll, settle } from './testing/deep-dom.ts';
import { showApp } from './testing/show-app.ts';
import { STATES, type StateName } from './testing/states.ts';

const NAMES = Object.keys(STATES) as StateName[];

beforeAll(async () => {
  await import('./markdown/markdown-view.ts');
});

afterEach(() => {
  document.querySelector('alcove-app')?.remove();
  history.replaceState(null, '', location.pathname + location.search);
});

/** Nothing is wider than the page, and every control is inside it. */
function expectToFit(app: AppShell): void {
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(document.documentElement.clientWidth);
  for (const control of deepQueryAll(app, 'button, a, input, textarea, summary, h1, h2, h3')) {
    if (!control.checkVisibility({ visibilityProperty: true }) || control.closest('pre, .table') !== null) continue;
    if (control.matches('.visually-hidden')) continue;
    const { left, right } = control.getBoundingClientRect();
    expect(right, control.outerHTML.slice(0, 120)).toBeLessThanOrEqual(innerWidth + 1);
    expect(left, control.outerHTML.slice(0, 120)).toBeGreaterThanOrEqual(-1);
  }
}

// 320 px: a 1280 px page at 400 % zoom (WCAG 1.4.10). Text at twice its size: WCAG 1.4.4.
describe.each([
  { language: 'de', width: 320, size: '' },
  { language: 'fr', width: 640, size: '200%' },
  { language: 'ar', width: 320, size: '' },
] as const satisfies readonly { language: Locale; width: number; size: string }[])(
  '$language at $width px, text $size',
  ({ language, width, size }) => {
    beforeAll(async () => {
      await page.viewport(width, 740);
      document.documentElement.style.fontSize = size;
      document.documentElement.lang = language;
      await speak(language);
    });

    afterAll(async () => {
      document.documentElement.removeAttribute('style');
      document.documentElement.lang = '';
      document.documentElement.dir = '';
      await speak('en');
    });

    test('an empty field shows what it asks for where the language begins', async () => {
      const app = await showApp('ready');
      const field = deepQuery(deepQuery(app, 'alcove-composer'), 'textarea');
      const expected = language === 'ar' ? 'rtl' : 'ltr';
      expect(getComputedStyle(field).direction).toBe(expected);
      for (const search of deepQueryAll(app, 'input[type="search"]'))
        expect(getComputedStyle(search).direction).toBe(expected);
    });

    test.each(NAMES)('%s fits', async (name) => {
      expectToFit(await showApp(name));
    });

    test.each(['#/models', '#storage', '#settings'])('the page %s fits', async (place) => {
      const app = await showApp('ready', place);
      await expect.poll(() => deepQueryAll(app, 'h1'), { timeout: 15_000 }).toHaveLength(1);
      await settle(app);
      for (const details of deepQueryAll(app, 'details')) details.setAttribute('open', '');
      expectToFit(app);
    });
  },
);

test('with a keyboard over half of the screen, the composer stays in view, and some of the chat with it', async () => {
  await page.viewport(360, 320);
  const app = await showApp('ready');
  const field = deepQuery(app, 'textarea').getBoundingClientRect();
  expect(field.bottom).toBeLessThanOrEqual(innerHeight);
  const chat = deepQuery(app, '.scroller');
  const lines = chat.clientHeight / Number.parseFloat(getComputedStyle(chat).lineHeight);
  expect(lines, 'lines of the chat in view').toBeGreaterThanOrEqual(4);
});
