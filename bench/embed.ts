import { BenchBrowser } from './harness/browser.ts';
import { figure } from './harness/figure.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';

const CPU_SLOWDOWN = 4;

/** How long a page is observed after its element is shown. */
const QUIET_MS = 3000;

const PAGES = {
  nothing: '',
  ours: '<script type="module" src="/app/embed/alcove-chat.js"></script><alcove-chat heading="Help"></alcove-chat>',
  'deep-chat': '<script type="module" src="/pages/embed-deep-chat.js"></script>',
} as const;

type Name = keyof typeof PAGES;

interface Cost {
  /** As sent, gzipped. */
  readonly sentKb: number;
  readonly requests: number;
  /** Sum of what exceeds 50 ms of each long task, on a processor that is four times slower. */
  readonly blockingMs: number;
  readonly heapBytes: number;
}

/** What an element adds to a page before anybody uses it, ours and deep-chat's. */
export const benchmark: Benchmark = async (bench) => {
  const costs: Record<Name, Cost[]> = { nothing: [], ours: [], 'deep-chat': [] };
  for (const [name, html] of Object.entries(PAGES)) {
    const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,">${html}</html>`;
    bench.server.addFile(`host/${name}.html`, Buffer.from(page));
  }
  for (let round = -1; round < bench.rounds; round++) {
    for (const name of ['nothing', 'ours', 'deep-chat'] as const) {
      const cost = await measure(bench, name);
      if (round >= 0) costs[name].push(cost);
      bench.say(`${round < 0 ? 'warm-up' : `round ${round + 1}`} ${name}: ${JSON.stringify(cost)}`);
    }
  }
  const of = (unit: string, name: Name, key: keyof Cost) =>
    figure(
      unit,
      costs[name].map((cost) => cost[key]),
    );
  const heapMb = (name: Name) =>
    figure(
      'MB',
      costs[name].map(({ heapBytes }, round) => (heapBytes - (costs.nothing[round]?.heapBytes ?? 0)) / 1e6),
    );
  const peer = { name: 'deep-chat', figure: of('KB', 'deep-chat', 'sentKb') };
  const ours = of('KB', 'ours', 'sentKb');
  return [
    { measure: 'element before use: bytes, gzipped', ours, bar: { atMost: 25 } },
    { measure: 'element before use: bytes ÷ deep-chat’s', ours, peer, bar: { atMost: 0.25 } },
    {
      measure: 'element before use: requests',
      ours: of('', 'ours', 'requests'),
      peer: { name: 'deep-chat', figure: of('', 'deep-chat', 'requests') },
    },
    { measure: 'element before use: blocking at 4×', ours: of('ms', 'ours', 'blockingMs'), bar: { atMost: 20 } },
    { measure: 'element before use: heap', ours: heapMb('ours'), bar: { atMost: 3 } },
    {
      measure: 'element before use: heap beside deep-chat',
      ours: heapMb('ours'),
      peer: { name: 'deep-chat', figure: heapMb('deep-chat') },
    },
  ];
};

async function measure({ server }: Workbench, name: Name): Promise<Cost> {
  const browser = await BenchBrowser.start();
  try {
    const page = await browser.context.newPage();
    const devtools = await browser.context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    await page.addInitScript(() => {
      const blocking = { ms: 0 };
      Object.assign(globalThis, { blocking });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) blocking.ms += Math.max(0, duration - 50);
      }).observe({ type: 'longtask', buffered: true });
    });
    server.forget();
    await page.goto(`${server.origin}/host/${name}.html`);
    if (name !== 'nothing') await page.locator('alcove-chat, deep-chat').waitFor();
    await page.waitForTimeout(QUIET_MS);
    const blockingMs = await page.evaluate(() => (globalThis as unknown as { blocking: { ms: number } }).blocking.ms);
    await devtools.send('HeapProfiler.enable');
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    const added = server.served.filter(({ path }) => !path.startsWith('host/'));
    const sentKb = added.reduce((sum, { sentBytes }) => sum + sentBytes, 0) / 1000;
    return { sentKb, requests: added.length, blockingMs, heapBytes: usedSize };
  } finally {
    await browser.dispose();
  }
}
