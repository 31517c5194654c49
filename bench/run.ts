import { parseArgs } from 'node:util';
import { writeBenchmarksPage } from './harness/benchmarks-page.ts';
import { addRun } from './harness/latest-results.ts';
import { hasOtherLoad, machine } from './harness/machine.ts';
import { COLUMNS, cellsOf, isMet, markdownTable, type Result, toResult } from './harness/row.ts';
import { type Benchmark, Workbench } from './harness/workbench.ts';

/**
 * `npm run bench` runs all of these, `npm run bench -- chats` that one, `npm run bench -- download` those whose names
 * start so; `--rounds 3` for a quick look, `--check` to fail when a target is missed. A run replaces the results of the
 * same benchmarks in bench/latest-results.json and in the table of docs/benchmarks.md, and leaves the others' as they are.
 */
const BENCHMARKS: Readonly<Record<string, () => Promise<{ benchmark: Benchmark }>>> = {
  'page-load': () => import('./page-load.ts'),
  embed: () => import('./embed.ts'),
  'embed-memory': () => import('./embed-memory.ts'),
  'engine-tab-closed': () => import('./engine-tab-closed.ts'),
  'alcove-fetch': () => import('./alcove-fetch.ts'),
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
  'prompt-reuse': () => import('./prompt-reuse.ts'),
  'streaming-render': () => import('./streaming-render.ts'),
  'streaming-slow': async () => ({ benchmark: (await import('./streaming-render.ts')).slowBenchmark }),
  'streaming-interaction': () => import('./streaming-interaction.ts'),
  'open-chat': () => import('./open-chat.ts'),
  chats: () => import('./chats.ts'),
  picture: () => import('./picture.ts'),
  'chats-transfer': () => import('./chats-transfer.ts'),
  catalogue: () => import('./catalogue.ts'),
  calibrate: () => import('./calibrate.ts'),
  'backend-change': () => import('./backend-change.ts'),
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

const rounds = Number(options.rounds);
const printed: Result[] = [];
let failed = false;
const bench = await Workbench.start(rounds);
try {
  for (const name of names) {
    process.stderr.write(`${name}\n`);
    try {
      const otherLoad = await hasOtherLoad();
      const { benchmark } = (await BENCHMARKS[name]?.()) ?? {};
      const results = ((await benchmark?.(bench)) ?? []).map(toResult);
      printed.push(...results);
      const date = new Date().toISOString().slice(0, 10);
      writeBenchmarksPage(addRun(name, { date, machine: machine(), rounds, otherLoad, results }));
    } catch (error) {
      // A benchmark that cannot run must not cost the numbers of the others.
      failed = true;
      process.stderr.write(`${name} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    } finally {
      bench.server.setSpeed(undefined);
    }
  }
} finally {
  await bench.close();
}

process.stdout.write(`${markdownTable(COLUMNS, printed.map(cellsOf))}\n`);
if (failed || (options.check && printed.some((result) => isMet(result) === false))) process.exitCode = 1;
