import { Downloader } from '../../src/download/downloader.ts';
import { runBenchmark } from '../../src/engine/benchmark/run-benchmark.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { probeDevice } from '../../src/engine/probe-device.ts';
import { WebLlmEngine } from '../../src/engine/webllm/webllm-engine.ts';
import { WllamaEngine } from '../../src/engine/wllama/wllama-engine.ts';
import type { ModelRecord } from '../../src/models/model-record.ts';
import { downloadModel } from './shared/download-model.ts';
import { measureDecode } from './shared/measure-decode.ts';
import { offer } from './shared/offer.ts';

export type CalibrateOptions =
  | { readonly action: 'benchmark' }
  | { readonly action: 'load'; readonly record: ModelRecord }
  | { readonly action: 'decode'; readonly record: ModelRecord; readonly maxTokens: number };

const storeName = 'calibrate-weights';
const engines: Readonly<Record<string, Engine>> = {
  webllm: new WebLlmEngine({ storeName }),
  // One thread: several wait for each other at every step, and on a machine that others use as well that is what is measured.
  wllama: new WllamaEngine({ storeName, rung: 'single' }),
};

offer(async (options: CalibrateOptions) => {
  switch (options.action) {
    case 'benchmark':
      return { device: await probeDevice(), benchmark: await runBenchmark() };
    case 'load': {
      const downloader = new Downloader({ databaseName: storeName, baseUrl: location.href });
      await downloadModel(downloader, options.record);
      downloader.dispose();
      for await (const progress of engineOf(options.record).load(options.record, new AbortController().signal))
        void progress;
      return {};
    }
    case 'decode':
      return measureDecode(answer(options.record, options.maxTokens));
  }
});

function engineOf({ engine }: ModelRecord): Engine {
  const found = engines[engine];
  if (found === undefined) throw new Error(`no ${engine}`);
  return found;
}

async function* answer(record: ModelRecord, maxTokens: number) {
  const messages = [{ role: 'user' as const, content: 'Tell me a long story.' }];
  const request = { messages, sampling: { temperature: 0, maxTokens } };
  for await (const event of engineOf(record).generate(request, new AbortController().signal)) {
    if (event.type === 'text-delta') yield { text: event.text, completionTokens: undefined };
    if (event.type === 'usage') yield { text: '', completionTokens: event.usage.completionTokens };
  }
}
