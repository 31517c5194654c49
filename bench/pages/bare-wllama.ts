import { Wllama } from '@wllama/wllama/esm/index.js';
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import type { PromptMessage } from '../../src/engine/engine.ts';
import { ANSWER_TOKENS } from './shared/ask.ts';
import { measureDecode } from './shared/measure-decode.ts';
import { offer } from './shared/offer.ts';

export interface BareOptions {
  readonly action: 'store' | 'decode' | 'first-token' | 'load' | 'answers';
  readonly modelUrl: string;
  /** Default: wllama's own choice, half of the cores. */
  readonly threads?: number;
  readonly prompt: string;
  readonly maxTokens: number;
  /** For `answers`. */
  readonly prompts?: readonly (readonly PromptMessage[])[];
}

let wllama: Wllama | undefined;

/** wllama as its README shows it: its own worker, driven from the page, and its own cache in OPFS. The first call loads. */
offer(async ({ action, modelUrl, threads, prompt, maxTokens, prompts }: BareOptions) => {
  if (action === 'answers') return wholeAnswers(modelUrl, prompts ?? []);
  const start = performance.now();
  wllama ??= await load(modelUrl, threads === undefined ? {} : { n_threads: threads });
  if (action === 'store' || action === 'load') return {};
  const figures = await measureDecode(answer(wllama, prompt, action === 'first-token' ? 4 : maxTokens));
  return action === 'first-token' ? lastStart - start + figures.timeToFirstTokenMs : figures;
});

/** Texts after a whole prefill each, with the KV cache as Alcove sets it: the type of its keys changes the numbers. */
async function wholeAnswers(modelUrl: string, prompts: readonly (readonly PromptMessage[])[]): Promise<string[]> {
  wllama ??= await load(modelUrl, { n_parallel: 1, cache_type_k: 'q8_0', flash_attn: false });
  const texts: string[] = [];
  for (const messages of prompts) {
    const { choices } = await wllama.createChatCompletion({
      messages: messages.map(({ role, content }) => ({ role: role as 'user', content: String(content) })),
      temperature: 0,
      max_tokens: ANSWER_TOKENS,
      cache_prompt: false,
    });
    texts.push(choices[0]?.message.content ?? '');
  }
  return texts;
}

let lastStart = 0;

async function load(modelUrl: string, settings: Parameters<Wllama['loadModelFromUrl']>[1]): Promise<Wllama> {
  const made = new Wllama({ default: wasmUrl });
  await made.loadModelFromUrl(modelUrl, { n_ctx: 2048, ...settings });
  return made;
}

async function* answer(loaded: Wllama, prompt: string, maxTokens: number) {
  lastStart = performance.now();
  const chunks = await loaded.createChatCompletion({
    messages: [{ role: 'user', content: prompt }],
    stream: true,
    temperature: 0,
    max_tokens: maxTokens,
    ...{ stream_options: { include_usage: true } },
  });
  for await (const { choices, usage } of chunks) {
    yield { text: choices[0]?.delta.content ?? '', completionTokens: usage?.completion_tokens };
  }
}
