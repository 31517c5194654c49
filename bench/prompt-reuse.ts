import type { PromptMessage } from '../src/engine/engine.ts';
import { RandomEdits } from '../src/engine/testing/random-edits.ts';
import type { ModelRecord } from '../src/models/model-record.ts';
import prompts from '../tools/toy-model/prompts.json' with { type: 'json' };
import { figure } from './harness/figure.ts';
import { serveSmolLm2, serveToyGguf } from './harness/llama-models.ts';
import { PlainBrowser } from './harness/plain-browser.ts';
import { toyRecord } from './harness/records.ts';
import type { Row } from './harness/row.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';
import type { Asked } from './pages/shared/ask.ts';

/** 15 tokens of SmolLM2's, 30 of the toy's. */
const SENTENCE = 'The ferry to the island leaves at nine, and the market is in the old square. ';
const HISTORY_TOKENS = 1500;
const TYPING_MS = 3000;

const CASES = [
  ['again', 'an answer again'],
  ['edit', 'the last question edited'],
  ['branch', 'another branch'],
  ['otherChat', 'back from another chat'],
] as const;

const EDITS = 200;
/** Prompts of one order to a bare engine, which reads each as a whole and must answer within five minutes. */
const PROMPTS_AT_ONCE = 20;

/** An engine of ours with a model. */
interface Contender {
  readonly name: string;
  readonly page: string;
  readonly record: ModelRecord;
  readonly sentenceTokens: number;
}

/** First tokens of prompts with 1,500 tokens before the question, ms. */
interface ReuseTimes {
  /** Of the long prompt, read as a whole. */
  readonly whole: number;
  readonly nextTurn: number;
  readonly again: number;
  readonly edit: number;
  readonly branch: number;
  readonly otherChat: number;
  /** Of a chat that was not read, after the engine read ahead while the user typed. */
  readonly ahead: number;
}

/** What a prompt costs whose beginning was read before, and whether the texts are those of a whole prefill. */
export const benchmark: Benchmark = async (bench) => {
  const llama = await serveSmolLm2(bench);
  const llamaToy = await serveToyGguf(bench);
  const modelUrl = await bench.serveToy('hf/toy/resolve/main/');
  const toy = await toyRecord(modelUrl);
  const wllama = { page: 'alcove-wllama', sentenceTokens: 15 };
  const webLlm = { page: 'alcove-engine', sentenceTokens: 30 };
  return [
    ...(await reuseRows(bench, { name: 'llama.cpp, SmolLM2 135M', ...wllama, record: llama.record })),
    ...(await reuseRows(bench, { name: 'llama.cpp, toy', ...webLlm, page: wllama.page, record: llamaToy.record })),
    ...(await reuseRows(bench, { name: 'web-llm, toy on SwiftShader', ...webLlm, record: toy })),
    await sameTextRow(bench, 'llama.cpp, toy', wllama.page, llamaToy.record, {
      page: 'bare-wllama',
      action: 'answers',
      modelUrl: llamaToy.url,
    }),
    await sameTextRow(bench, 'web-llm, toy', webLlm.page, toy, { page: 'web-llm-whole', modelUrl }),
  ];
};

async function reuseRows(bench: Workbench, { name, page, record, sentenceTokens }: Contender): Promise<Row[]> {
  const browser = await PlainBrowser.open(bench.server, page);
  const rounds: ReuseTimes[] = [];
  try {
    await browser.run({ action: 'store', record });
    await browser.run({ action: 'load', record });
    for (let round = 0; round < bench.rounds; round++) {
      const times = await measureReuse(browser, round, SENTENCE.repeat(HISTORY_TOKENS / sentenceTokens));
      rounds.push(times);
      const shown = Object.entries(times).map(([key, ms]) => `${key} ${ms.toFixed(0)}`);
      bench.say(`${name}, round ${round + 1}: ${shown.join(', ')} ms`);
    }
  } finally {
    await browser.dispose();
  }
  const ratios = (of: (times: ReuseTimes) => number) => figure('', rounds.map(of));
  const measure = (label: string): string => `${name}, 1,500 tokens before: first token of ${label}`;
  return [
    ...CASES.map(([key, label]) => ({
      measure: `${measure(label)} ÷ of a next turn`,
      ours: ratios((times) => times[key] / times.nextTurn),
      bar: { atMost: 1.2 },
    })),
    {
      measure: `${measure('an answer again')} ÷ of a whole prefill`,
      ours: ratios((times) => times.again / times.whole),
    },
    {
      measure: `${measure('a chat not read yet')}, 3 s of typing ÷ without reading ahead`,
      ours: ratios((times) => times.ahead / times.whole),
      bar: { atMost: 0.3 },
    },
  ];
}

