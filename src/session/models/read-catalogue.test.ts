import { expect, test } from 'vitest';
import { madeUpRecord } from '../../models/testing/made-up.ts';
import { readCatalogue } from './read-catalogue.ts';

test('the models of another site’s catalogue have ids and keys that no model of the site has', async () => {
  const source = { kind: 'huggingface', repo: 'a/b', revision: 'main', files: 'a.gguf' } as const;
  const record = madeUpRecord({ id: 'a'.repeat(120), name: 'Tiny', engine: 'wllama', source });
  const url = `data:application/json,${encodeURIComponent(JSON.stringify({ version: 1, models: [record] }))}`;
  const [own] = (await readCatalogue(url)).records;
  expect(own).toMatchObject({ id: record.id, name: 'Tiny' });
  const [foreign] = (await readCatalogue(url, true)).records;
  expect(foreign).toMatchObject({ id: expect.stringMatching(/^a{100}\.[0-9a-f]{12}$/), name: 'Tiny' });
  expect(foreign?.modelKey).toMatch(/^Tiny [0-9a-f]{12}$/);
  const [other] = (await readCatalogue(`${url}#2`, true)).records;
  expect(other?.id).not.toBe(foreign?.id);
});

test('an error names what came in the place of the catalogue', async () => {
  const page = 'data:text/html,<!doctype html><title>Sign in</title>';
  await expect(readCatalogue(page)).rejects.toMatchObject({ code: 'catalogue-invalid', data: { isWebPage: true } });
  const cut = 'data:application/json,{"version":';
  await expect(readCatalogue(cut)).rejects.toMatchObject({ code: 'catalogue-invalid', data: { isWebPage: false } });
});
