import { storeChats } from '../pages/shared/many-chats.ts';
import type { BenchBrowser } from './browser.ts';
import type { Workbench } from './workbench.ts';

/** Opens the app once so that it creates its database, then puts chats into it. */
export async function fillWithChats(
  { server, say }: Workbench,
  browser: BenchBrowser,
  chats: { readonly count: number; readonly messages: number },
): Promise<void> {
  const page = await browser.context.newPage();
  await page.goto(`${server.origin}/app/index.html`);
  // The first visit reloads when the service worker takes over.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.getByText('Your chats will be listed here').waitFor();
  // A user with chats has had a model.
  await page.evaluate(() => localStorage.setItem('alcove-stored-models', '["toy"]'));
  await page.close();
  if (chats.count === 0) return;
  const bare = await browser.open(server.origin, 'stream-nothing');
  const startedAt = performance.now();
  await bare.evaluate(storeChats, chats);
  say(`stored ${chats.count} chats in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  await bare.close();
}

// These run in the page. No named function inside: tsx would wrap it in a helper that the page lacks.

/** Must run before the page's own scripts. */
export function watchTasks(): void {
  const tasks: number[] = [];
  Object.assign(globalThis, { tasks });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  }).observe({ type: 'longtask', buffered: true });
}

/** @returns ms; 0 without a task over 50 ms, the browser's limit for a long task */
export function longestTask(): number {
  return Math.max(0, ...(globalThis as unknown as { tasks: number[] }).tasks);
}

export function forgetTasks(): void {
  (globalThis as unknown as { tasks: number[] }).tasks.length = 0;
}
