import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FaultServer, startFaultServer } from '../../e2e/support/fault-server.ts';
import type { RepoDefinition } from '../../e2e/support/fault-server-huggingface.ts';
import type { CatalogueJson, CatalogueVariant } from './catalogue-json.ts';
import { refreshPins } from './refresh.ts';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
let server: FaultServer;
let libraryUrl: string;

beforeAll(async () => {
  server = await startFaultServer();
  libraryUrl = `${server.origin}/pins/library.wasm?seed=9&size=2000`;
});
afterAll(() => server.close());

async function define(name: string, files: RepoDefinition['files']): Promise<void> {
  const body = JSON.stringify({ commit: COMMIT, files });
  await fetch(`${server.origin}/_repo/pins/${name}`, { method: 'POST', body });
}

function catalogueOf(...sources: CatalogueVariant['source'][]): CatalogueJson {
  const variants = sources.map(
    (source, index): CatalogueVariant => ({
      id: `v${index}`,
      engine: 'library' in source ? 'webllm' : 'wllama',
      quantization: 'q4f32_1',
      contextWindow: 1024,
      source,
    }),
  );
  const model = {
    name: 'M',
    parameterCount: 1,
    trainedContextWindow: 1024,
    abilities: [],
    releasedOn: '2026-01',
    variants,
  };
  const families = [{ name: 'F', maker: 'M', licence: 'mit', models: [model] }];
  return { version: 2, pins: 'catalogue-pins.json', licences: {}, families };
}

const mlc = (): CatalogueVariant['source'] => ({
  kind: 'huggingface',
  repo: 'owner/mlc',
  revision: 'main',
  library: { url: libraryUrl },
});
const gguf = (files: string): CatalogueVariant['source'] => ({
  kind: 'huggingface',
  repo: 'owner/gguf',
  revision: 'main',
  files,
});

it('pins each repository to its commit, with size and hash of what an engine reads there, and each library', async () => {
  await define('owner/mlc', [
    { path: 'README.md', seed: 1, size: 10, lfs: false },
    { path: 'mlc-chat-config.json', seed: 2, size: 20, lfs: false },
    { path: 'params_shard_0.bin', seed: 3, size: 300, lfs: true },
    { path: 'tensor-cache.json', seed: 4, size: 40, lfs: false },
  ]);
  await define('owner/gguf', [
    { path: 'n-Q4_K_M.gguf', seed: 5, size: 500, lfs: true },
    { path: 'n-Q8_0.gguf', seed: 6, size: 600, lfs: true },
  ]);
  const { pins, problems } = await refreshPins(
    catalogueOf(mlc(), gguf('*Q4_K_M*.gguf'), gguf('*Q8_0*.gguf')),
    { repos: {}, libraries: {} },
    { huggingFaceUrl: `${server.origin}/pins/huggingface` },
  );
  expect(problems).toEqual([]);
  expect(pins.repos['owner/mlc']).toMatchObject({ revision: COMMIT, listings: { mlc: { sizeBytes: 360 } } });
  expect(pins.repos['owner/gguf']?.listings).toMatchObject({
    '*Q4_K_M*.gguf': { sizeBytes: 500 },
    '*Q8_0*.gguf': { sizeBytes: 600 },
  });
  expect(pins.repos['owner/gguf']?.listings['*Q8_0*.gguf']?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(pins.libraries[libraryUrl]).toMatchObject({
    sizeBytes: 2000,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

it('keeps the pin of a repository that does not answer, and says which', async () => {
  const before = { repos: { 'owner/gone': { revision: 'abc', listings: {} } }, libraries: {} };
  const gone = { ...gguf('*.gguf'), repo: 'owner/gone' } as CatalogueVariant['source'];
  const { pins, problems } = await refreshPins(catalogueOf(gone), before, {
    huggingFaceUrl: `${server.origin}/pins/huggingface`,
  });
  expect(pins).toEqual(before);
  expect(problems.join()).toMatch(/^owner\/gone: /);
});

it('says of a pattern that means no file or two models that it pins nothing', async () => {
  const { pins, problems } = await refreshPins(
    catalogueOf(gguf('*.gguf')),
    { repos: {}, libraries: {} },
    {
      huggingFaceUrl: `${server.origin}/pins/huggingface`,
    },
  );
  expect(pins.repos).toEqual({});
  expect(problems).toHaveLength(1);
});
