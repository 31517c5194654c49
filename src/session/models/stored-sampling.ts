import { readSampling } from '../../chat/settings/setting-limits.ts';
import type { Sampling } from '../../engine/engine.ts';
import { field } from '../../platform/untrusted-json.ts';
import type { WeightStore } from '../../storage/weights/weight-store.ts';

/** Where models for web-llm say how they are sampled. */
const CONFIG = 'mlc-chat-config.json';

/**
 * What the model's own files say about sampling, which holds before it is loaded too.
 * @returns undefined for a model without such a file
 */
export async function storedSampling(store: WeightStore, modelId: string): Promise<Sampling | undefined> {
  const file = await store.readFile(modelId, CONFIG);
  if (file === undefined) return undefined;
  const config: unknown = JSON.parse(await file.text());
  return readSampling({
    temperature: field(config, 'temperature'),
    // web-llm's defaults where the file has none.
    topP: field(config, 'top_p') ?? 1,
    repeatPenalty: field(config, 'repetition_penalty') ?? 1,
    frequencyPenalty: field(config, 'frequency_penalty') ?? 0,
    presencePenalty: field(config, 'presence_penalty') ?? 0,
  });
}
