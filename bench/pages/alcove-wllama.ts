import { Downloader } from '../../src/download/downloader.ts';
import type { GenerateEvent, PromptMessage } from '../../src/engine/engine.ts';
import { WllamaEngine } from '../../src/engine/wllama/wllama-engine.ts';
import type { ModelRecord } from '../../src/models/model-record.ts';
import { ask, readAhead } from './shared/ask.ts';
import { downloadModel } from './shared/download-model.ts';
import { measureDecode } from './shared/measure-decode.ts';
import { offer } from './shared/offer.ts';
import { answerParts, takeTurns } from './shared/take-turns.ts';

export type LlamaOptions =
  | { readonly action: 'store' | 'load'; readonly record: ModelRecord }
  | { readonly action: 'unload' }
  | { readonly action: 'decode'; readonly prompt: string; readonly maxTokens: number }
  /** A chat of so many turns; gives each one's time to its first token, ms. */
  | { readonly action: 'turns'; readonly turns: number; readonly text: string; readonly maxTokens: number }
  | { readonly action: 'ask'; readonly messages: readonly PromptMessage[] }
  | { readonly action: 'read-ahead'; readonly messages: readonly PromptMessage[]; readonly typingMs: number }
  /** From the loaded page to the first token, ms. */
  | { readonly action: 'first-token'; readonly record: ModelRecord; readonly prompt: string };

const storeName = 'bench-weights';
const engine = new WllamaEngine({ storeName });
const { signal } = new AbortController();

/** The model of the last `store` or `load`, which the later calls name. */
let record: ModelRecord | undefined;

function measured(): ModelRecord {
  if (record === undefined) throw new Error('nothing was stored or loaded');
  return record;
}

/** Our engine on llama.cpp, without the app. */
offer(async (options: LlamaOptions) => {
  switch (options.action) {
    case 'store': {
      const downloader = new Downloader({ databaseName: storeName, baseUrl: location.href });
      await downloadModel(downloader, options.record);
      downloader.dispose();
      return {};
    }
    case 'load':
      record = options.record;
      for await (const progress of engine.load({ model: options.record }, signal)) void progress;
      return engine.loadReport;
    case 'unload':
      await engine.unload();
      return {};
    case 'decode':
      return measureDecode(answerParts(answer([{ role: 'user', content: options.prompt }], options.maxTokens)));
    case 'first-token': {
      record = options.record;
      const start = performance.now();
      for await (const progress of engine.load({ model: options.record }, signal)) void progress;
      for await (const event of answer([{ role: 'user', content: options.prompt }], 4)) {
        if (event.type === 'text-delta') break;
      }
      return performance.now() - start;
    }
    case 'turns':
      return takeTurns(engine, measured(), options);
    case 'ask':
      return ask(engine, measured(), options.messages);
    case 'read-ahead':
      await readAhead(engine, measured(), options);
      return {};
  }
});

function answer(messages: readonly PromptMessage[], maxTokens: number): AsyncIterable<GenerateEvent> {
  return engine.generate({ model: measured(), messages, sampling: { temperature: 0, maxTokens } }, signal);
}
