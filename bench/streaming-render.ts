import { BenchBrowser, runBenchmark } from './harness/browser.ts';
import { type Figure, figure, median } from './harness/figure.ts';
import type { Row } from './harness/row.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';
import type { StreamOutcome } from './pages/shared/token-stream.ts';

/** Tokens per second of the stream; a token of the scripted engine is a word, about 5.5 characters. */
const RATE = 300;
const SIZES = [2_000, 8_000, 32_000] as const;
const CPU_SLOWDOWN = 4;

const PAGES = {
  ours: 'stream-alcove',
  'deep-chat': 'stream-deep-chat',
  'marked each token': 'stream-marked',
  nothing: 'stream-nothing',
  'drawn once': 'stream-once',
  'plain text': 'stream-plain',
} as const;

type Contender = keyof typeof PAGES;
type Size = (typeof SIZES)[number];

/**
 * Main-thread time for a streamed answer: all tasks of the page's main thread, whatever they do, in processor time, so
 * that other work on the machine does not count; less what the same stream costs a page that shows nothing.
 */
export const benchmark: Benchmark = (bench) => measure(bench, 1, ['nothing', 'ours', 'deep-chat', 'marked each token']);

/** The same on a slower processor, without the peers: they would take minutes per round and show nothing new. */
export const slowBenchmark: Benchmark = (bench) =>
  measure(bench, CPU_SLOWDOWN, ['nothing', 'ours', 'plain text', 'drawn once']);

async function measure(bench: Workbench, slowdown: number, contenders: readonly Contender[]): Promise<Row[]> {
  const costs = new Map<string, number[]>();
  for (let round = 0; round < bench.rounds; round++) {
    for (const size of SIZES) {
      const taken = new Map<Contender, number>();
      for (const contender of contenders) taken.set(contender, await taskMs(bench, contender, size, slowdown));
      const idle = taken.get('nothing') ?? 0;
      for (const [contender, ms] of taken) {
        const cost = contender === 'nothing' || contender === 'drawn once' ? ms : ms - idle;
        const key = keyOf(contender, size);
        costs.set(key, [...(costs.get(key) ?? []), (1_000 * cost) / size]);
        bench.say(`round ${round + 1} ${size} ${contender}: ${((1_000 * cost) / size).toFixed(2)} ms/1,000`);
      }
    }
  }
  return rowsOf(costs, slowdown);
}

function rowsOf(costs: ReadonlyMap<string, readonly number[]>, slowdown: number): Row[] {
  const of = (contender: Contender, size: Size): Figure => figure('ms', costs.get(keyOf(contender, size)) ?? []);
  const suffix = slowdown === 1 ? '' : `, ${slowdown}× slower processor`;
  const rows: Row[] = SIZES.map((size) => ({
    measure: `main thread per 1,000 characters of ${size}${suffix}`,
    ours: of('ours', size),
    ...(slowdown === 1
      ? { peer: { name: 'deep-chat', figure: of('deep-chat', size) }, ...(size === 32_000 && { bar: { atMost: 0.1 } }) }
      : { peer: { name: 'drawn once, no stream', figure: of('drawn once', size) } }),
  }));
  if (slowdown !== 1) {
    const ours = of('ours', 32_000);
    const measure = `main thread per 1,000 characters of 32000${suffix}`;
    rows.push({ measure, ours, bar: { atMost: 6 } });
    rows.push({ measure, ours, peer: { name: 'plain text, two steps a second', figure: of('plain text', 32_000) } });
  }
  if (slowdown === 1) {
    for (const size of SIZES) {
      rows.push({
        measure: `main thread per 1,000 characters of ${size}`,
        ours: of('ours', size),
        peer: { name: 'marked each token', figure: of('marked each token', size) },
      });
    }
  }
  rows.push({
    measure: `growth exponent, 2,000 to 32,000 characters${suffix}`,
    ours: figure('', exponents(of('ours', SIZES[0]), of('ours', SIZES[2]))),
    ...(slowdown !== 1 && { bar: { atMost: 1.05 } }),
    ...(slowdown === 1 && {
      peer: { name: 'deep-chat', figure: figure('', exponents(of('deep-chat', SIZES[0]), of('deep-chat', SIZES[2]))) },
    }),
  });
  return rows;
}

/** Of the whole cost: 1 is linear, 2 quadratic. */
function exponents(short: Figure, long: Figure): number[] {
  const grown = Math.log(SIZES[2] / SIZES[0]);
  return long.values.map((value, round) => 1 + Math.log(value / (short.values[round] ?? median(short.values))) / grown);
}

function keyOf(contender: Contender, size: Size): string {
  return `${contender} ${size}`;
}

async function taskMs(
  { server }: Workbench,
  contender: Contender,
  characters: Size,
  slowdown: number,
): Promise<number> {
  const browser = await BenchBrowser.start({ viewport: { width: 900, height: 700 } });
  try {
    const page = await browser.open(server.origin, PAGES[contender]);
    const devtools = await browser.context.newCDPSession(page);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    // Once unmeasured, so that code is loaded and compiled.
    const warmUp = { characters: 1_000, tokensPerSecond: 1_000 };
    await runBenchmark(page, { action: 'open', ...warmUp });
    await runBenchmark(page, { action: 'stream', ...warmUp });
    await page.evaluate(() => document.body.replaceChildren());
    const stream = { characters, tokensPerSecond: RATE };
    await runBenchmark(page, { action: 'open', ...stream });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    const read = async (): Promise<number> => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
    };
    const before = await read();
    const { shownCharacters } = await runBenchmark<StreamOutcome>(page, {
      characters,
      tokensPerSecond: RATE,
    });
    const after = await read();
    if (shownCharacters < characters / 2) throw new Error(`${contender} showed only ${shownCharacters} characters`);
    return after - before;
  } finally {
    await browser.dispose();
  }
}
