import { Downloader } from '../../src/download/downloader.ts';
import { runBenchmark } from '../../src/engine/benchmark/run-benchmark.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { probeDevice } from '../../src/engine/probe-device.ts';
import { WebLlmEngine } from '../../src/engine/webllm/webllm-engine.ts';
import { WllamaEngine } from '../../src/engine/wllama/wllama-engine.ts';
import type { ModelRecord } from '../../src/models/model-record.ts';
import { downloadModel } from './shared/download-model.ts';
import { offer } from './shared/offer.ts';

/** web-llm on the graphics card; llama.cpp on one thread, or on all. */
export type CalibrateWay = 'gpu' | 'single' | 'threads';

export type CalibrateOptions =
  | { readonly action: 'benchmark' }
  | { readonly action: 'load' | 'unload'; readonly record: ModelRecord; readonly way: CalibrateWay }
  | {
      readonly action: 'decode';
      readonly record: ModelRecord;
      readonly way: CalibrateWay;
      readonly maxTokens: number;
    };

const storeName = 'calibrate-weights';
const engines: Readonly<Record<CalibrateWay, Engine>> = {
  gpu: new WebLlmEngine({ storeName }),
  single: new WllamaEngine({ storeName, backend: { kind: 'single' } }),
  threads: new WllamaEngine({ storeName, backend: { kind: 'threads' } }),
};

offer(async (options: CalibrateOptions) => {
  switch (options.action) {
    case 'benchmark':
      return { device: await probeDevice(), benchmark: await runBenchmark() };
    case 'load': {
      const downloader = new Downloader({ databaseName: storeName, baseUrl: location.href });
      await downloadModel(downloader, options.record);
      downloader.dispose();
      const loading = engines[options.way].load({ model: options.record }, new AbortController().signal);
      for await (const progress of loading) void progress;
      return {};
    }
    case 'unload':
      await engines[options.way].unload();
      return {};
    case 'decode':
      return { tokensPerSecond: await decodeRate(engines[options.way], options.record, options.maxTokens) };
  }
});

/**
 * From a long and a short answer to the same prompt: what comes before the first token is the same. By tokens and not by
 * text, which models of noise write in pieces of letters.
 */
async function decodeRate(engine: Engine, model: ModelRecord, maxTokens: number): Promise<number> {
  const short = await timeAnswer(engine, model, 2);
  const long = await timeAnswer(engine, model, maxTokens);
  return ((long.tokens - short.tokens) * 1000) / (long.tookMs - short.tookMs);
}

async function timeAnswer(
  engine: Engine,
  model: ModelRecord,
  maxTokens: number,
): Promise<{ tokens: number; tookMs: number }> {
  const messages = [{ role: 'user' as const, content: 'Tell me a long story.' }];
  const startedAt = performance.now();
  let tokens = 0;
  for await (const event of engine.generate(
    { model, messages, sampling: { temperature: 0, maxTokens } },
    new AbortController().signal,
  )) {
    if (event.type === 'usage') tokens = event.usage.completionTokens;
  }
  return { tokens, tookMs: performance.now() - startedAt };
}
