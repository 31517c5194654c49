import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { smolLm2Path } from '../tools/python-packages.ts';
import { figure } from './harness/figure.ts';
import { type LlamaModel, serveSmolLm2 } from './harness/llama-models.ts';
import { PlainBrowser } from './harness/plain-browser.ts';
import type { Row } from './harness/row.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';
import type { DecodeFigures } from './pages/shared/measure-decode.ts';

const request = { prompt: 'Tell me a story about the sea.', maxTokens: 64 };

/** Decode speed of llama.cpp in our engine, in wllama on a bare page and as a native program, with the same file. */
export const benchmark: Benchmark = async (bench) => {
  const threads = cpus().length;
  const model = await serveSmolLm2(bench);
  const decode = await bench.interleave({
    ours: () => decodeRate(bench, model, 'ours'),
    sameThreads: () => decodeRate(bench, model, { threads }),
    defaults: () => decodeRate(bench, model, {}),
  });
  const native = nativeRates(bench, threads);
  const row = (name: string, rates: readonly number[]): Row => ({
    measure: `llama.cpp decode, ${threads} threads`,
    ours: figure('tokens/s', decode.ours),
    peer: { name, figure: figure('tokens/s', rates) },
  });
  return [
    { ...row(`bare wllama, ${threads} threads`, decode.sameThreads), bar: { atLeast: 0.97 } },
    { ...row('bare wllama, its defaults', decode.defaults), bar: { atLeast: 1.4 } },
    ...(native === undefined ? [] : [row('native, node-llama-cpp', native)]),
  ];
};

/** @param contender our engine, or wllama's options */
async function decodeRate(bench: Workbench, { url, record }: LlamaModel, contender: 'ours' | object): Promise<number> {
  const browser = await PlainBrowser.open(bench.server, contender === 'ours' ? 'alcove-wllama' : 'bare-wllama');
  try {
    const bare = contender === 'ours' ? {} : { modelUrl: url, ...contender };
    await browser.run({ action: 'store', record, ...request, ...bare });
    await browser.run({ action: 'load', record, ...request, ...bare });
    // In the first answer after a load the browser still compiles WebAssembly, on the same cores.
    await browser.run({ action: 'decode', ...request, ...bare });
    const { decodeTokensPerSecond } = await browser.run<DecodeFigures>({ action: 'decode', ...request, ...bare });
    return decodeTokensPerSecond;
  } finally {
    await browser.dispose();
  }
}

/** Undefined where node-llama-cpp cannot be installed. */
function nativeRates(bench: Workbench, threads: number): number[] | undefined {
  const cwd = new URL('native/', import.meta.url).pathname;
  if (!existsSync(`${cwd}node_modules`)) {
    const options = ['install', '--no-audit', '--no-fund', '--no-package-lock'];
    if (spawnSync('npm', options, { cwd, stdio: 'ignore' }).status !== 0) {
      bench.say('node-llama-cpp cannot be installed: no native figure');
      return undefined;
    }
  }
  const { prompt, maxTokens } = request;
  const args = ['decode.mjs', smolLm2Path(), String(threads), prompt, String(maxTokens), String(bench.rounds)];
  const { stdout, status } = spawnSync('node', args, { cwd, encoding: 'utf8' });
  if (status !== 0) {
    bench.say('node-llama-cpp does not run: no native figure');
    return undefined;
  }
  const rates = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]') as number[];
  bench.say(`native: ${rates.map((rate) => rate.toFixed(1)).join(', ')} tokens/s`);
  return rates;
}
