import { Wllama } from '@wllama/wllama/esm/index.js';
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import { measureDecode } from './shared/measure-decode.ts';
import { offer } from './shared/offer.ts';

export interface BareOptions {
  readonly action: 'store' | 'decode' | 'first-token' | 'load';
  readonly modelUrl: string;
  /** Default: wllama's own choice, half of the cores. */
  readonly threads?: number;
  readonly prompt: string;
  readonly maxTokens: number;
}

let wllama: Wllama | undefined;

/** wllama as its README shows it: its own worker, driven from the page, and its own cache in OPFS. The first call loads. */
offer(async ({ action, modelUrl, threads, prompt, maxTokens }: BareOptions) => {
  const start = performance.now();
  wllama ??= await load(modelUrl, threads);
  if (action === 'store' || action === 'load') return {};
  const figures = await measureDecode(answer(wllama, prompt, action === 'first-token' ? 4 : maxTokens));
  return action === 'first-token' ? lastStart - start + figures.timeToFirstTokenMs : figures;
});

let lastStart = 0;

async function load(modelUrl: string, threads: number | undefined): Promise<Wllama> {
  const made = new Wllama({ default: wasmUrl });
  await made.loadModelFromUrl(modelUrl, { n_ctx: 2048, ...(threads !== undefined && { n_threads: threads }) });
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
