import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { figure } from './harness/figure.ts';
import { type LlamaModel, serveLargeGguf, serveSmolLm2, serveToyGguf } from './harness/llama-models.ts';
import { PlainBrowser } from './harness/plain-browser.ts';
import { PssSampler } from './harness/pss-sampler.ts';
import type { Row } from './harness/row.ts';
import { MIB } from './harness/synthetic-model.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';

/** How long the browser may take to release an unloaded model, and how often its memory is read meanwhile. */
const UNLOAD_MS = 5_000;
const LOOK_MS = 250;

/**
 * Peak memory of all the browser's processes above that before the load of a stored model, ÷ the model's bytes. llama.cpp's
 * own memory outweighs a small model, so a large one is measured too, and the toy, which shows little else. Then the memory
 * that remains when the model is unloaded.
 */
export const benchmark: Benchmark = async (bench) => {
  const toy = await serveToyGguf(bench);
  const small = await serveSmolLm2(bench);
  const large = await serveLargeGguf(bench);
  const left: number[] = [];
  const rise = await bench.interleave({
    toy: () => riseBytes(bench, 'alcove-wllama', toy),
    small: () => riseBytes(bench, 'alcove-wllama', small),
    'small, bare': () => riseBytes(bench, 'bare-wllama', small),
    large: () => riseBytes(bench, 'alcove-wllama', large, left),
    'large, bare': () => riseBytes(bench, 'bare-wllama', large),
  });
  const row = (name: 'small' | 'large', { sizeBytes }: LlamaModel): Row[] => {
    const ours = figure(
      '',
      rise[name].map((bytes) => bytes / sizeBytes),
    );
    const bare = figure(
      '',
      rise[`${name}, bare`].map((bytes) => bytes / sizeBytes),
    );
    const measure = `llama.cpp load, ${Math.round(sizeBytes / 1e6)} MB: peak memory ÷ model bytes`;
    return [
      { measure, ours, bar: { atMost: 1.5 } },
      { measure, ours, peer: { name: 'bare wllama', figure: bare } },
    ];
  };
  return [
    {
      measure: 'llama.cpp load, toy: peak memory',
      ours: figure(
        'MiB',
        rise.toy.map((bytes) => bytes / MIB),
      ),
    },
    ...row('small', small),
    ...row('large', large),
    {
      measure: 'llama.cpp, large model unloaded: remaining memory ÷ model bytes',
      ours: figure(
        '',
        left.map((bytes) => bytes / large.sizeBytes),
      ),
      bar: { atMost: 0.1 },
    },
  ];
};

/** @param left receives the bytes that remain after an unload */
async function riseBytes(
  bench: Workbench,
  page: string,
  { url, record }: LlamaModel,
  left?: number[],
): Promise<number> {
  const model =
    page === 'bare-wllama' ? { modelUrl: url, threads: cpus().length, prompt: '', maxTokens: 1 } : { record };
  const first = await PlainBrowser.open(bench.server, page);
  await first.run({ action: 'store', ...model });
  await first.close();
  const browser = await PlainBrowser.open(bench.server, page, first.profileFolder);
  try {
    const sampler = new PssSampler(browser.processes().map(({ pid }) => pid));
    await browser.run({ action: 'load', ...model });
    sampler.stop();
    if (left !== undefined) {
      await browser.run({ action: 'unload' });
      left.push(await leastRise(sampler));
    }
    return sampler.riseBytes;
  } finally {
    await browser.dispose();
  }
}

async function leastRise(sampler: PssSampler): Promise<number> {
  let least = sampler.riseNowBytes;
  for (const until = performance.now() + UNLOAD_MS; performance.now() < until; await sleep(LOOK_MS)) {
    least = Math.min(least, sampler.riseNowBytes);
  }
  return least;
}
