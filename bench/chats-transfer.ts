import { statSync } from 'node:fs';
import type { SessionLike } from '../src/ui/contract/session-like.ts';
import { BenchBrowser } from './harness/browser.ts';
import { fillWithChats, forgetTasks, longestTask, watchTasks } from './harness/chat-profile.ts';
import { figure } from './harness/figure.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';

const CHATS = 10_000;
const MESSAGES = 20;

/** Longest main-thread task while all chats are exported into one file and imported elsewhere. One round: it takes minutes. */
export const benchmark: Benchmark = async (bench) => {
  const browsers = { from: await BenchBrowser.start(), to: await BenchBrowser.start() };
  try {
    await fillWithChats(bench, browsers.from, { count: CHATS, messages: MESSAGES });
    await fillWithChats(bench, browsers.to, { count: 0, messages: MESSAGES });
    const source = await openSettings(bench, browsers.from, CHATS);
    const outMs = performance.now();
    const [download] = await Promise.all([
      source.waitForEvent('download', { timeout: 240_000 }),
      source.getByRole('button', { name: 'Save all chats' }).click(),
    ]);
    const file = await download.path();
    const seconds = { out: (performance.now() - outMs) / 1_000, in: 0 };
    const tasks = { out: await source.evaluate(longestTask), in: 0 };
    await source.close();

    const target = await openSettings(bench, browsers.to, 0);
    const inMs = performance.now();
    await target.locator('alcove-import-export input[type="file"]').setInputFiles(file);
    await target.getByText(/chats were added/).waitFor({ timeout: 400_000 });
    seconds.in = (performance.now() - inMs) / 1_000;
    tasks.in = await target.evaluate(longestTask);
    bench.say(
      `${(statSync(file).size / 1e6).toFixed(0)} MB, out ${seconds.out.toFixed(1)} s, in ${seconds.in.toFixed(1)} s`,
    );
    return [
      {
        measure: `longest task while ${CHATS} chats are exported, then imported`,
        ours: figure('ms', [Math.max(tasks.out, tasks.in)]),
        bar: { atMost: 100 },
      },
      { measure: 'export', ours: figure('s', [seconds.out]) },
      { measure: 'import', ours: figure('s', [seconds.in]) },
    ];
  } finally {
    await Promise.all(Object.values(browsers).map((browser) => browser.dispose()));
  }
};

async function openSettings({ server }: Workbench, { context }: BenchBrowser, chats: number) {
  const page = await context.newPage();
  await page.addInitScript(watchTasks);
  await page.goto(`${server.origin}/app/index.html#settings`);
  await page.getByRole('button', { name: 'Save all chats' }).waitFor();
  // `chats` measures the start, in which all chats are read for the list.
  await page.waitForFunction(hasListed, chats);
  await page.evaluate(forgetTasks);
  return page;
}

/** Runs in the page. @returns whether all chats are read for the list */
function hasListed(count: number): boolean {
  const app = document.querySelector<HTMLElement & { session?: SessionLike }>('alcove-app');
  return app?.session?.state.chats.length === count;
}
