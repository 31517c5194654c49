import type { ModelRecord } from '../src/models/model-record.ts';
import { figure } from './harness/figure.ts';
import { serveSmolLm2 } from './harness/llama-models.ts';
import { PlainBrowser } from './harness/plain-browser.ts';
import { toyRecord } from './harness/records.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';

const TURNS = 10;
/** New text of each turn: some 60 tokens, so that its prefill can be clocked. */
const NOTE =
  'Here is a note for you to keep: the harbour opens at seven, the ferry leaves at nine, the market is in the old square, and the museum of boats is free on Sundays for everyone. Answer in one word.';

/** For the toy: on SwiftShader ten turns of it take 17 s. */
const QUESTION = 'What colour is the sky?';

/** Whether a long chat's prompts are reused, in both engines: the first token of its last turn ÷ that of its first. */
export const benchmark: Benchmark = async (bench) => {
  const { record } = await serveSmolLm2(bench);
  const llama = await turnRatios(bench, 'alcove-wllama', record, NOTE, bench.rounds);
  const toy = await toyRecord(await bench.serveToy('hf/toy/resolve/main/'));
  const webLlm = await turnRatios(bench, 'alcove-engine', toy, QUESTION, 1);
  return [
    {
      measure: `llama.cpp, one chat: first token of turn ${TURNS} ÷ that of turn 1`,
      ours: figure('', llama),
      bar: { atMost: 1.3 },
    },
    {
      measure: `web-llm, toy on SwiftShader, one chat: first token of turn ${TURNS} ÷ that of turn 1`,
      ours: figure('', webLlm),
    },
  ];
};

async function turnRatios(
  bench: Workbench,
  page: string,
  record: ModelRecord,
  turnText: string,
  chats: number,
): Promise<number[]> {
  const browser = await PlainBrowser.open(bench.server, page);
  const ratios: number[] = [];
  try {
    await browser.run({ action: 'store', record });
    await browser.run({ action: 'load', record });
    // The first chat warms up and does not count.
    for (let chat = 0; chat <= chats; chat++) {
      // Each chat starts differently, so that its first turn finds no prefix in the KV cache.
      const text = `${chat}. ${turnText}`;
      const times = await browser.run<number[]>({ action: 'turns', turns: TURNS, text, maxTokens: 4 });
      if (chat > 0) ratios.push((times.at(-1) ?? Number.NaN) / (times[0] ?? Number.NaN));
      bench.say(`${page}, chat ${chat}: ${times.map((time) => time.toFixed(0)).join(', ')} ms to the first token`);
    }
  } finally {
    await browser.dispose();
  }
  return ratios;
}
