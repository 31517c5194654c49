import type { Page } from 'playwright';
import { AlcovePage } from '../e2e/support/alcove-page.ts';
import { FONTS, useFont } from '../e2e/support/page-font.ts';
import { BenchBrowser } from './harness/browser.ts';
import { figure } from './harness/figure.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';

/**
 * Lighthouse's "slow 4G" (mobileSlow4G), in its two variants:
 * https://github.com/GoogleChrome/lighthouse/blob/main/core/config/constants.js. By default Lighthouse simulates the
 * link itself: 150 ms round trip, 1.6 Mbit/s, one round trip to open a connection. Its other mode delays every request by
 * 562.5 ms through the DevTools protocol, which is harder, and has no connections.
 */
const LINKS = {
  link: { connectMs: 150, latencyMs: 150, kbitPerSecond: 1638.4, uploadKbitPerSecond: 750 },
  requests: { connectMs: 0, latencyMs: 562.5, kbitPerSecond: 1474.56, uploadKbitPerSecond: 675 },
} as const;

const CPU_SLOWDOWN = 4;

/** As Lighthouse's phone: https://github.com/GoogleChrome/lighthouse/blob/main/core/config/constants.js (MOTOGPOWER). */
const PHONE = { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true, hasTouch: true };

/** How long the page is observed after its composer is there. Nobody types: that would end the browser's observation. */
const QUIET_MS = 5000;

interface Vitals {
  readonly lcpMs: number;
  readonly tbtMs: number;
  readonly cls: number;
}

interface Load extends Vitals {
  /** Scripts and workers, as sent, until the composer is there. */
  readonly scriptKb: number;
  readonly scriptsBefore: number;
  readonly scriptsAtAll: number;
  readonly typableMs: number;
}

/** The built page's first visit on a slow phone. */
export const benchmark: Benchmark = async (bench) => {
  const loads: Load[][] = [...FONTS, 'requests'].map(() => []);
  for (let round = -1; round < bench.rounds; round++) {
    for (const [index, kept] of loads.entries()) {
      const font = FONTS[index];
      const load = await loadOnce(bench, font === undefined ? LINKS.requests : LINKS.link, font ?? FONTS[0]);
      if (round >= 0) kept.push(load);
      bench.say(`${round < 0 ? 'warm-up' : `round ${round + 1}`} ${font ?? 'requests'}: ${JSON.stringify(load)}`);
    }
  }
  const column = (unit: string, key: keyof Load, index = 0) =>
    figure(
      unit,
      (loads[index] ?? []).map((load) => load[key]),
    );
  const worst = (unit: string, key: keyof Load) => {
    const rounds = Array.from({ length: bench.rounds }, (_, round) => round);
    const fonts = loads.slice(0, FONTS.length);
    return figure(
      unit,
      rounds.map((round) => Math.max(...fonts.flatMap((kept) => kept[round]?.[key] ?? []))),
    );
  };
  return [
    { measure: 'JavaScript before typing, gzipped', ours: column('KB', 'scriptKb'), bar: { atMost: 60 } },
    { measure: 'scripts asked for before typing', ours: column('', 'scriptsBefore'), bar: { atMost: 12 } },
    { measure: 'scripts asked for on the first screen', ours: column('', 'scriptsAtAll'), bar: { atMost: 25 } },
    { measure: 'largest contentful paint, worst of three fonts', ours: worst('ms', 'lcpMs'), bar: { atMost: 1000 } },
    { measure: 'cumulative layout shift, worst of three fonts', ours: worst('', 'cls'), bar: { atMost: 0.01 } },
    { measure: 'total blocking time', ours: column('ms', 'tbtMs'), bar: { atMost: 50 } },
    { measure: 'until the composer takes text', ours: column('ms', 'typableMs') },
    {
      measure: 'largest contentful paint, 562 ms per request',
      ours: column('ms', 'lcpMs', FONTS.length),
    },
  ];
};

async function loadOnce({ server }: Workbench, link: (typeof LINKS)[keyof typeof LINKS], font: string): Promise<Load> {
  const browser = await BenchBrowser.start({ ...PHONE });
  try {
    const page = await browser.context.newPage();
    const devtools = await browser.context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: link.latencyMs,
      downloadThroughput: (link.kbitPerSecond * 1024) / 8,
      uploadThroughput: (link.uploadKbitPerSecond * 1024) / 8,
    });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    await page.addInitScript(observeVitals);
    await useFont(page, font);
    server.forget();
    server.setConnectDelay(link.connectMs);
    await page.goto(`${server.origin}/app/`, { waitUntil: 'commit' });
    await new AlcovePage(page, `${server.origin}/app`).composer.waitFor();
    const typableMs = await page.evaluate(() => performance.now());
    const served = () =>
      server.served.filter(({ destination }) => destination === 'script' || destination === 'worker');
    const before = served();
    const scriptKb = before.reduce((sum, { sentBytes }) => sum + sentBytes, 0) / 1000;
    await page.waitForTimeout(QUIET_MS);
    const scripts = { scriptKb, scriptsBefore: before.length, scriptsAtAll: served().length };
    return { ...scripts, typableMs, ...(await readVitals(page)) };
  } finally {
    server.setConnectDelay(0);
    await browser.dispose();
  }
}

/** Runs in the page before its own scripts. */
function observeVitals(): void {
  const vitals = { lcpMs: 0, tbtMs: 0, cls: 0 };
  Object.assign(globalThis, { vitals });
  // No named function here: tsx would wrap it in a helper that the page lacks.
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) vitals.lcpMs = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) vitals.tbtMs += Math.max(0, duration - 50);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
      if (!hadRecentInput) vitals.cls += value;
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

async function readVitals(page: Page): Promise<Vitals> {
  return page.evaluate(() => (globalThis as unknown as { vitals: Vitals }).vitals);
}
