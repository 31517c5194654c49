import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ModelMemory, ModelRecord } from '../../src/models/model-record.ts';
import { smolLm2Path } from '../../tools/python-packages.ts';
import { randomGguf } from '../../tools/random-gguf.ts';
import type { Workbench } from './workbench.ts';

/** A GGUF that the workbench serves. */
export interface LlamaModel {
  readonly url: string;
  readonly sizeBytes: number;
  readonly record: ModelRecord;
}

/** SmolLM2 135M in Q4_1, 98 MB. */
export async function serveSmolLm2(bench: Workbench): Promise<LlamaModel> {
  return serve(bench, 'smollm2', await readFile(smolLm2Path()), { layers: 30, kvHeads: 3, headSize: 64 });
}

/** 3.5 MB: a load takes hardly more memory than llama.cpp and its context do. */
export async function serveToyGguf(bench: Workbench): Promise<LlamaModel> {
  return serve(bench, 'toy', await readFile(new URL('../../public/models/toy/toy-f32.gguf', import.meta.url)), {
    layers: 4,
    kvHeads: 2,
    headSize: 32,
  });
}

/** Noise with the shape of a model of 600 million parameters, 644 MB. */
export async function serveLargeGguf(bench: Workbench): Promise<LlamaModel> {
  const shape = { layers: 24, width: 1536, feedForwardWidth: 4096, heads: 24, kvHeads: 8 };
  const { layers, kvHeads, width, heads } = shape;
  return serve(bench, 'random', (await randomGguf(shape)).bytes, { layers, kvHeads, headSize: width / heads });
}

function serve(bench: Workbench, name: string, bytes: Buffer, shape: Omit<ModelMemory, 'kvLayers'>): LlamaModel {
  const path = `${name}.gguf`;
  bench.server.addFile(`llama/${path}`, bytes);
  const url = `${bench.server.origin}/llama/${path}`;
  const sizeBytes = bytes.length;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const record: ModelRecord = {
    id: `bench-${name}`,
    name,
    family: name,
    maker: 'bench',
    engine: 'wllama',
    quantization: 'GGUF',
    parameterCount: 135_000_000,
    contextWindow: 2048,
    sizeBytes,
    vramBytes: 0,
    memory: { ...shape, kvLayers: shape.layers },
    requiredFeatures: [],
    licence: { name: 'Apache-2.0', url: 'https://spdx.org/licenses/Apache-2.0.html' },
    source: { kind: 'files', revision: 'bench', files: [{ path, url, sizeBytes, sha256 }] },
  };
  return { url, sizeBytes, record };
}
