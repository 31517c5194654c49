import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { version } from '../../../package.json';
import { AppShell } from '../shell/app-shell.ts';
import { button, deepQuery, deepQueryAll, deepText, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { STATES } from '../testing/states.ts';

afterEach(() => {
  document.querySelector('alcove-app')?.remove();
  history.replaceState(null, '', location.pathname + location.search);
});

async function show(width: number, hash: string): Promise<AppShell> {
  await page.viewport(width, 740);
  history.replaceState(null, '', hash);
  const app = new AppShell();
  app.session = new FixtureSession(STATES.ready);
  document.body.append(app);
  await expect.poll(() => deepText(app)).toContain(`Alcove ${version}`);
  await settle(app);
  return app;
}

test('a list names every section, at their start where there is room, else above them', async () => {
  const app = await show(1440, '#settings');
  const settings = deepQuery(app, 'alcove-settings');
  const titles = deepQueryAll(settings, 'h2').map((title) => title.textContent?.trim());
  const links = deepQueryAll(settings, 'nav a').map((link) => link.textContent?.trim());
  expect(links).toContain('About');
  expect(titles).toEqual(expect.arrayContaining(links));
  const [list, section] = ['nav', 'section'].map((part) => deepQuery(settings, part));
  expect(list?.getBoundingClientRect().right).toBeLessThanOrEqual(section?.getBoundingClientRect().left ?? 0);
  await page.viewport(360, 740);
  expect(list?.getBoundingClientRect().bottom).toBeLessThanOrEqual(section?.getBoundingClientRect().top ?? 0);
});

test('the address of a section shows it and takes the focus there', async () => {
  const app = await show(1440, '#settings/hosts');
  const settings = deepQuery(app, 'alcove-settings');
  await expect.poll(() => settings.shadowRoot?.activeElement?.getAttribute('data-name')).toBe('hosts');
  const links = deepQueryAll(settings, 'nav a');
  links.find((link) => link.textContent?.trim() === 'Voice')?.click();
  await expect.poll(() => settings.shadowRoot?.activeElement?.getAttribute('data-name')).toBe('voice');
  const voice = deepQuery(settings, 'section[data-name="voice"]').getBoundingClientRect();
  expect(voice.top).toBeLessThan(370);
  expect(deepQueryAll(settings, '[aria-current]').map((link) => link.textContent?.trim())).toEqual(['Voice']);
});

test('help is in About: the list of shortcuts opens from there', async () => {
  const app = await show(1440, '#settings/about');
  button(deepQuery(app, 'alcove-about'), 'Keyboard shortcuts').click();
  await expect.poll(() => deepQueryAll(app, 'dialog[open]')).toHaveLength(1);
  expect(deepText(deepQuery(app, 'dialog[open]'))).toContain('Send the message');
});
