import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { prebuiltAppConfig } from '@mlc-ai/web-llm';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { parseCatalogue } from '../../src/models/catalogue/catalogue.ts';
import { kvBytesPerToken } from '../../src/models/fit/memory.ts';
import { type ModelRecord, modelKeyOf } from '../../src/models/model-record.ts';
import { PINS_FILE } from './pins.ts';
import { CATALOGUE_FILE, shippedText } from './write.ts';

const BASE = 'https://site.example/catalogue.json';
const shipped = readFileSync(CATALOGUE_FILE, 'utf8');
const { models } = parseCatalogue(JSON.parse(shipped), BASE);
const byId = new Map(models.map((model) => [model.id, model]));

it('ships what the tool writes', () => {
  expect(shipped).toBe(shippedText());
});

it('has each of web-llm’s records, with its memory, context window, library and repository', () => {
  const { model_list: known } = prebuiltAppConfig;
  expect(known).toHaveLength(165);
  for (const record of known) {
    const ours = byId.get(record.model_id);
    expect(ours?.engine, record.model_id).toBe('webllm');
    expect(ours?.vramBytes).toBe(Math.round((record.vram_required_MB ?? 0) * 1024 * 1024));
    expect(ours?.contextWindow).toBe(record.overrides?.context_window_size ?? 512);
    expect(ours?.modelManifest).toBe(record.model_manifest);
    const source = ours?.source.kind === 'huggingface' ? ours.source : undefined;
    expect(source?.library?.url).toBe(record.model_lib);
    expect(`https://huggingface.co/${source?.repo}`).toBe(record.model);
  }
});

it('has the families that people ask for, each with what runs in a browser or plainly for a server', () => {
  const enginesOf = (family: string): Set<string> =>
    new Set(models.filter((model) => model.family === family).map(({ engine }) => engine));
  for (const family of [
    'Qwen3.5',
    'Llama 3.2',
    'Ministral 3',
    'DeepSeek',
    'Gemma 3',
    'Phi',
    'SmolLM2',
    'OLMo 2',
    'Hermes',
  ]) {
    expect([...enginesOf(family)], family).toEqual(expect.arrayContaining(['webllm', 'wllama']));
  }
  for (const family of ['Qwen3.5', 'Llama 4', 'Mistral', 'DeepSeek'])
    expect([...enginesOf(family)]).toContain('server');
  for (const name of ['Llama 4 Scout', 'Mistral Large 3', 'DeepSeek V3']) {
    expect(models.filter((model) => model.name === name).map(({ engine }) => engine)).toEqual(['server']);
  }
});

it('says of each model its licence and what that forbids, its abilities, its date and its context windows', () => {
  for (const model of models) {
    expect(model.licence.forbids, model.id).toMatch(/^\p{Lu}.*\.$/u);
    expect(model.abilities, model.id).toBeDefined();
    expect(model.releasedOn, model.id).toBeDefined();
    expect(model.trainedContextWindow, model.id).toBeGreaterThanOrEqual(model.contextWindow);
  }
});

it('groups the variants of one model over the engines', () => {
  const enginesOf = (key: string) => models.filter((model) => modelKeyOf(model) === key).map(({ engine }) => engine);
  expect(enginesOf('Qwen3.5 2B')).toEqual(expect.arrayContaining(['webllm', 'wllama']));
  expect(enginesOf('toy')).toEqual(['webllm', 'wllama']);
});

it('costs at most 15 KB gzipped on the first screen', () => {
  expect(gzipSync(shipped, { level: 9 }).byteLength).toBeLessThanOrEqual(15_000);
});

it('lists the toy with the sizes and hashes of its files', () => {
  for (const id of ['toy-q0f32-MLC', 'toy-f32-GGUF']) {
    const source = byId.get(id)?.source;
    if (source?.kind !== 'files') throw new Error('The toy lists its files.');
    for (const file of source.files) {
      const bytes = readFileSync(new URL(`../../public/models/toy/${file.path}`, import.meta.url));
      expect(file.sizeBytes, file.path).toBe(bytes.byteLength);
      expect(file.sha256, file.path).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  }
});

it('asks for shader-f16 exactly where the activations of web-llm are 16-bit', () => {
  for (const model of models.filter(({ engine }) => engine === 'webllm')) {
    expect(model.requiredFeatures.includes('shader-f16'), model.id).toBe(model.quantization.includes('f16'));
  }
});

it('keeps the schema of docs/, and pins that can be read', () => {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  const schema = JSON.parse(
    readFileSync(new URL('../../docs/catalogue.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const validate = ajv.compile(schema);
  expect(validate(JSON.parse(shipped)), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  expect(validate({ ...JSON.parse(shipped), families: [{ name: 'x' }] })).toBe(false);
  expect(JSON.parse(readFileSync(PINS_FILE, 'utf8'))).toHaveProperty('repos');
});

/**
 * For some models web-llm gives the memory with a context window of 4,096 and of 1,024 tokens: the difference, 3,072 tokens, is
 * the KV cache and other memory that grows with the context.
 */
function growthPerToken(long: ModelRecord, short: ModelRecord): number {
  return (long.vramBytes - short.vramBytes) / (long.contextWindow - short.contextWindow);
}

it('computes a KV cache that agrees with what web-llm says where it says it for two context windows', () => {
  const pairs = models.flatMap((short) => {
    const long = short.id.endsWith('-MLC-1k') ? byId.get(short.id.slice(0, -3)) : undefined;
    const ours = long === undefined ? undefined : kvBytesPerToken(long);
    return long === undefined || ours === undefined ? [] : [{ id: long.id, ratio: growthPerToken(long, short) / ours }];
  });
  expect(pairs.length).toBeGreaterThan(15);
  const report = pairs.map(({ id, ratio }) => `${id} ${ratio.toFixed(2)}`).join('\n');
  // Not all of web-llm's figures are measured: some have one number for both windows (ratio 0), Gemma 2's grow less.
  const agreeing = pairs.filter(({ ratio }) => ratio > 0.9 && ratio < 1.35);
  expect(agreeing.length / pairs.length, report).toBeGreaterThan(0.6);
});

it('computes weights that are never more than what web-llm says the whole takes, and never less than a third', () => {
  for (const model of models.filter(({ engine, abilities }) => engine === 'webllm' && abilities?.includes('chat'))) {
    const kv = (kvBytesPerToken(model) ?? 0) * model.contextWindow;
    const bits = { q0f16: 16, q0f32: 32, q3f16_1: 3.6, q4f16_1: 4.5, q4f32_1: 5 }[model.quantization] ?? 0;
    const whole = (model.parameterCount * bits) / 8 + kv;
    expect(whole / model.vramBytes, model.id).toBeLessThan(1.3);
    if (model.purpose !== 'toy') expect(whole / model.vramBytes, model.id).toBeGreaterThan(0.25);
  }
});
