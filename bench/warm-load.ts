import { readFile } from 'node:fs/promises';
import type { LoadReport } from '../src/engine/worker-engine/worker-protocol.ts';
import { figure } from './harness/figure.ts';
import { PlainBrowser } from './harness/plain-browser.ts';
import { readBytes } from './harness/processes.ts';
import { shardFile, toyRecord, withFiles } from './harness/records.ts';
import { type SyntheticShard, sha256, syntheticShards, tensorCacheEntry } from './harness/synthetic-model.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';

const NOISE_SHARDS = 3;

/**
 * How often a stored byte is read during a load. The engine counts what it reads from the store; /proc counts what the
 * browser's processes read, scripts and databases included. So two models are loaded, the toy and the toy with 96 MiB of
 * noise added to its weights, and the difference of the two is divided by those 96 MiB.
 */
export const benchmark: Benchmark = async (bench) => {
  const { records, noiseBytes } = await serveModels(bench);
  const counted: number[] = [];
  const measured: number[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const read = { toy: 0, padded: 0 };
    for (const name of ['toy', 'padded'] as const) {
      const record = records[name];
      const first = await PlainBrowser.open(bench.server, 'alcove-engine');
      await first.run({ action: 'store', record });
      await first.close();
      const browser = await PlainBrowser.open(bench.server, 'alcove-engine', first.profileFolder);
      try {
        const before = totalRead(browser);
        const report = await browser.run<LoadReport>({ action: 'load', record });
        read[name] = totalRead(browser) - before;
        if (name === 'padded') counted.push(report.readBytes / report.totalBytes);
      } finally {
        await browser.dispose();
      }
    }
    measured.push((read.padded - read.toy) / noiseBytes);
    bench.say(
      `round ${round + 1}: ${measured.at(-1)?.toFixed(3)} by the system, ${counted.at(-1)?.toFixed(3)} counted`,
    );
  }
  return [
    { measure: 'warm load: bytes read ÷ model bytes, counted by the page', ours: figure('', counted) },
    { measure: 'warm load: bytes read ÷ model bytes, by /proc', ours: figure('', measured), bar: { atMost: 1.1 } },
  ];
};

async function serveModels(bench: Workbench) {
  const shards = syntheticShards(NOISE_SHARDS);
  const toy = await toyRecord(await bench.serveToy('hf/toy/resolve/main/'));
  const prefix = 'hf/padded/resolve/main/';
  const index = await paddedIndex(shards);
  const paddedUrl = await bench.serveToy(prefix, {
    ...Object.fromEntries(shards.map(({ path, bytes }) => [path, bytes])),
    'tensor-cache.json': index,
  });
  const sameAsToy = toy.source.kind === 'files' ? toy.source.files : [];
  const files = sameAsToy.map((file) => ({
    ...file,
    url: `${paddedUrl}${file.path}`,
    ...(file.path === 'tensor-cache.json' && { sizeBytes: index.length, sha256: sha256(index) }),
  }));
  const padded = withFiles(toy, 'padded-toy', [...files, ...shards.map((shard) => shardFile(paddedUrl, shard))]);
  const noiseBytes = shards.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return { records: { toy, padded }, noiseBytes };
}

/** The toy's tensor-cache.json with the noise shards appended. */
async function paddedIndex(shards: readonly SyntheticShard[]): Promise<Buffer> {
  const text = await readFile(new URL('../public/models/toy/tensor-cache.json', import.meta.url), 'utf8');
  const index = JSON.parse(text) as { records: object[] };
  return Buffer.from(JSON.stringify({ ...index, records: [...index.records, ...shards.map(tensorCacheEntry)] }));
}

function totalRead(browser: PlainBrowser): number {
  return browser.processes().reduce((sum, { pid }) => sum + readBytes(pid), 0);
}
