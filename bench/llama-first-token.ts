import { cpus } from 'node:os';
import { figure } from './harness/figure.ts';
import { serveSmolLm2 } from './harness/llama-models.ts';
import { PlainBrowser } from './harness/plain-browser.ts';
import type { Benchmark } from './harness/workbench.ts';

const PROMPT = 'Tell me a story about the sea.';

/** With a stored model on an open page: from the click to the first token, compiling WebAssembly included. */
export const benchmark: Benchmark = async (bench) => {
  const { url, record } = await serveSmolLm2(bench);
  const run = async (page: string, model: object): Promise<number> => {
    const first = await PlainBrowser.open(bench.server, page);
    await first.run({ action: 'store', ...model });
    await first.close();
    const browser = await PlainBrowser.open(bench.server, page, first.profileFolder);
    try {
      return await browser.run<number>({ action: 'first-token', prompt: PROMPT, ...model });
    } finally {
      await browser.dispose();
    }
  };
  const { ours, bare } = await bench.interleave({
    ours: () => run('alcove-wllama', { record }),
    bare: () => run('bare-wllama', { modelUrl: url, threads: cpus().length, prompt: PROMPT, maxTokens: 4 }),
  });
  return [
    {
      measure: 'llama.cpp, stored model: click to first token',
      ours: figure('ms', ours),
      peer: { name: 'bare wllama', figure: figure('ms', bare) },
      bar: { atMost: 1.15 },
    },
  ];
};
