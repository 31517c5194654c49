import { expect, onTestFinished, test, vi } from 'vitest';
import { FaultHost, recordOf } from '../../download/testing/fault-host.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { archiveOf, readArchive } from '../../storage/weights/model-archive.ts';
import { Session } from '../session.ts';
import { findModel } from '../state/find-model.ts';

const SIZE = 10_000;

/** A site whose catalogue lists one model with its hash, and one of which it knows no hash. */
async function makeCatalogue(): Promise<string> {
  const host = new FaultHost();
  const hashed = await host.record([{ path: 'hashed.gguf', size: SIZE, seed: 1 }], 'Hashed');
  const files = [{ path: 'unhashed.gguf', url: host.url({ path: 'unhashed.gguf', size: SIZE, seed: 2 }) }];
  const unhashed = recordOf('Unhashed', { kind: 'url', revision: 'url', files });
  const models = [hashed, unhashed].map((record): ModelRecord => ({ ...record, engine: 'wllama', sizeBytes: SIZE }));
  return URL.createObjectURL(new Blob([JSON.stringify({ version: 1, models })]));
}

/** Another browser, as far as storage goes. */
async function openBrowser(catalogueUrl: string, isForeignCatalogue = false): Promise<Session> {
  const session = new Session({
    catalogueUrl,
    isForeignCatalogue,
    databaseName: `test-${crypto.randomUUID()}`,
    createEngine: async () => new ScriptedEngine(),
  });
  onTestFinished(() => session.dispose());
  await session.start();
  return session;
}

async function download(session: Session, name: string): Promise<Blob> {
  const id = session.state.models.find(({ record }) => record.name === name)?.record.id ?? '';
  await session.models.download(id);
  await vi.waitUntil(() => findModel(session.state, id)?.weights.status === 'stored', { timeout: 10_000 });
  return archiveOf(await session.models.custom.archive(id));
}

/** As the page for adding a model imports it. @returns the model under which the archive is stored */
async function importInto(session: Session, file: Blob) {
  const archive = await readArchive(file);
  const known = findModel(session.state, archive.plan.record.id)?.record;
  const id = await session.models.custom.importArchive(archive, known);
  await vi.waitUntil(() => findModel(session.state, id)?.weights.status === 'stored', { timeout: 10_000 });
  const entry = findModel(session.state, id);
  const isMarked = entry?.weights.status === 'stored' && entry.weights.isOnlySelfVerified === true;
  return { id, isCustom: entry?.isCustom === true, isMarked };
}

test('an exported model of the catalogue comes back as that model, in another browser and in the same one', async () => {
  const catalogueUrl = await makeCatalogue();
  const first = await openBrowser(catalogueUrl);
  const hashed = await download(first, 'Hashed');
  const unhashed = await download(first, 'Unhashed');
  const second = await openBrowser(catalogueUrl);
  expect(await importInto(second, hashed)).toEqual({ id: 'Hashed', isCustom: false, isMarked: false });
  expect(await importInto(second, unhashed)).toEqual({ id: 'Unhashed', isCustom: false, isMarked: true });
  // What was downloaded is not marked: it is there already.
  expect(await importInto(first, unhashed)).toEqual({ id: 'Unhashed', isCustom: false, isMarked: false });
});

test('a model of a foreign catalogue comes back under that catalogue, and is the user’s own elsewhere', async () => {
  const catalogueUrl = await makeCatalogue();
  const foreign = await openBrowser(catalogueUrl, true);
  const file = await download(foreign, 'Hashed');
  const id = foreign.state.models.find(({ record }) => record.name === 'Hashed')?.record.id;
  expect(id).toMatch(/^Hashed\.[0-9a-f]{12}$/);
  const again = await openBrowser(catalogueUrl, true);
  expect(await importInto(again, file)).toEqual({ id, isCustom: false, isMarked: false });
  const elsewhere = await openBrowser(await makeCatalogue());
  expect(await importInto(elsewhere, file)).toEqual({ id: `custom-${id}`, isCustom: true, isMarked: true });
});
