import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { LOCALES, speak } from './lib/locale.ts';
import type { AppShell } from './shell/app-shell.ts';
import { findCutOffTexts } from './testing/cut-off-text.ts';
import { deepQuery, deepQueryAll, settle } from './testing/deep-dom.ts';
import { showApp } from './testing/show-app.ts';
import { STATES, type StateName } from './testing/states.ts';

const NAMES = Object.keys(STATES) as StateName[];

beforeAll(async () => {
  await import('./markdown/answer-parts.ts');
  await page.viewport(360, 740);
});

afterEach(async () => {
  document.querySelector('alcove-app')?.remove();
  document.documentElement.style.fontSize = '';
  document.documentElement.dir = '';
  history.replaceState(null, '', location.pathname + location.search);
  await speak('en');
});

afterAll(() => speak('en'));

/** One app for all languages: they draw it again, as they do for the user. */
async function expectToBeReadable(app: AppShell): Promise<void> {
  document.documentElement.style.fontSize = '200%';
  const found: string[] = [];
  for (const language of LOCALES) {
    await speak(language);
    for (const element of deepQueryAll(app, '*')) if ('updateComplete' in element) await element.updateComplete;
    found.push(...findCutOffTexts(app).map((fault) => `${language}: ${fault}`));
  }
  expect(found).toEqual([]);
}

test.each(NAMES)('%s cuts off no text at 360 px with text of twice the size, in any language', async (name) => {
  await expectToBeReadable(await showApp(name));
});

test.each(['#storage', '#settings', '#/chat/chat-1/settings', '#/project/p0'])(
  '%s cuts off no text either',
  async (place) => {
    const app = await showApp('projects', place);
    await expect.poll(() => deepQueryAll(app, '.page h1, .panel h2')).toHaveLength(1);
    await settle(app);
    for (const details of deepQueryAll(app, 'details')) details.setAttribute('open', '');
    await expectToBeReadable(app);
  },
);

test('on a phone at most 150 px of 740 are not the conversation', async () => {
  const app = await showApp('ready');
  expect(740 - deepQuery(app, '.scroller').clientHeight).toBeLessThanOrEqual(150);
});
