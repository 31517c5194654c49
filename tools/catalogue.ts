/**
 * Writes public/catalogue.json: the toy from public/models/toy, then the models of catalogue-models.ts with what
 * web-llm's configuration says about them. Run it after either changes: `npm run catalogue`.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { prebuiltAppConfig, type ModelRecord as WebLlmRecord } from '@mlc-ai/web-llm';
import type { Catalogue, ModelFile, ModelRecord } from '../src/models/model-record.ts';
import { FAMILIES, type Family } from './catalogue-models.ts';

const HUB = 'https://huggingface.co/';
const MEBIBYTE = 1024 * 1024;

const TOY_URL = 'models/toy/';
const isGguf = (name: string): boolean => name.endsWith('.gguf');

export const CATALOGUE_FILE = fileURLToPath(new URL('../public/catalogue.json', import.meta.url));

export function buildCatalogue(): Catalogue & { readonly version: 1 } {
  return { version: 1, models: [...toyRecords(), ...FAMILIES.flatMap(recordsOf)] };
}

export function catalogueText(): string {
  return `${JSON.stringify(buildCatalogue(), undefined, 2)}\n`;
}

/** The same weights for both engines. */
function toyRecords(): ModelRecord[] {
  const directory = new URL(`../public/${TOY_URL}`, import.meta.url);
  const files = readdirSync(directory)
    .sort()
    .map((name): ModelFile => {
      const bytes = readFileSync(new URL(name, directory));
      return { path: name, url: TOY_URL + name, sizeBytes: bytes.byteLength, sha256: sha256(bytes) };
    });
  const mlc = toyRecord(files.filter((file) => !isGguf(file.path)));
  return [
    mlc,
    {
      ...mlc,
      ...ofFiles(files.filter((file) => isGguf(file.path))),
      id: 'toy-f32-GGUF',
      name: 'Toy for llama.cpp',
      engine: 'wllama',
      quantization: 'F32',
      vramBytes: 0,
      note: 'The same toy for the other engine, llama.cpp, which also runs without a graphics card.',
    },
  ];
}

function toyRecord(files: readonly ModelFile[]): ModelRecord {
  return {
    id: 'toy-q0f32-MLC',
    modelKey: 'toy',
    name: 'Toy, to try the app',
    family: 'Toy',
    maker: 'Alcove',
    engine: 'webllm',
    quantization: 'q0f32',
    parameterCount: 870_000,
    contextWindow: 2048,
    // An estimate, rounded up: weights 3.5 MB, KV cache 4 MiB (4 layers × 2 × 2 heads × 32 × 4 bytes × 2048 tokens),
    // and activations.
    vramBytes: 64 * MEBIBYTE,
    requiredFeatures: [],
    licence: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    ...ofFiles(files),
    // A short one: the other skills take longer.
    selfTest: { prompt: 'What colour is the sky?', expect: 'The sky is blue.' },
    note: 'A toy of 0.87 million parameters, taught a few set phrases, to see how Alcove works. It knows nothing else.',
  };
}

function ofFiles(files: readonly ModelFile[]): Pick<ModelRecord, 'sizeBytes' | 'source'> {
  return {
    sizeBytes: files.reduce((total, file) => total + file.sizeBytes, 0),
    source: { kind: 'files', revision: sha256(Buffer.from(files.map((file) => file.sha256).join('\n'))), files },
  };
}

function recordsOf(family: Family): ModelRecord[] {
  return family.ids.map((id) => {
    const found = prebuiltAppConfig.model_list.find((record) => record.model_id === id);
    if (found === undefined) throw new Error(`web-llm does not know ${id}.`);
    return hostedRecord(family, found);
  });
}

function hostedRecord(family: Family, known: WebLlmRecord): ModelRecord {
  const { model_id: id, overrides, vram_required_MB: vramMb, buffer_size_required_bytes: bindingBytes } = known;
  const quantization = /q\d+f\d+(?:_\d+)?/.exec(id)?.[0];
  const contextWindow = overrides?.context_window_size;
  if (quantization === undefined || vramMb === undefined || contextWindow === undefined) {
    throw new Error(`web-llm's record of ${id} lacks what the catalogue needs.`);
  }
  if (!known.model.startsWith(HUB)) throw new Error(`${id} is not on Hugging Face.`);
  return {
    id,
    name: family.name,
    family: family.family,
    maker: family.maker,
    engine: 'webllm',
    quantization,
    parameterCount: family.parameterCount,
    contextWindow,
    vramBytes: Math.round(vramMb * MEBIBYTE),
    requiredFeatures: requiredFeatures(known, quantization),
    ...(bindingBytes === undefined ? {} : { requiredBindingBytes: bindingBytes }),
    licence: family.licence,
    source: {
      kind: 'huggingface',
      repo: known.model.slice(HUB.length),
      revision: 'main',
      library: { url: known.model_lib },
    },
    overrides: { ...overrides } as Readonly<Record<string, number | string>>,
    ...(family.note === undefined ? {} : { note: family.note }),
  };
}

/**
 * Activations in f16 need shader-f16: every such library says `enable f16`. web-llm 0.2.86 lists the feature for only
 * some of them (not for Llama 3.2 nor Qwen3), and the load then fails after the download.
 */
function requiredFeatures(known: WebLlmRecord, quantization: string): string[] {
  const features = new Set(known.required_features ?? []);
  if (quantization.includes('f16')) features.add('shader-f16');
  return [...features].sort();
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(CATALOGUE_FILE, catalogueText());
