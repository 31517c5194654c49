import type { CDPSession, Page } from '@playwright/test';
import { takenOver, use } from './support/embedded.ts';
import { expect, test } from './support/fixtures.ts';

/** What a page can leave running, besides listeners and workers. */
const RESOURCES = [
  'MessagePort',
  'BroadcastChannel',
  'Worker',
  'SharedWorker',
  'IDBDatabase',
  'ResizeObserver',
] as const;

const ROUNDS = 20;

/** How many of each kind of thing the page has. */
type Left = Readonly<Record<string, number>>;

function excess(before: Left, now: Left): readonly string[] {
  return Object.entries(now).flatMap(([name, count]) =>
    count > (before[name] ?? 0) ? [`${name}: ${count} instead of ${before[name]}`] : [],
  );
}

/** Adds an element, uses it, and removes it. Every tenth one answers first, since each of them loads the model again. */
async function round(page: Page, index: number): Promise<void> {
  await page.evaluate(() => {
    const chat = document.createElement('alcove-chat');
    chat.setAttribute('model', 'toy-f32-GGUF');
    chat.setAttribute('history', 'none');
    document.body.append(chat);
  });
  const chat = page.locator('alcove-chat');
  await use(chat);
  await takenOver(chat);
  await chat.evaluate(
    async (element, asks) => {
      const { send } = element as unknown as { send(text: string): Promise<unknown> };
      if (asks) await send.call(element, 'My name is Ada.');
      element.remove();
    },
    index % 10 === 0,
  );
}

async function heapBytes(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  return (await cdp.send('Runtime.getHeapUsage')).usedSize;
}

async function left(page: Page, cdp: CDPSession): Promise<Left> {
  const resources: Record<string, number> = {};
  for (const name of RESOURCES) {
    const prototype = await cdp.send('Runtime.evaluate', { expression: `${name}.prototype`, objectGroup: 'left' });
    // Collects garbage before it counts.
    const { objects } = await cdp.send('Runtime.queryObjects', {
      prototypeObjectId: prototype.result.objectId ?? '',
      objectGroup: 'left',
    });
    const count = await cdp.send('Runtime.callFunctionOn', {
      objectId: objects.objectId ?? '',
      functionDeclaration: 'function () { return this.length; }',
    });
    resources[name] = Number(count.result.value);
  }
  await cdp.send('Runtime.releaseObjectGroup', { objectGroup: 'left' });
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const listeners = metrics.find(({ name }) => name === 'JSEventListeners')?.value ?? 0;
  return { ...resources, workers: page.workers().length, listeners };
}

test('twenty elements that were used and removed leave no listener, port or worker, and less than 1 MB', async ({
  site,
  page,
  network,
}) => {
  site.serve(
    '/host',
    `<!doctype html><html lang="en"><title>Host</title><script type="module" src="/embed/alcove-chat.js"></script></html>`,
    'text/html',
  );
  network.allow(site.origin);
  await page.goto(`${site.origin}/host`);
  await page.evaluate(async () => {
    await customElements.whenDefined('alcove-chat');
    const chat = document.createElement('alcove-chat');
    chat.addEventListener('alcove-download-consent', (event) => (event as unknown as { allow(): void }).allow());
    document.body.append(chat);
    const { load } = chat as unknown as { load(model: string): Promise<void> };
    await load.call(chat, 'toy-f32-GGUF');
    chat.remove();
  });
  // Compiled code, caches and what every page keeps once: as many kinds of rounds as are measured.
  for (let index = 0; index < 12; index++) await round(page, index);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  await cdp.send('HeapProfiler.enable');
  const before = await left(page, cdp);
  const bytes = await heapBytes(cdp);

  for (let index = 0; index < ROUNDS; index++) await round(page, index);
  await expect.poll(async () => excess(before, await left(page, cdp))).toEqual([]);
  await expect.poll(async () => (await heapBytes(cdp)) - bytes).toBeLessThan(1e6);
});
