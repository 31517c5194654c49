import { expect, test } from 'vitest';
import type { ModelRecord, ModelSource } from '../model-record.ts';
import { madeUpRecord } from '../testing/made-up.ts';
import { isOfSource, type StoredSource } from './same-source.ts';

const HASH = 'a'.repeat(64);
const LIBRARIES = 'https://raw.githubusercontent.com/mlc-ai/binary-mlc-llm-libs/main';

function listed(source: ModelSource): ModelRecord {
  return madeUpRecord({ source });
}

/** What a source's plan stores. */
function stored(source: ModelSource, changes: Readonly<Record<string, Partial<StoredSource['files'][number]>>> = {}) {
  const files = source.kind === 'files' || source.kind === 'url' ? [...source.files] : [];
  const library = source.kind === 'huggingface' && source.library;
  const all = library ? [{ path: 'library.wasm', ...library }] : files;
  return {
    record: listed(source),
    files: all.map(({ path, url, ...rest }) => {
      const sha256 = 'sha256' in rest ? rest.sha256 : undefined;
      return { path, url, sha256, ...changes[path] };
    }),
  };
}

const FILES = {
  kind: 'files',
  revision: '1',
  files: [
    { path: 'params_shard_0.bin', url: 'https://good.test/m/a/params_shard_0.bin', sizeBytes: 1, sha256: HASH },
    { path: 'library.wasm', url: 'https://good.test/m/a/library.wasm', sizeBytes: 1, sha256: HASH },
  ],
} as const satisfies ModelSource;

const REPOSITORY = {
  kind: 'huggingface',
  repo: 'a/b',
  revision: 'main',
  library: { url: `${LIBRARIES}/v0_2_84/m.wasm` },
} as const satisfies ModelSource;

test('listed hashes decide, wherever the files came from', () => {
  const elsewhere = 'https://mirror.test/x/y/z';
  const moved = stored(FILES, { 'params_shard_0.bin': { url: elsewhere }, 'library.wasm': { url: elsewhere } });
  expect(isOfSource(moved, listed(FILES))).toBe(true);
  const other = stored(FILES, { 'params_shard_0.bin': { sha256: 'b'.repeat(64) } });
  expect(isOfSource(other, listed(FILES))).toBe(false);
});

test('a library, which is code, is of the model if its hash is known or it is an earlier build from the same place', () => {
  const build = (change: Partial<StoredSource['files'][number]>) => stored(FILES, { 'library.wasm': change });
  expect(isOfSource(build({ sha256: 'b'.repeat(64) }), listed(FILES))).toBe(true);
  const foreign = { sha256: 'b'.repeat(64), url: 'https://evil.test/m/a/library.wasm' };
  expect(isOfSource(build(foreign), listed(FILES))).toBe(false);
  const place = (url: string) => isOfSource(stored(REPOSITORY, { 'library.wasm': { url } }), listed(REPOSITORY));
  expect(place(`${LIBRARIES}/v0_2_80/m.wasm`)).toBe(true);
  expect(place('https://raw.githubusercontent.com/evil/binary-mlc-llm-libs/main/v0_2_84/m.wasm')).toBe(false);
});

test('a library at an address relative to the catalogue is of the model if it came from the same folder', () => {
  const relative = {
    ...FILES,
    files: FILES.files.map((file) => ({ ...file, url: `weights/toy/${file.path}` })),
  };
  const place = (url: string) =>
    isOfSource(stored(FILES, { 'library.wasm': { url, sha256: 'b'.repeat(64) } }), listed(relative));
  expect(place('https://good.test/app/weights/toy/older.wasm')).toBe(true);
  expect(place('https://good.test/app/other-weights/toy/older.wasm')).toBe(false);
  expect(place('https://good.test/app/weights/other/older.wasm')).toBe(false);
});

test('a repository is its name and its files; a later commit is the same model', () => {
  expect(isOfSource(stored(REPOSITORY), listed({ ...REPOSITORY, revision: 'c0ffee' }))).toBe(true);
  expect(isOfSource(stored(REPOSITORY), listed({ ...REPOSITORY, repo: 'evil/b' }))).toBe(false);
  expect(isOfSource(stored(FILES), listed(REPOSITORY))).toBe(false);
});

test('files at addresses are of the same addresses', () => {
  const source = { kind: 'url', revision: 'url', files: [{ path: 'a.gguf', url: 'https://good.test/a' }] } as const;
  const other = { ...source, files: [{ path: 'a.gguf', url: 'https://evil.test/a' }] } as const;
  expect(isOfSource(stored(source), listed(source))).toBe(true);
  expect(isOfSource(stored(source), listed(other))).toBe(false);
});
