import { CreateWebWorkerMLCEngine } from '@mlc-ai/web-llm';
import { type DecodeOptions, measureDecode } from './shared/measure-decode.ts';
import { offer } from './shared/offer.ts';

type Engine = Awaited<ReturnType<typeof CreateWebWorkerMLCEngine>>;
let engine: Engine | undefined;

/** web-llm as its README shows it: its own worker, cache and proxy. The first call loads. */
offer(async ({ modelUrl, libraryUrl, prompt, maxTokens }: DecodeOptions) => {
  engine ??= await CreateWebWorkerMLCEngine(
    new Worker(new URL('./worker/web-llm-engine.ts', import.meta.url), { type: 'module' }),
    'bench',
    { appConfig: { model_list: [{ model: modelUrl, model_id: 'bench', model_lib: libraryUrl }] } },
  );
  return measureDecode(answer(engine, prompt, maxTokens));
});

async function* answer(loaded: Engine, prompt: string, maxTokens: number) {
  const chunks = await loaded.chat.completions.create({
    messages: [{ role: 'user', content: prompt }],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0,
    max_tokens: maxTokens,
  });
  for await (const { choices, usage } of chunks) {
    yield { text: choices[0]?.delta.content ?? '', completionTokens: usage?.completion_tokens };
  }
}
