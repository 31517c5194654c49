import { Downloader } from '../../src/download/downloader.ts';
import { runBenchmark } from '../../src/engine/benchmark/run-benchmark.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { probeDevice } from '../../src/engine/probe-device.ts';
import { WebLlmEngine } from '../../src/engine/webllm/webllm-engine.ts';
import { WllamaEngine } from '../../src/engine/wllama/wllama-engine.ts';
import type { ModelRecord } from '../../src/models/model-record.ts';
import { downloadModel } from './shared/download-model.ts';
import { offer } from './shared/offer.ts';

/** web-llm on the GPU; llama.cpp on one thread or on all. */
export type CalibrationBackend = 'gpu' | 'single' | 'threads';

export type CalibrateOptions =
  | { readonly action: 'benchmark' }
  | { readonly action: 'load' | 'unload'; readonly record: ModelRecord; readonly backend: CalibrationBackend }
  | {
      readonly action: 'decode';
      readonly record: ModelRecord;
      readonly backend: CalibrationBackend;
      readonly maxTokens: number;
    };

const storeName = 'calibrate-weights';
const engines: Readonly<Record<CalibrationBackend, Engine>> = {
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
      const loading = engines[options.backend].load({ model: options.record }, new AbortController().signal);
      for await (const progress of loading) void progress;
      return {};
    }
    case 'unload':
      await engines[options.backend].unload();
      return {};
    case 'decode':
      return { tokensPerSecond: await decodeRate(engines[options.backend], options.record, options.maxTokens) };
  }
});

/**
 * Compares a long answer with a short one to the same prompt: the time before the first token is the same. Counts tokens and not
 * text, because noise models write parts of characters.
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
