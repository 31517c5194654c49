import { BenchBrowser, runBenchmark } from './harness/browser.ts';
import { figure } from './harness/figure.ts';
import { toyRecord } from './harness/records.ts';
import type { Benchmark } from './harness/workbench.ts';
import type { DecodeFigures } from './pages/shared/measure-decode.ts';

const PROMPT = 'Tell me a long story.';
const MAX_TOKENS = 96;

/** Cost of our worker, store and event stream for an answer: the peer is the same model in the same web-llm without them. */
export const benchmark: Benchmark = async (bench) => {
  const modelUrl = await bench.serveToy('hf/toy/resolve/main/');
  const record = await toyRecord(modelUrl);
  const { origin } = bench.server;
  const browser = await BenchBrowser.start();
  const answers = { ours: [] as DecodeFigures[], bare: [] as DecodeFigures[] };
  try {
    const ours = await browser.open(origin, 'alcove-engine');
    await runBenchmark(ours, { action: 'store', record });
    await runBenchmark(ours, { action: 'load', record });
    const bare = await browser.open(origin, 'web-llm-decode');
    const request = { prompt: PROMPT, maxTokens: MAX_TOKENS };
    // The first round loads the peer's model and compiles shaders, and does not count.
    for (let round = -1; round < bench.rounds; round++) {
      const contenders = { ours: { page: ours, action: 'decode' }, bare: { page: bare, action: undefined } };
      for (const name of ['ours', 'bare'] as const) {
        const { page, action } = contenders[name];
        await page.bringToFront();
        const options = { action, modelUrl, libraryUrl: `${modelUrl}library.wasm`, ...request };
        const answer = await runBenchmark<DecodeFigures>(page, options);
        if (round >= 0) answers[name].push(answer);
        bench.say(`round ${round + 1} ${name}: ${answer.decodeTokensPerSecond.toFixed(2)} tokens/s`);
      }
    }
  } finally {
    await browser.dispose();
  }
  const texts = new Set([...answers.ours, ...answers.bare].map(({ text }) => text));
  if (texts.size !== 1) throw new Error('the two engines did not write the same text');
  const column = (name: 'ours' | 'bare', unit: string, key: 'decodeTokensPerSecond' | 'timeToFirstTokenMs') =>
    figure(
      unit,
      answers[name].map((answer) => answer[key]),
    );
  return [
    {
      measure: 'decode, toy',
      ours: column('ours', 'tokens/s', 'decodeTokensPerSecond'),
      peer: { name: 'bare web-llm', figure: column('bare', 'tokens/s', 'decodeTokensPerSecond') },
      bar: { atLeast: 0.97 },
    },
    {
      measure: 'time to first token, toy',
      ours: column('ours', 'ms', 'timeToFirstTokenMs'),
      peer: { name: 'bare web-llm', figure: column('bare', 'ms', 'timeToFirstTokenMs') },
    },
  ];
};
