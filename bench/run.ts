import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { machine } from './harness/machine.ts';
import { formatTable, type Result, toResult } from './harness/row.ts';
import { type Benchmark, Workbench } from './harness/workbench.ts';

/**
 * `npm run bench` runs all of these, `npm run bench -- chats` that one, `npm run bench -- download` those whose names
 * begin so; `--rounds 3` for a quick look, `--check` to fail when a bar is missed.
 */
const BENCHMARKS: Readonly<Record<string, () => Promise<{ benchmark: Benchmark }>>> = {
  'page-load': () => import('./page-load.ts'),
  'download-shaped': () => import('./download-shaped.ts'),
  'download-peers': () => import('./download-peers.ts'),
  'download-memory': () => import('./download-memory.ts'),
  resume: () => import('./resume.ts'),
  'warm-load': () => import('./warm-load.ts'),
  decode: () => import('./decode.ts'),
  'llama-decode': () => import('./llama-decode.ts'),
  'llama-first-token': () => import('./llama-first-token.ts'),
  'llama-memory': () => import('./llama-memory.ts'),
  'llama-turns': () => import('./llama-turns.ts'),
  'streaming-render': () => import('./streaming-render.ts'),
  'streaming-slow': async () => ({ benchmark: (await import('./streaming-render.ts')).slowBenchmark }),
  'streaming-interaction': () => import('./streaming-interaction.ts'),
  'open-chat': () => import('./open-chat.ts'),
  chats: () => import('./chats.ts'),
  'chats-transfer': () => import('./chats-transfer.ts'),
  catalogue: () => import('./catalogue.ts'),
  calibrate: () => import('./calibrate.ts'),
  'rung-change': () => import('./backend-change.ts'),
  'requests-after-ready': () => import('./requests-after-ready.ts'),
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, check: { type: 'boolean', default: false } },
});
const names = Object.keys(BENCHMARKS).filter(
  (name) =>
    positionals.length === 0 ||
    positionals.some((wanted) => (wanted in BENCHMARKS ? name === wanted : name.startsWith(wanted))),
);
if (names.length === 0) throw new Error(`no such benchmark; there are ${Object.keys(BENCHMARKS).join(', ')}`);

const results: Result[] = [];
let failed = false;
const bench = await Workbench.start(Number(options.rounds));
try {
  for (const name of names) {
    process.stderr.write(`${name}\n`);
    try {
      const { benchmark } = (await BENCHMARKS[name]?.()) ?? {};
      results.push(...((await benchmark?.(bench)) ?? []).map(toResult));
    } catch (error) {
      // One that cannot run must not cost the others' numbers.
      failed = true;
      process.stderr.write(`${name} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    } finally {
      bench.server.setSpeed(undefined);
    }
  }
} finally {
  await bench.close();
}

const folder = new URL('results/', import.meta.url);
const date = new Date().toISOString();
await mkdir(folder, { recursive: true });
await writeFile(
  new URL(`${date.replaceAll(':', '-').slice(0, 19)}.json`, folder),
  `${JSON.stringify({ date, machine: machine(), results }, undefined, 2)}\n`,
);
process.stdout.write(`${formatTable(results)}\n`);
if (failed || (options.check && results.some(({ met }) => met === false))) process.exitCode = 1;
