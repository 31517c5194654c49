import { Downloader } from '../../src/download/downloader.ts';
import type { PromptMessage } from '../../src/engine/engine.ts';
import { WebLlmEngine } from '../../src/engine/webllm/webllm-engine.ts';
import type { ModelRecord } from '../../src/models/model-record.ts';
import { ask, readAhead } from './shared/ask.ts';
import { downloadModel } from './shared/download-model.ts';
import { measureDecode } from './shared/measure-decode.ts';
import { offer } from './shared/offer.ts';
import { answerParts, takeTurns } from './shared/take-turns.ts';

export type AlcoveEngineOptions =
  | { readonly action: 'store' | 'load'; readonly record: ModelRecord }
  | { readonly action: 'decode'; readonly prompt: string; readonly maxTokens: number }
  | { readonly action: 'turns'; readonly turns: number; readonly text: string; readonly maxTokens: number }
  | { readonly action: 'ask'; readonly messages: readonly PromptMessage[] }
  | { readonly action: 'read-ahead'; readonly messages: readonly PromptMessage[]; readonly typingMs: number };

const storeName = 'bench-weights';
const engine = new WebLlmEngine({ storeName });

/** The model of the last `store` or `load`, which the later calls name. */
let record: ModelRecord | undefined;

function measured(): ModelRecord {
  if (record === undefined) throw new Error('nothing was stored or loaded');
  return record;
}

/** Our engine on web-llm, without the app. */
offer(async (options: AlcoveEngineOptions) => {
  switch (options.action) {
    case 'store': {
      const downloader = new Downloader({ databaseName: storeName, baseUrl: location.href });
      await downloadModel(downloader, options.record);
      downloader.dispose();
      return {};
    }
    case 'load':
      record = options.record;
      for await (const progress of engine.load({ model: options.record }, new AbortController().signal)) void progress;
      return engine.loadReport;
    case 'decode':
      return measureDecode(answer(options.prompt, options.maxTokens));
    case 'turns':
      return takeTurns(engine, measured(), options);
    case 'ask':
      return ask(engine, measured(), options.messages);
    case 'read-ahead':
      await readAhead(engine, measured(), options);
      return {};
  }
});

function answer(prompt: string, maxTokens: number) {
  const request = { messages: [{ role: 'user' as const, content: prompt }], sampling: { temperature: 0, maxTokens } };
  return answerParts(engine.generate({ model: measured(), ...request }, new AbortController().signal));
}
