import axe from 'axe-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cdp, page } from 'vitest/browser';
import { type Locale, speak } from './lib/locale.ts';
import type { AppShell } from './shell/app-shell.ts';
import { button, deepQuery, deepQueryAll, settle } from './testing/deep-dom.ts';
import { showApp } from './testing/show-app.ts';
import { STATES, type StateName } from './testing/states.ts';

const NAMES = Object.keys(STATES) as StateName[];

/** Each state is checked in two very different settings, which together show most faults. */
const LOOKS = [
  { title: 'wide, light, English', width: 1440, scheme: 'light', language: 'en' },
  { title: 'narrow, dark, Arabic', width: 360, scheme: 'dark', language: 'ar' },
] as const satisfies readonly { title: string; width: number; scheme: string; language: Locale }[];

beforeAll(async () => {
  // Else axe would measure a colour in the middle of a transition.
  await emulateMotion('reduce');
  await import('./markdown/markdown-view.ts');
});

afterAll(() => emulateMotion(''));

afterEach(() => {
  document.querySelector('alcove-app')?.remove();
  history.replaceState(null, '', location.pathname + location.search);
});

async function emulateMotion(value: string): Promise<void> {
  const session = cdp() as unknown as { send(method: string, parameters: object): Promise<unknown> };
  await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-reduced-motion', value }] });
}

/** Violations of WCAG 2.2 AA and of axe-core's best practices. */
async function expectAccessible(app: AppShell): Promise<void> {
  const { violations } = await axe.run(app, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    resultTypes: ['violations'],
  });
  expect(
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)),
  ).toEqual([]);
}

describe.each(LOOKS)('$title', ({ width, scheme, language }) => {
  beforeAll(async () => {
    await page.viewport(width, 740);
    document.documentElement.style.setProperty('--alcove-color-scheme', scheme);
    document.documentElement.style.colorScheme = scheme;
    document.documentElement.lang = language;
    await speak(language);
  });

  afterAll(async () => {
    document.documentElement.removeAttribute('style');
    document.documentElement.lang = '';
    document.documentElement.dir = '';
    await speak('en');
  });

  test.each(NAMES)('%s has no violation', async (name) => {
    await expectAccessible(await showApp(name));
  });

  test.each([
    '#/models',
    '#/models/qwen',
    '#/models/compare?id=qwen&id=llama',
    '#storage',
    '#settings',
    '#/project/p0',
  ])('the page %s has no violation', async (place) => {
    const app = await showApp('projects', place);
    await expect.poll(() => deepQueryAll(app, 'h1'), { timeout: 15_000 }).toHaveLength(1);
    await settle(app);
    for (const details of deepQueryAll(app, 'details')) details.setAttribute('open', '');
    await expectAccessible(app);
  });

  test.each(['.bar .model', '.bar .device'])('the panel that %s opens has no violation', async (opener) => {
    const app = await showApp('ready');
    deepQuery(app, opener).click();
    await expect.poll(() => deepQueryAll(app, '[role="dialog"]'), { timeout: 15_000 }).toHaveLength(1);
    await settle(app);
    for (const details of deepQueryAll(app, 'details')) details.setAttribute('open', '');
    await expectAccessible(app);
  });

  test('numbers of passages, and the document at one of them, have no violation', async () => {
    const app = await showApp('documents-read');
    await expect.poll(() => deepQueryAll(app, '.passage-link'), { timeout: 15_000 }).toHaveLength(1);
    await expectAccessible(app);
    deepQuery(app, '.passage-link').click();
    await expect.poll(() => deepQueryAll(app, 'mark'), { timeout: 15_000 }).toHaveLength(1);
    await settle(app);
    await expectAccessible(app);
  });

  test.each(['palette', 'shortcuts'] as const)('the %s has no violation', async (command) => {
    const app = await showApp('ready');
    const { perform } = await import('./shell/commands.ts');
    const overlay = perform(command, app, () => {});
    if (overlay === undefined) throw new Error('nothing to show');
    app.shadowRoot?.append(overlay);
    await overlay.updateComplete;
    overlay.show();
    await settle(app);
    await expectAccessible(app);
  });

  test('opened statistics, reasoning and sibling answers have no violation', async () => {
    const app = await showApp('ready');
    const summaries = deepQueryAll(app, 'alcove-message summary, [aria-expanded="false"]');
    expect(summaries.length).toBeGreaterThan(0);
    for (const summary of summaries) summary.click();
    await settle(app);
    await expectAccessible(app);
  });

  test('renaming a chat and the toast after a deletion have no violation', async () => {
    const app = await showApp('ready');
    if (width < 960) deepQuery(app, '.corner.start').click();
    await settle(app);
    const [rename] = deepQueryAll(app, 'alcove-chat-list .tool');
    rename?.click();
    await settle(app);
    await expectAccessible(app);
  });
});

test('buttons are at least 24 px in both directions, 44 px for touch', async () => {
  await page.viewport(360, 740);
  const app = await showApp('ready');
  for (const control of deepQueryAll(app, 'button, summary, a.button')) {
    if (!control.checkVisibility({ visibilityProperty: true })) continue;
    const { width, height } = control.getBoundingClientRect();
    expect(Math.min(width, height), control.outerHTML.slice(0, 100)).toBeGreaterThanOrEqual(24);
  }
  expect(button(app, 'Send').getBoundingClientRect().height).toBeGreaterThanOrEqual(40);
});
