import type { Page } from 'playwright';
import { BenchBrowser, runBenchmark } from './harness/browser.ts';
import { figure } from './harness/figure.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';
import type { StreamOutcome } from './pages/shared/token-stream.ts';

const RATE = 300;
const CPU_SLOWDOWN = 4;
/** About 20 s at this rate; the bench stops it before its end. */
const CHARACTERS = 40_000;
/** Keys that are pressed while the answer streams, each followed by a turn of the wheel. */
const KEYS = 60;
const KEY_EVERY_MS = 150;
const FRAME_MS = 1_000 / 60;
/** Event Timing reports no interaction that is shorter: https://www.w3.org/TR/event-timing/ */
const SHORTEST_MS = 16;

interface Watched {
  /** The longest event of each interaction that took 16 ms or more. */
  readonly interactions: readonly number[];
  readonly interactionCount: number;
  readonly longTasks: readonly number[];
  readonly frames: readonly number[];
}

interface Run extends Watched {
  readonly stoppedMs: number;
}

/**
 * Types, scrolls and stops while an answer is written at 300 tokens a second, on a processor four times slower.
 * Meanwhile nothing but keys and the mouse reaches the page: what Playwright does to find an element or to ask something
 * runs in the page, and would be a long task itself.
 */
export const benchmark: Benchmark = async (bench) => {
  const runs: Run[] = [];
  const frames: Record<'ours' | 'nothing', number[]> = { ours: [], nothing: [] };
  for (let round = 0; round < bench.rounds; round++) {
    const run = await interact(bench);
    runs.push(run);
    frames.ours.push(missed(await watchFrames(bench, 'stream-alcove')));
    frames.nothing.push(missed(await watchFrames(bench, 'stream-nothing')));
    bench.say(
      `round ${round + 1}: p98 ${p98(run)} ms, long tasks ${run.longTasks.map(Math.round).join(' ') || 'none'}, ` +
        `stopped in ${run.stoppedMs.toFixed(0)} ms, frames missed ${frames.ours.at(-1)?.toFixed(2)} % (empty page ${frames.nothing.at(-1)?.toFixed(2)} %)`,
    );
  }
  const of = (unit: string, value: (run: Run) => number) => figure(unit, runs.map(value));
  return [
    { measure: 'interaction to next paint while streaming, p98, 4×', ours: of('ms', p98), bar: { atMost: 80 } },
    {
      measure: 'longest task while streaming, 4×',
      ours: of('ms', ({ longTasks }) => Math.max(0, ...longTasks)),
      bar: { atMost: 50 },
    },
    { measure: 'stop: click to the last word, 4×', ours: of('ms', ({ stoppedMs }) => stoppedMs), bar: { atMost: 100 } },
    {
      measure: 'frames missed while streaming',
      ours: figure('%', frames.ours),
      bar: { atMost: 1 },
    },
    { measure: 'frames missed by a page that shows nothing', ours: figure('%', frames.nothing) },
  ];
};

async function interact(bench: Workbench): Promise<Run> {
  const browser = await BenchBrowser.start({ viewport: { width: 900, height: 700 } });
  try {
    const { page, devtools } = await openStream(bench, browser, 'stream-alcove');
    await page.evaluate(watch);
    const streamed = runBenchmark<StreamOutcome>(page, {
      action: 'stream',
      characters: CHARACTERS,
      tokensPerSecond: RATE,
    });
    const stop = await page.getByRole('button', { name: 'Stop' }).boundingBox();
    if (stop === null) throw new Error('there is no way to stop');
    await page.getByRole('textbox', { name: 'Message' }).click();
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    const since = await page.evaluate(() => performance.now());
    for (let key = 0; key < KEYS; key++) {
      await page.keyboard.press('abcdefghij '.charAt(key % 11));
      await page.mouse.move(400, 300);
      await page.mouse.wheel(0, key % 8 < 4 ? -120 : 200);
      await page.waitForTimeout(KEY_EVERY_MS);
    }
    await page.mouse.click(stop.x + stop.width / 2, stop.y + stop.height / 2);
    const { stoppedMs = Number.NaN } = await streamed;
    await page.waitForTimeout(500);
    return { stoppedMs, ...(await page.evaluate(readWatch, since)) };
  } finally {
    await browser.dispose();
  }
}

/** Without anyone touching it, at full speed. */
async function watchFrames(bench: Workbench, name: string): Promise<readonly number[]> {
  const browser = await BenchBrowser.start({ viewport: { width: 900, height: 700 } });
  try {
    const { page } = await openStream(bench, browser, name);
    await page.evaluate(watch);
    await runBenchmark(page, { action: 'stream', characters: 16_000, tokensPerSecond: RATE });
    return (await page.evaluate(readWatch, 0)).frames;
  } finally {
    await browser.dispose();
  }
}

async function openStream({ server }: Workbench, browser: BenchBrowser, name: string) {
  const page: Page = await browser.open(server.origin, name);
  const devtools = await browser.context.newCDPSession(page);
  const warmUp = { characters: 1_000, tokensPerSecond: 1_000 };
  await runBenchmark(page, { action: 'open', ...warmUp });
  await runBenchmark(page, { action: 'stream', ...warmUp });
  await runBenchmark(page, { action: 'open', characters: CHARACTERS, tokensPerSecond: RATE });
  return { page, devtools };
}

function p98({ interactions, interactionCount }: Watched): number {
  const all = [...interactions, ...Array.from({ length: interactionCount - interactions.length }, () => SHORTEST_MS)];
  all.sort((a, b) => a - b);
  return all[Math.ceil(all.length * 0.98) - 1] ?? Number.NaN;
}

/** Percent of the frames that a screen of 60 Hz would have shown. */
function missed(frames: readonly number[]): number {
  const due = frames.reduce((sum, ms) => sum + Math.max(1, Math.round(ms / FRAME_MS)), 0);
  return (100 * (due - frames.length)) / due;
}

/** Runs in the page. No function in here may have a name: tsx would wrap it in a helper that the page has not. */
function watch(): void {
  const watched = {
    longest: new Map<number, number>(),
    longTasks: [] as PerformanceEntry[],
    frames: [] as number[],
    count: 0,
  };
  Object.assign(globalThis, { watched });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { interactionId, duration } = entry as PerformanceEntry & { interactionId: number };
      if (interactionId > 0)
        watched.longest.set(interactionId, Math.max(duration, watched.longest.get(interactionId) ?? 0));
    }
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  new PerformanceObserver((list) => {
    watched.longTasks.push(...list.getEntries());
  }).observe({ type: 'longtask' });
  watched.count = (performance as unknown as { interactionCount: number }).interactionCount;
  const state = { last: performance.now() };
  const steps: FrameRequestCallback[] = [];
  steps.push((now) => {
    watched.frames.push(now - state.last);
    state.last = now;
    for (const step of steps) requestAnimationFrame(step);
  });
  for (const step of steps) requestAnimationFrame(step);
}

/** Runs in the page. @param since the long tasks that began later, ms */
function readWatch(since: number): Watched {
  const { watched } = globalThis as unknown as {
    watched: { longest: Map<number, number>; longTasks: PerformanceEntry[]; frames: number[]; count: number };
  };
  const interactionCount = (performance as unknown as { interactionCount: number }).interactionCount - watched.count;
  return {
    interactions: [...watched.longest.values()],
    interactionCount,
    longTasks: watched.longTasks.filter(({ startTime }) => startTime >= since).map(({ duration }) => duration),
    frames: watched.frames.slice(1),
  };
}
