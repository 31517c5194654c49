import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { ModelRecord } from '../src/models/model-record.ts';
import { smolLm2Path } from '../tools/python-packages.ts';
import { figure } from './harness/figure.ts';
import { PlainBrowser } from './harness/plain-browser.ts';
import { PssSampler } from './harness/pss-sampler.ts';
import { toyRecord } from './harness/records.ts';
import type { Row } from './harness/row.ts';
import { MIB } from './harness/synthetic-model.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';
import type { DecodeFigures } from './pages/shared/measure-decode.ts';

const PROMPT = 'Tell me a story about the sea.';
const MAX_TOKENS = 64;
const TURNS = 10;
/** New text of each turn: some 60 tokens, so that its prefill can be clocked. */
const TURN_TEXT =
  'Here is a note for you to keep: the harbour opens at seven, the ferry leaves at nine, the market is in the old square, and the museum of boats is free on Sundays for everyone. Answer in one word.';

/** llama.cpp in our engine, beside wllama on a page of its own, and beside llama.cpp as a native program. */
export const benchmark: Benchmark = async (bench) => {
  const cores = cpus().length;
  const model = await serveModel(bench);
  const decode = await measureDecode(bench, model, cores);
  const first = await measureFirstToken(bench, model, cores);
  const memory = await measureMemory(bench, model, cores);
  const turns = await measureTurns(bench, model);
  const webLlmTurns = await measureWebLlmTurns(bench);
  const native = nativeRates(model.path, cores, bench);
  const ours = figure('tokens/s', decode.ours);
  return [
    {
      measure: `llama.cpp decode, ${cores} threads`,
      ours,
      peer: { name: `bare wllama, ${cores} threads`, figure: figure('tokens/s', decode.sameThreads) },
      bar: { atLeast: 0.97 },
    },
    {
      measure: `llama.cpp decode, ${cores} threads`,
      ours,
      peer: { name: 'bare wllama, its defaults', figure: figure('tokens/s', decode.defaults) },
      bar: { atLeast: 1.4 },
    },
    ...(native === undefined
      ? []
      : [
          {
            measure: `llama.cpp decode, ${cores} threads`,
            ours,
            peer: { name: 'native, node-llama-cpp', figure: figure('tokens/s', native) },
          } satisfies Row,
        ]),
    {
      measure: 'llama.cpp, stored model: click to first token',
      ours: figure('ms', first.ours),
      peer: { name: 'bare wllama', figure: figure('ms', first.bare) },
      bar: { atMost: 1.15 },
    },
    { measure: 'llama.cpp load: peak memory ÷ model bytes', ours: figure('', memory.ours), bar: { atMost: 1.5 } },
    {
      measure: 'llama.cpp load: peak memory ÷ model bytes',
      ours: figure('', memory.ours),
      peer: { name: 'bare wllama', figure: figure('', memory.bare) },
    },
    { measure: `llama.cpp: first token at turn ${TURNS} ÷ turn 1`, ours: figure('', turns), bar: { atMost: 1.3 } },
    { measure: `web-llm, toy on SwiftShader: first token at turn ${TURNS} ÷ turn 1`, ours: figure('', webLlmTurns) },
  ];
};

interface BenchModel {
  readonly path: string;
  readonly url: string;
  readonly record: ModelRecord;
}

async function serveModel(bench: Workbench): Promise<BenchModel> {
  const path = smolLm2Path();
  const bytes = await readFile(path);
  bench.server.addFile('llama/smollm2.gguf', bytes);
  const url = `${bench.server.origin}/llama/smollm2.gguf`;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const record: ModelRecord = {
    id: 'bench-smollm2',
    name: 'SmolLM2 135M',
    family: 'SmolLM2',
    maker: 'Hugging Face',
    engine: 'wllama',
    quantization: 'Q4_1',
    parameterCount: 135_000_000,
    contextWindow: 2048,
    sizeBytes: bytes.length,
    vramBytes: 0,
    requiredFeatures: [],
    licence: { name: 'Apache-2.0', url: 'https://spdx.org/licenses/Apache-2.0.html' },
    source: {
      kind: 'files',
      revision: 'bench',
      files: [{ path: 'smollm2.gguf', url, sizeBytes: bytes.length, sha256 }],
    },
  };
  return { path, url, record };
}

/** Both engines side by side in one browser each, taking turns; only one works at a time. */
async function measureDecode(bench: Workbench, { url, record }: BenchModel, cores: number) {
  const rates = { ours: [] as number[], sameThreads: [] as number[], defaults: [] as number[] };
  const request = { prompt: PROMPT, maxTokens: MAX_TOKENS };
  for (let round = -1; round < bench.rounds; round++) {
    for (const name of ['ours', 'sameThreads', 'defaults'] as const) {
      const browser = await PlainBrowser.open(bench.server, name === 'ours' ? 'alcove-wllama' : 'bare-wllama');
      try {
        let figures: DecodeFigures;
        if (name === 'ours') {
          await browser.run({ action: 'store', record });
          await browser.run({ action: 'load', record });
          figures = await browser.run<DecodeFigures>({ action: 'decode', ...request });
        } else {
          const threads = name === 'sameThreads' ? { threads: cores } : {};
          await browser.run({ action: 'store', modelUrl: url, ...threads, ...request });
          figures = await browser.run<DecodeFigures>({ action: 'decode', modelUrl: url, ...threads, ...request });
        }
        if (round >= 0) rates[name].push(figures.decodeTokensPerSecond);
        bench.say(`round ${round + 1} ${name}: ${figures.decodeTokensPerSecond.toFixed(1)} tokens/s`);
      } finally {
        await browser.dispose();
      }
    }
  }
  return rates;
}

