import type { ModelRecord } from '../src/models/model-record.ts';
import prompts from '../tools/toy-model/prompts.json' with { type: 'json' };
import { figure } from './harness/figure.ts';
import { serveSmolLm2, serveToyGguf } from './harness/llama-models.ts';
import { PlainBrowser } from './harness/plain-browser.ts';
import { toyRecord } from './harness/records.ts';
import type { Row } from './harness/row.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';
import type { EditedAnswer, ReuseTimes } from './pages/shared/measure-reuse.ts';

/** 15 tokens of SmolLM2's, 30 of the toy's. */
const SENTENCE = 'The ferry to the island leaves at nine, and the market is in the old square. ';
const HISTORY_TOKENS = 1500;

const CASES = [
  ['again', 'an answer again'],
  ['edit', 'the last question edited'],
  ['branch', 'another branch'],
  ['otherChat', 'back from another chat'],
] as const;

const EDITS = 200;

/** What a prompt costs whose beginning was read before: 1,500 tokens before the question in each case. */
export const benchmark: Benchmark = async (bench) => {
  const llama = await serveSmolLm2(bench);
  const modelUrl = await bench.serveToy('hf/toy/resolve/main/');
  const toy = await toyRecord(modelUrl);
  return [
    ...(await reuseRows(bench, 'llama.cpp', 'alcove-wllama', llama.record, 15)),
    ...(await reuseRows(bench, 'web-llm, toy on SwiftShader', 'alcove-engine', toy, 30)),
    await sameTextRow(bench, 'llama.cpp, toy', 'alcove-wllama', (await serveToyGguf(bench)).record, {
      page: 'bare-wllama',
      action: 'answers',
      modelUrl: (await serveToyGguf(bench)).url,
    }),
    await sameTextRow(bench, 'web-llm, toy', 'alcove-engine', toy, { page: 'web-llm-whole', modelUrl }),
  ];
};

async function reuseRows(
  bench: Workbench,
  name: string,
  page: string,
  record: ModelRecord,
  sentenceTokens: number,
): Promise<Row[]> {
  const browser = await PlainBrowser.open(bench.server, page);
  const rounds: ReuseTimes[] = [];
  try {
    await browser.run({ action: 'store', record });
    await browser.run({ action: 'load', record });
    for (let round = 0; round < bench.rounds; round++) {
      // Each round's chat begins in another way, so that it is read as a whole.
      const text = `${round}. ${SENTENCE.repeat(HISTORY_TOKENS / sentenceTokens)}`;
      const times = await browser.run<ReuseTimes>({ action: 'reuse', text });
      rounds.push(times);
      const shown = Object.entries(times).map(([key, ms]) => `${key} ${ms.toFixed(0)}`);
      bench.say(`${name}, round ${round + 1}: ${shown.join(', ')} ms`);
    }
  } finally {
    await browser.dispose();
  }
  return [
    ...CASES.map(([key, label]) => ({
      measure: `${name}, 1,500 tokens before: first token of ${label} ÷ of a next turn`,
      ours: figure(
        '',
        rounds.map((times) => times[key] / times.nextTurn),
      ),
      bar: { atMost: 1.2 },
    })),
    {
      measure: `${name}, 1,500 tokens before: first token of an answer again ÷ of a whole prefill`,
      ours: figure(
        '',
        rounds.map((times) => times.again / times.whole),
      ),
    },
  ];
}

/** How many texts equal those of the bare engine, which reads each prompt as a whole. */
async function sameTextRow(
  bench: Workbench,
  name: string,
  page: string,
  record: ModelRecord,
  peer: { readonly page: string; readonly modelUrl: string; readonly action?: string },
): Promise<Row> {
  const questions = prompts.map(({ messages }) => messages.at(-1)?.content ?? '').filter((text) => text.length < 40);
  const browser = await PlainBrowser.open(bench.server, page);
  let ours: EditedAnswer[];
  try {
    await browser.run({ action: 'store', record });
    await browser.run({ action: 'load', record });
    ours = await browser.run<EditedAnswer[]>({ action: 'edits', seed: 11, count: EDITS, questions });
  } finally {
    await browser.dispose();
  }
  const bare = await PlainBrowser.open(bench.server, peer.page);
  try {
    const texts = await bare.run<string[]>({ ...peer, prompts: ours.map(({ messages }) => messages) });
    const same = ours.filter(({ text }, index) => text === texts[index]).length;
    return {
      measure: `${name}: texts after ${EDITS} random edits that equal those after a whole prefill`,
      ours: figure('', [same]),
      bar: { atLeast: EDITS },
    };
  } finally {
    await bare.dispose();
  }
}
