import { figure } from './harness/figure.ts';
import { type LlamaModel, serveSmolLm2, serveToyGguf } from './harness/llama-models.ts';
import { PlainBrowser } from './harness/plain-browser.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';
import type { DecodeFigures } from './pages/shared/measure-decode.ts';

/** Decode speed of llama.cpp through `alcove.fetch`, as a client reads the stream, and of the engine without it. */
export const benchmark: Benchmark = async (bench) => {
  const models = {
    toy: { model: await serveToyGguf(bench), prompt: 'Tell me a long story.', maxTokens: 400 },
    'SmolLM2 135M': {
      model: await serveSmolLm2(bench),
      prompt: 'Tell me a story about the sea.',
      maxTokens: 64,
    },
  };
  const rows = [];
  for (const [name, { model, ...request }] of Object.entries(models)) {
    const rate = await bench.interleave({
      fetch: () => decodeRate(bench, 'alcove-fetch', model, request),
      engine: () => decodeRate(bench, 'alcove-wllama', model, request),
    });
    rows.push({
      measure: `decode through alcove.fetch, ${name}`,
      ours: figure('tokens/s', rate.fetch),
      peer: { name: 'the engine itself', figure: figure('tokens/s', rate.engine) },
      bar: { atLeast: 0.97 },
    });
  }
  return rows;
};

async function decodeRate(bench: Workbench, page: string, { record }: LlamaModel, request: object): Promise<number> {
  const browser = await PlainBrowser.open(bench.server, page);
  try {
    await browser.run({ action: 'store', record, ...request });
    await browser.run({ action: 'load', record, ...request });
    // In the first answer after a load the browser still compiles WebAssembly, on the same cores.
    await browser.run({ action: 'decode', record, ...request });
    return (await browser.run<DecodeFigures>({ action: 'decode', record, ...request })).decodeTokensPerSecond;
  } finally {
    await browser.dispose();
  }
}
