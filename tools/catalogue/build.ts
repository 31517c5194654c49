import { listingKey } from '../../src/download/pinned-revisions.ts';
import type { CatalogueFamily, CatalogueJson, CatalogueModel, CatalogueVariant } from './catalogue-json.ts';
import { LLAMA_FAMILIES } from './families-llama.ts';
import { MISTRAL_DEEPSEEK_FAMILIES } from './families-mistral-deepseek.ts';
import { OTHER_FAMILIES } from './families-others.ts';
import { QWEN_FAMILIES } from './families-qwen.ts';
import type { Family, Gguf, Model } from './family.ts';
import { LICENCES } from './licences.ts';
import { mlcVariants } from './mlc-variants.ts';
import type { Pins } from './pins.ts';
import { toyFamily } from './toy.ts';

/** Context window of GGUFs that were trained with as many tokens: a chat of some 30 pages. */
const GGUF_CONTEXT_WINDOW = 8_192;

export const FAMILIES: readonly Family[] = [
  ...QWEN_FAMILIES,
  ...LLAMA_FAMILIES,
  ...MISTRAL_DEEPSEEK_FAMILIES,
  ...OTHER_FAMILIES,
];

export function buildCatalogue(pins: Pins): CatalogueJson {
  return {
    version: 2,
    pins: 'catalogue-pins.json',
    licences: LICENCES,
    families: [toyFamily(), ...FAMILIES.map((family) => buildFamily(family, pins))],
  };
}

function buildFamily(family: Family, pins: Pins): CatalogueFamily {
  return { ...family, models: family.models.map((model) => buildModel(model, pins)) };
}

function buildModel(model: Model, pins: Pins): CatalogueModel {
  const { mlc, ggufs, server, ...said } = model;
  const variants = [
    ...(mlc === undefined ? [] : mlcVariants(mlc, pins)),
    ...(ggufs ?? []).map((file) => ggufVariant(model, file, pins)),
    ...(server === undefined ? [] : [serverVariant(model)]),
  ];
  if (variants.length === 0) throw new Error(`${model.name} has no variant.`);
  return { ...said, variants };
}

function ggufVariant(
  model: Model,
  { repo, quantization, files = `*${quantization}*.gguf`, projector, imageTokens, ...file }: Gguf,
  pins: Pins,
): CatalogueVariant {
  const source = { files, ...(projector !== undefined && { projector }) };
  const { sizeBytes } = pins.repos[repo]?.listings[listingKey(source)] ?? file;
  const name = repo.slice(repo.indexOf('/') + 1).replace(/-gguf$/i, '');
  return {
    id: `${name}-${quantization}-GGUF`,
    engine: 'wllama',
    quantization,
    contextWindow: Math.min(GGUF_CONTEXT_WINDOW, model.trainedContextWindow),
    ...(sizeBytes !== undefined && { sizeBytes }),
    ...(imageTokens !== undefined && { imageTokens }),
    source: { kind: 'huggingface', repo, revision: 'main', ...source },
  };
}

function serverVariant(model: Model): CatalogueVariant {
  return {
    id: `${model.url.slice(model.url.lastIndexOf('/') + 1)}-server`,
    engine: 'server',
    quantization: 'any',
    contextWindow: model.trainedContextWindow,
    source: { kind: 'server' },
  };
}
