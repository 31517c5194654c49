import type { DeviceBenchmark, DeviceReport } from '../src/models/device.ts';
import type { SpeedRange } from '../src/models/engines/engine-profile.ts';
import { fitModel } from '../src/models/fit/fit.ts';
import { canRun } from '../src/models/fit/fit-result.ts';
import type { ModelRecord } from '../src/models/model-record.ts';
import { BenchBrowser, runBenchmark } from './harness/browser.ts';
import { calibrationModels } from './harness/calibration-models.ts';
import { figure, median } from './harness/figure.ts';
import { markdownTable } from './harness/row.ts';
import type { Benchmark } from './harness/workbench.ts';
import type { CalibrationBackend } from './pages/calibrate.ts';

/** A second's worth for the fastest model. */
const MAX_TOKENS = 400;
const MIN_TOKENS = 16;
/** The highest speed of a predicted range over the lowest. */
const MAX_WIDTH = 3;

interface Measured {
  readonly device: DeviceReport;
  readonly benchmark: DeviceBenchmark;
}

/**
 * Whether the speed predicted from the device's benchmark contains the measured one: web-llm on SwiftShader, and llama.cpp on
 * one thread of WebAssembly and on all. Prints the table of docs/device-fit.md.
 */
export const benchmark: Benchmark = async (bench) => {
  const records = await calibrationModels(bench);
  const browser = await BenchBrowser.start();
  const lines: string[][] = [];
  const widths: number[] = [];
  let outside = 0;
  try {
    const page = await browser.open(bench.server.origin, 'calibrate');
    for (const record of records) {
      // Measured again for each model: a machine that others use too changes within minutes.
      const { device, benchmark: measured } = await runBenchmark<Measured>(page, { action: 'benchmark' });
      bench.say(JSON.stringify(measured));
      const backends: readonly CalibrationBackend[] = record.engine === 'webllm' ? ['gpu'] : ['single', 'threads'];
      for (const backend of backends) {
        await runBenchmark(page, { action: 'load', record, backend });
        const rates: number[] = [];
        let maxTokens = MIN_TOKENS;
        // The first round warms up and does not count.
        for (let round = -1; round < bench.rounds; round++) {
          const { tokensPerSecond } = await runBenchmark<{ tokensPerSecond: number }>(page, {
            action: 'decode',
            record,
            backend,
            maxTokens,
          });
          if (round >= 0) rates.push(tokensPerSecond);
          maxTokens = Math.min(MAX_TOKENS, Math.max(MIN_TOKENS, Math.round(tokensPerSecond)));
        }
        const ran = { ...device, sharedMemory: device.sharedMemory && backend === 'threads' };
        const guess = speedOf(record, ran, undefined);
        const { low, high } = speedOf(record, ran, measured);
        // The median counts: a single round in a busy minute may be off by a factor.
        const isInside = median(rates) >= low && median(rates) <= high;
        if (!isInside) outside++;
        widths.push(high / low);
        lines.push([
          `${record.name}, ${record.quantization}`,
          backend,
          range(guess),
          range({ low, high }),
          (high / low).toFixed(1),
          range({ low: Math.min(...rates), high: Math.max(...rates) }),
          isInside ? 'yes' : '**no**',
        ]);
        bench.say(lines.at(-1)?.join(' | ') ?? '');
        await runBenchmark(page, { action: 'unload', record, backend });
      }
    }
  } finally {
    await browser.dispose();
  }
  bench.say(`\n${markdownTable(['model', 'backend', 'guessed', 'predicted', 'width', 'measured', 'inside'], lines)}`);
  return [
    {
      measure: `models outside the predicted range, of ${lines.length}`,
      ours: figure('', [outside]),
      bar: { atMost: 0 },
    },
    { measure: 'predicted range: highest ÷ lowest speed', ours: figure('', widths), bar: { atMost: MAX_WIDTH } },
  ];
};

function speedOf(record: ModelRecord, device: DeviceReport, measured: DeviceBenchmark | undefined): SpeedRange {
  const fit = fitModel(record, device, { benchmark: measured });
  if (!canRun(fit)) throw new Error(`${record.id} ${fit.status}`);
  return fit.estimate.speed;
}

function range({ low, high }: { readonly low: number; readonly high: number }): string {
  return `${low.toFixed(1)}–${high.toFixed(1)}`;
}
