import type { DeviceBenchmark, DeviceReport } from '../src/models/device.ts';
import { fitModel } from '../src/models/fit/fit.ts';
import type { SpeedRange } from '../src/models/fit/fit-speed.ts';
import { canRun } from '../src/models/fit/fit-verdict.ts';
import type { ModelRecord } from '../src/models/model-record.ts';
import { BenchBrowser, runBenchmark } from './harness/browser.ts';
import { calibrationModels } from './harness/calibration-models.ts';
import { figure, median } from './harness/figure.ts';
import type { Row } from './harness/row.ts';
import type { Benchmark } from './harness/workbench.ts';
import type { CalibrateWay } from './pages/calibrate.ts';

/** Enough for a second of the fastest. */
const MOST_TOKENS = 400;
const LEAST_TOKENS = 16;
/** What the range from a benchmark may span: the highest speed over the lowest. */
const WIDEST = 3;

interface Measured {
  readonly device: DeviceReport;
  readonly benchmark: DeviceBenchmark;
}

/**
 * Whether the speed that is foretold holds the speed that is met: with web-llm on SwiftShader, and with llama.cpp on one
 * thread of WebAssembly and on all. Its table is in docs/device-fit.md.
 */
export const benchmark: Benchmark = async (bench) => {
  const records = await calibrationModels(bench);
  const browser = await BenchBrowser.start();
  const rows: Row[] = [];
  try {
    const page = await browser.open(bench.server.origin, 'calibrate');
    for (const record of records) {
      // Anew for each: on a machine that others use as well, minutes make a difference.
      const { device, benchmark: measured } = await runBenchmark<Measured>(page, { action: 'benchmark' });
      bench.say(JSON.stringify(measured));
      const ways: readonly CalibrateWay[] = record.engine === 'webllm' ? ['gpu'] : ['single', 'threads'];
      for (const way of ways) {
        await runBenchmark(page, { action: 'load', record, way });
        const rates: number[] = [];
        let maxTokens = LEAST_TOKENS;
        // The first round warms up and does not count.
        for (let round = -1; round < bench.rounds; round++) {
          const { tokensPerSecond } = await runBenchmark<{ tokensPerSecond: number }>(page, {
            action: 'decode',
            record,
            way,
            maxTokens,
          });
          if (round >= 0) rates.push(tokensPerSecond);
          maxTokens = Math.min(MOST_TOKENS, Math.max(LEAST_TOKENS, Math.round(tokensPerSecond)));
        }
        const ran = { ...device, sharedMemory: device.sharedMemory && way === 'threads' };
        const guess = speedOf(record, ran, undefined);
        const { low, high } = speedOf(record, ran, measured);
        const name = `${record.name} ${record.quantization}, ${way}`;
        bench.say(
          `${name}: foretold ${range({ low, high })} (guessed ${range(guess)}), met ${rates.map((rate) => rate.toFixed(1)).join(' ')}: ${median(rates) >= low && median(rates) <= high ? 'inside' : 'OUTSIDE'}`,
        );
        // Of the rounds the middle counts: one in a busy minute may be off by a factor.
        const ours = figure('tokens/s', rates);
        rows.push({ measure: `${name}: not slower than foretold`, ours, bar: { atLeast: low } });
        rows.push({ measure: `${name}: not faster than foretold`, ours, bar: { atMost: high } });
        rows.push({ measure: `${name}: highest ÷ lowest`, ours: figure('', [high / low]), bar: { atMost: WIDEST } });
        await runBenchmark(page, { action: 'unload', record, way });
      }
    }
  } finally {
    await browser.dispose();
  }
  return rows;
};

function speedOf(record: ModelRecord, device: DeviceReport, measured: DeviceBenchmark | undefined): SpeedRange {
  const fit = fitModel(record, device, { benchmark: measured });
  if (!canRun(fit)) throw new Error(`${record.id} ${fit.verdict}`);
  return fit.estimate.speed;
}

function range({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${low.toFixed(1)}–${high.toFixed(1)}`;
}