/** Asks one long chat in the ways in which its beginning is in the KV cache. Each round's chats begin in another way. */
async function measureReuse(browser: PlainBrowser, round: number, history: string): Promise<ReuseTimes> {
  const ask = async (messages: readonly PromptMessage[]): Promise<{ ms: number; chat: readonly PromptMessage[] }> => {
    const { firstTokenMs, text } = await browser.run<Asked>({ action: 'ask', messages });
    return { ms: firstTokenMs, chat: [...messages, { role: 'assistant', content: text }] };
  };
  const whole = await ask([user(`${round}, read as a whole. ${history}`)]);
  const next = await ask([...whole.chat, question(1)]);
  const again = await ask([...whole.chat, question(1)]);
  const edit = await ask([...whole.chat, question(2)]);
  const branch = await ask([...whole.chat, question(1)]);
  await ask([user('Hello! How are you today?')]);
  const otherChat = await ask([...branch.chat, question(3)]);
  const unread: PromptMessage[] = [user(`${round}, read ahead. ${history}`), { role: 'assistant', content: 'Yes.' }];
  await browser.run({ action: 'read-ahead', messages: [...unread, user('4. Quest')], typingMs: TYPING_MS });
  const ahead = await ask([...unread, question(4)]);
  return {
    whole: whole.ms,
    nextTurn: next.ms,
    again: again.ms,
    edit: edit.ms,
    branch: branch.ms,
    otherChat: otherChat.ms,
    ahead: ahead.ms,
  };
}

/** How many texts equal those of the bare engine, which reads each prompt as a whole. */
async function sameTextRow(
  bench: Workbench,
  name: string,
  page: string,
  record: ModelRecord,
  peer: { readonly page: string; readonly modelUrl: string; readonly action?: string },
): Promise<Row> {
  const ours = await answerEdits(bench, page, record);
  const bare = await PlainBrowser.open(bench.server, peer.page);
  try {
    const texts: string[] = [];
    while (texts.length < EDITS) {
      const next = ours.slice(texts.length, texts.length + PROMPTS_AT_ONCE).map(({ messages }) => messages);
      texts.push(...(await bare.run<string[]>({ ...peer, prompts: next })));
      bench.say(`${name}: ${texts.length} of ${EDITS} read as a whole`);
    }
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

/** Prompts of random edits of a few chats, and our answers. */
async function answerEdits(bench: Workbench, page: string, record: ModelRecord) {
  const questions = prompts.map(({ messages }) => messages.at(-1)?.content ?? '').filter((text) => text.length < 40);
  const edits = new RandomEdits(11, questions);
  const answers: { readonly messages: readonly PromptMessage[]; readonly text: string }[] = [];
  const browser = await PlainBrowser.open(bench.server, page);
  try {
    await browser.run({ action: 'store', record });
    await browser.run({ action: 'load', record });
    for (let step = 0; step < EDITS; step++) {
      const messages = edits.next();
      const { text } = await browser.run<Asked>({ action: 'ask', messages });
      edits.answer(text);
      answers.push({ messages, text });
    }
  } finally {
    await browser.dispose();
  }
  return answers;
}

/** Questions of one length, which differ in their first words. */
function question(number: number): PromptMessage {
  return user(`${number}. Question number ${number}: what is the colour of the sky above the sea on a fine day?`);
}

function user(content: string): PromptMessage {
  return { role: 'user', content };
}
