import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { speak } from '../lib/locale.ts';
import { MarkdownView } from '../markdown/markdown-view.ts';
import { deepQuery, deepQueryAll, settle } from '../testing/deep-dom.ts';
import { FixtureSession } from '../testing/fixture-session.ts';
import { STATES } from '../testing/states.ts';
import { AppShell } from './app-shell.ts';

afterEach(async () => {
  for (const shown of document.querySelectorAll('alcove-app, alcove-markdown')) shown.remove();
  document.documentElement.dir = '';
  history.replaceState(null, '', location.pathname + location.search);
  await speak('en');
});

async function show(hash = ''): Promise<AppShell> {
  history.replaceState(null, '', `${location.pathname}${location.search}${hash}`);
  const app = new AppShell();
  app.session = new FixtureSession(STATES.ready);
  document.body.append(app);
  await settle(app);
  return app;
}

test('placeholders begin at the right in Arabic', async () => {
  await page.viewport(1440, 740);
  await speak('ar');
  const app = await show('#/chat/chat-1/settings');
  await expect.poll(() => deepQueryAll(app, 'textarea:placeholder-shown').length).toBeGreaterThan(1);
  for (const field of deepQueryAll(app, ':is(input, textarea):placeholder-shown')) {
    expect(getComputedStyle(field).direction, field.outerHTML.slice(0, 100)).toBe('rtl');
  }
});

test('a toast is over the middle of the chat', async () => {
  await page.viewport(1440, 740);
  const app = await show();
  app.say('Saved.');
  await expect.poll(() => deepQueryAll(app, 'alcove-toast div')).toHaveLength(1);
  const [toast, composer] = ['alcove-toast div', 'alcove-composer'].map((part) => {
    const { left, right } = deepQuery(app, part).getBoundingClientRect();
    return (left + right) / 2;
  });
  expect(Math.abs((toast ?? 0) - (composer ?? 0))).toBeLessThan(12);
});

test('on a phone a wide table scrolls, and keeps its columns readable', async () => {
  await page.viewport(360, 740);
  const view = new MarkdownView();
  view.text = `| Model | Memory | Speed | Licence |
| --- | --- | --- | --- |
| Llama 3.2 1B | needs about one gigabyte of memory | about as fast as you read | may be used commercially |
| Qwen3.5 2B | needs about two gigabytes of memory | a little slower than you read | may be used commercially |
`;
  document.body.append(view);
  await expect.poll(() => deepQueryAll(view, 'table')).toHaveLength(1);
  await settle(view);
  const frame = deepQuery(view, '.table');
  expect(frame.scrollWidth).toBeGreaterThan(frame.clientWidth);
  const line = Number.parseFloat(getComputedStyle(frame).lineHeight);
  for (const row of deepQueryAll(view, 'tr')) expect(row.clientHeight).toBeLessThan(4 * line);
});