/** The model is stored, the page is open: from the click to the first token, with the WebAssembly to compile. */
function measureFirstToken(bench: Workbench, { url, record }: BenchModel, cores: number) {
  const run = async (page: string, store: object, measure: object): Promise<number> => {
    const first = await PlainBrowser.open(bench.server, page);
    await first.run(store);
    await first.close();
    const browser = await PlainBrowser.open(bench.server, page, first.profileFolder);
    try {
      return await browser.run<number>(measure);
    } finally {
      await browser.dispose();
    }
  };
  const bare = { modelUrl: url, threads: cores, prompt: PROMPT, maxTokens: 4 };
  return bench.interleave({
    ours: () => run('alcove-wllama', { action: 'store', record }, { action: 'first-token', record, prompt: PROMPT }),
    bare: () => run('bare-wllama', { action: 'store', ...bare }, { action: 'first-token', ...bare }),
  });
}

/** The rise of all the browser's processes while a stored model is loaded. */
function measureMemory(bench: Workbench, { url, record }: BenchModel, cores: number) {
  const run = async (page: string, store: object, load: object): Promise<number> => {
    const first = await PlainBrowser.open(bench.server, page);
    await first.run(store);
    await first.close();
    const browser = await PlainBrowser.open(bench.server, page, first.profileFolder);
    try {
      const sampler = new PssSampler(browser.processes().map(({ pid }) => pid));
      await browser.run(load);
      sampler.stop();
      bench.say(`${page}: ${(sampler.riseBytes / MIB).toFixed(0)} MiB`);
      return sampler.riseBytes / (record.sizeBytes ?? Number.NaN);
    } finally {
      await browser.dispose();
    }
  };
  const bare = { modelUrl: url, threads: cores, prompt: PROMPT, maxTokens: 4 };
  return bench.interleave({
    ours: () => run('alcove-wllama', { action: 'store', record }, { action: 'load', record }),
    bare: () => run('bare-wllama', { action: 'store', ...bare }, { action: 'load', ...bare }),
  });
}

async function measureTurns(bench: Workbench, { record }: BenchModel): Promise<number[]> {
  const browser = await PlainBrowser.open(bench.server, 'alcove-wllama');
  const ratios: number[] = [];
  try {
    await browser.run({ action: 'store', record });
    await browser.run({ action: 'load', record });
    for (let round = 0; round < bench.rounds; round++) {
      // Each chat begins otherwise, so that its first turn finds nothing in the cache.
      const text = `${round}. ${TURN_TEXT}`;
      const times = await browser.run<number[]>({ action: 'turns', turns: TURNS, text, maxTokens: 4 });
      ratios.push((times.at(-1) ?? Number.NaN) / (times[0] ?? Number.NaN));
      bench.say(`chat ${round + 1}: ${times.map((time) => time.toFixed(0)).join(', ')} ms to the first token`);
    }
  } finally {
    await browser.dispose();
  }
  return ratios;
}

/** For comparison: web-llm keeps the KV cache as well when a request extends the one before. */
async function measureWebLlmTurns(bench: Workbench): Promise<number[]> {
  const record = await toyRecord(await bench.serveToy('hf/toy/resolve/main/'));
  const browser = await PlainBrowser.open(bench.server, 'alcove-engine');
  try {
    await browser.run({ action: 'store', record });
    await browser.run({ action: 'load', record });
    const times = await browser.run<number[]>({ action: 'turns', turns: TURNS, text: TURN_TEXT, maxTokens: 4 });
    bench.say(`web-llm: ${times.map((time) => time.toFixed(0)).join(', ')} ms to the first token`);
    return [(times.at(-1) ?? Number.NaN) / (times[0] ?? Number.NaN)];
  } finally {
    await browser.dispose();
  }
}

/** Undefined where node-llama-cpp cannot be installed. */
function nativeRates(modelPath: string, threads: number, bench: Workbench): number[] | undefined {
  const folder = new URL('native/', import.meta.url).pathname;
  if (!existsSync(`${folder}node_modules`)) {
    const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], {
      cwd: folder,
      stdio: 'ignore',
    });
    if (status !== 0) {
      bench.say('node-llama-cpp cannot be installed: no native figure');
      return undefined;
    }
  }
  const args = ['decode.mjs', modelPath, String(threads), PROMPT, String(MAX_TOKENS), String(bench.rounds)];
  const { stdout, status } = spawnSync('node', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) {
    bench.say('node-llama-cpp does not run: no native figure');
    return undefined;
  }
  const rates = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]') as number[];
  bench.say(`native: ${rates.map((rate) => rate.toFixed(1)).join(', ')} tokens/s`);
  return rates;
}
