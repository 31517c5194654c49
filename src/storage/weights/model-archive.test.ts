import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AlcoveError } from '../../platform/errors.ts';
import { archiveEntries, archiveOf, MANIFEST_NAME, readArchive, readArchiveFolder } from './model-archive.ts';
import type { StoredModel } from './stored-model.ts';
import { readTar, writeTar } from './tar.ts';

const RECORD = {
  id: 'tiny',
  name: 'Tiny',
  family: 'Tiny',
  maker: 'Alcove',
  engine: 'wllama',
  quantization: 'F32',
  parameterCount: 1,
  contextWindow: 256,
  vramBytes: 1,
  requiredFeatures: [],
  licence: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
  source: { kind: 'huggingface', repo: 'a/b', revision: 'c0ffee', files: 'tiny*.gguf' },
} as const;

const CONTENTS: Readonly<Record<string, string>> = {
  'tiny-00001-of-00002.gguf': 'first part',
  'parts/tiny-00002-of-00002.gguf': 'x'.repeat(2_000),
};

function stored(): StoredModel {
  const files = Object.entries(CONTENTS).map(([path, text]) => ({
    modelId: 'tiny',
    path,
    url: `https://huggingface.co/a/b/resolve/c0ffee/${path}`,
    sizeBytes: text.length,
    sha256: 'a'.repeat(64),
    gitBlobId: undefined,
    etag: undefined,
    storedBytes: text.length,
    verified: true,
  }));
  const sizeBytes = 2_010;
  const rest = { addedAt: 1, lastUsedAt: undefined, verifiedAt: 1, pauseReason: undefined };
  return { record: RECORD, revision: 'c0ffee', files, sizeBytes, storedBytes: sizeBytes, complete: true, ...rest };
}

const entries = (): ReturnType<typeof archiveEntries> =>
  archiveEntries(stored(), async (path) => new Blob([CONTENTS[path] ?? '']));

async function refusal(archive: Blob): Promise<AlcoveError> {
  const error: unknown = await readArchive(archive).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (AlcoveError.isInstance(error)) return error;
  throw new Error(`read, or failed otherwise: ${String(error)}`);
}

/** The archive with another manifest. */
async function withManifest(change: (manifest: Record<string, unknown>) => unknown): Promise<Blob> {
  const [manifest, ...files] = await entries();
  const json = JSON.parse((await manifest?.blob.text()) ?? '') as Record<string, unknown>;
  return writeTar([{ name: MANIFEST_NAME, blob: new Blob([JSON.stringify(change(json))]) }, ...files]);
}

test('an exported archive is read with the same record, revision, hashes and URLs', async () => {
  const { plan, blobs } = await readArchive(archiveOf(await entries()));
  expect(plan.record).toEqual(RECORD);
  expect(plan.revision).toBe('c0ffee');
  expect(plan.files).toEqual(
    stored().files.map(({ path, url, sizeBytes, sha256 }) => ({ path, url, sizeBytes, sha256, gitBlobId: undefined })),
  );
  for (const [path, text] of Object.entries(CONTENTS)) expect(await blobs.get(path)?.text()).toBe(text);
});

test('an exported folder is read in the same way, in any order', async () => {
  const files = (await entries()).map(({ name, blob }) => {
    const file = new File([blob], name.split('/').at(-1) ?? '');
    Object.defineProperty(file, 'webkitRelativePath', { value: `my model/${name}` });
    return file;
  });
  const { plan, blobs } = await readArchiveFolder(files.reverse());
  expect(plan.record.id).toBe('tiny');
  expect(await blobs.get('parts/tiny-00002-of-00002.gguf')?.text()).toBe('x'.repeat(2_000));
});

test('an archive refers to its Blobs without reading them', async () => {
  const large = new Blob([new Uint8Array(1024)]);
  Object.defineProperty(large, 'size', { value: 10 * 2 ** 30 });
  const header = writeTar([{ name: 'large.bin', blob: large }]).slice(0, 512);
  await expect(readTar(header)).rejects.toMatchObject({ expectedBytes: 10 * 2 ** 30 + 512 });
});

test('a truncated archive is refused before any of it is stored, wherever it is cut', async () => {
  const whole = archiveOf(await entries());
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: whole.size - 1_025 }), async (sizeBytes) => {
      expect((await refusal(whole.slice(0, sizeBytes))).code).toBe('archive-cut-short');
    }),
    { numRuns: 60 },
  );
});

test('an archive with changed bytes is read or refused with a known error', async () => {
  const bytes = new Uint8Array(await archiveOf(await entries()).arrayBuffer());
  const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(changes, async (changed) => {
      const copy = bytes.slice();
      for (const [at, value] of changed) copy[at] = value;
      await readArchive(new Blob([copy])).catch((error: unknown) => {
        if (!AlcoveError.isInstance(error)) throw error;
      });
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['text', new Blob(['hello '.repeat(200)]), 'archive-invalid'],
  ['nothing', new Blob([]), 'archive-cut-short'],
  ['another tar', writeTar([{ name: 'README', blob: new Blob(['hi']) }]), 'archive-invalid'],
])('%s is not accepted as an archive', async (_, blob, code) => {
  expect((await refusal(blob)).code).toBe(code);
});

test.each<[string, (manifest: Record<string, unknown>) => unknown, string]>([
  ['a version to come', (manifest) => ({ ...manifest, version: 2 }), 'archive-version'],
  ['another format', (manifest) => ({ ...manifest, format: 'zip' }), 'archive-invalid'],
  ['no files', (manifest) => ({ ...manifest, files: [] }), 'archive-invalid'],
  ['a record that is none', (manifest) => ({ ...manifest, record: { id: '../x' } }), 'record-invalid'],
  [
    'a licence that runs script',
    (manifest) => ({ ...manifest, record: { ...RECORD, licence: { name: 'MIT', url: 'javascript:alert(1)' } } }),
    'record-invalid',
  ],
  ['a file outside its model', (manifest) => withFile(manifest, { path: '../../x' }), 'archive-invalid'],
  ['a file that is not there', (manifest) => withFile(manifest, { entry: 'nowhere' }), 'archive-invalid'],
  ['a file shorter than it says', (manifest) => withFile(manifest, { sizeBytes: 1e12 }), 'archive-cut-short'],
  ['a file of a negative size', (manifest) => withFile(manifest, { sizeBytes: -1 }), 'archive-invalid'],
  ['a file without a hash', (manifest) => withFile(manifest, { sha256: '' }), 'archive-invalid'],
])('an archive with %s is refused', async (_, change, code) => {
  expect((await refusal(await withManifest(change))).code).toBe(code);
});

function withFile(manifest: Record<string, unknown>, change: object): unknown {
  const [first, ...rest] = manifest['files'] as object[];
  return { ...manifest, files: [{ ...first, ...change }, ...rest] };
}
