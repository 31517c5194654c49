import { CreateWebWorkerMLCEngine, type WebWorkerMLCEngine } from '@mlc-ai/web-llm';
import type { PromptMessage } from '../../src/engine/engine.ts';
import { ANSWER_TOKENS } from './shared/ask.ts';
import { offer } from './shared/offer.ts';

let engine: WebWorkerMLCEngine | undefined;

/** Bare web-llm's texts, each after a whole prefill. The first call loads. */
offer(
  async ({
    modelUrl,
    prompts,
  }: {
    readonly modelUrl: string;
    readonly prompts: readonly (readonly PromptMessage[])[];
  }) => {
    engine ??= await CreateWebWorkerMLCEngine(
      new Worker(new URL('./worker/web-llm-engine.ts', import.meta.url), { type: 'module' }),
      'bench',
      { appConfig: { model_list: [{ model: modelUrl, model_id: 'bench', model_lib: `${modelUrl}library.wasm` }] } },
    );
    const texts: string[] = [];
    for (const messages of prompts) {
      await engine.resetChat();
      const { choices } = await engine.chat.completions.create({
        messages: messages.map(({ role, content }) => ({ role: role as 'user', content: String(content) })),
        temperature: 0,
        max_tokens: ANSWER_TOKENS,
      });
      texts.push(choices[0]?.message.content ?? '');
    }
    return texts;
  },
);
