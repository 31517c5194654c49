import { prebuiltAppConfig, type ModelRecord as WebLlmRecord } from '@mlc-ai/web-llm';
import type { CatalogueVariant } from './catalogue-json.ts';
import type { Pins } from './pins.ts';

const HUB = 'https://huggingface.co/';
const MEBIBYTE = 1024 * 1024;
const QUANTIZATION = /-(q\d+f\d+(?:_\d+)?)-MLC/;
/** Reads the context window of embedding models, whose records lack it, from `…-ctx512_cs512_batch4-webgpu.wasm`. */
const CONTEXT = /-ctx(\d+)_/;

/** web-llm's records of one model: those whose id is `name`, a quantization, `-MLC` and an optional suffix. */
export function mlcVariants(name: string, pins: Pins): CatalogueVariant[] {
  return prebuiltAppConfig.model_list
    .filter((record) => mlcName(record) === name)
    .map((record) => toVariant(record, pins));
}

/** `Qwen3-0.6B` of `Qwen3-0.6B-q4f16_1-MLC`. */
export function mlcName({ model_id: id }: WebLlmRecord): string {
  return id.slice(0, id.search(QUANTIZATION));
}

function toVariant(known: WebLlmRecord, pins: Pins): CatalogueVariant {
  const { model_id: id, overrides, vram_required_MB: vramMb, buffer_size_required_bytes: bindingBytes } = known;
  const quantization = QUANTIZATION.exec(id)?.[1];
  const contextWindow = overrides?.context_window_size ?? Number(CONTEXT.exec(known.model_lib)?.[1]);
  if (quantization === undefined || vramMb === undefined || !(contextWindow > 0)) {
    throw new Error(`web-llm's record of ${id} lacks what the catalogue needs.`);
  }
  if (!known.model.startsWith(HUB)) throw new Error(`${id} is not on Hugging Face.`);
  const repo = known.model.slice(HUB.length);
  const listing = pins.repos[repo]?.listings['mlc'];
  const library = pins.libraries[known.model_lib];
  const features = (known.required_features ?? []).filter((feature) => feature !== 'shader-f16').sort();
  return {
    id,
    engine: 'webllm',
    quantization,
    contextWindow,
    vramBytes: Math.round(vramMb * MEBIBYTE),
    // shader-f16 follows from the quantization. web-llm 0.2.86 lists it for only some of the libraries that need it
    // (not for Llama 3.2 nor Qwen3), and the load then fails after the download.
    ...(features.length > 0 && {
      requiredFeatures: quantization.includes('f16') ? [...features, 'shader-f16'] : features,
    }),
    ...(bindingBytes !== undefined && { requiredBindingBytes: bindingBytes }),
    ...(listing !== undefined && library !== undefined && { sizeBytes: listing.sizeBytes + library.sizeBytes }),
    ...(overrides !== undefined && { overrides: { ...overrides } as Readonly<Record<string, number | string>> }),
    ...(known.model_manifest !== undefined && { modelManifest: known.model_manifest }),
    source: { kind: 'huggingface', repo, revision: 'main', library: { url: known.model_lib } },
  };
}
