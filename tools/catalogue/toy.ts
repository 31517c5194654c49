import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { CatalogueFamily, CatalogueVariant } from './catalogue-json.ts';
import { noteOf } from './notes.ts';

const TOY_URL = 'models/toy/';
const MEBIBYTE = 1024 * 1024;

const isGguf = (name: string): boolean => name.endsWith('.gguf');

interface File {
  readonly path: string;
  readonly url: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** The toy model in public/models/toy, with the same weights for both engines. */
export function toyFamily(): CatalogueFamily {
  const directory = new URL(`../../public/${TOY_URL}`, import.meta.url);
  const files = readdirSync(directory)
    .sort()
    .map((name): File => {
      const bytes = readFileSync(new URL(name, directory));
      return { path: name, url: TOY_URL + name, sizeBytes: bytes.byteLength, sha256: sha256(bytes) };
    });
  const shared = {
    parameterCount: 870_000,
    trainedContextWindow: 2_048,
    memory: { layers: 4, kvHeads: 2, headSize: 32 },
    languages: ['en'],
    abilities: ['chat', 'thinking', 'tools'] as const,
    purpose: 'toy' as const,
    releasedOn: '2026-11',
    // A short skill: the others take longer.
    selfTest: { prompt: 'What colour is the sky?', expect: 'The sky is blue.' },
  };
  return {
    name: 'Toy',
    maker: 'Alcove',
    licence: 'mit',
    models: [
      {
        name: 'Toy, to try the app',
        modelKey: 'toy',
        ...shared,
        ...noteOf('toy'),
        variants: [
          {
            id: 'toy-q0f32-MLC',
            engine: 'webllm',
            quantization: 'q0f32',
            contextWindow: 2_048,
            // An estimate, rounded up: weights 3.5 MB, KV cache 4 MiB (4 layers × 2 × 2 heads × 32 × 4 bytes × 2,048
            // tokens), and activations.
            vramBytes: 64 * MEBIBYTE,
            source: sourceOf(files.filter((file) => !isGguf(file.path))),
          },
        ],
      },
      {
        name: 'Toy for llama.cpp',
        modelKey: 'toy',
        ...shared,
        ...noteOf('toy-llama-cpp'),
        variants: [
          {
            id: 'toy-f32-GGUF',
            engine: 'wllama',
            quantization: 'F32',
            contextWindow: 2_048,
            vramBytes: 64 * MEBIBYTE,
            source: sourceOf(files.filter((file) => isGguf(file.path))),
          },
        ],
      },
    ],
  };
}

function sourceOf(files: readonly File[]): CatalogueVariant['source'] {
  return { kind: 'files', revision: sha256(Buffer.from(files.map((file) => file.sha256).join('\n'))), files };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
