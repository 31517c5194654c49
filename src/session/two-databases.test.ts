/** Sessions of one origin with databases of their own, as two tools on one site have them. */
import { afterEach, expect, test } from 'vitest';
import { ScriptedEngine } from '../engine/scripted/scripted-engine.ts';
import { downloadableRecord } from '../models/testing/made-up.ts';
import { sharedDatabaseName, shareStorage } from '../platform/storage-access.ts';
import { hasServers, markServers } from './models/server-mark.ts';
import { Session, type SessionOptions } from './session.ts';

const CATALOGUE = { version: 1, models: [downloadableRecord({ id: 'script' })] };

const sessions: Session[] = [];

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

async function startSession(options: Partial<SessionOptions>): Promise<Session> {
  const session = new Session({
    catalogueUrl: URL.createObjectURL(new Blob([JSON.stringify(CATALOGUE)])),
    createEngine: async () => new ScriptedEngine(),
    ...options,
  });
  sessions.push(session);
  await session.start();
  return session;
}

function weights({ state }: Session): string | undefined {
  return state.models.find(({ record }) => record.id === 'script')?.weights.status;
}

async function downloadIn(session: Session): Promise<void> {
  await session.models.download('script');
  await expect.poll(() => weights(session)).toBe('stored');
}

test('a model that one database has was not removed from another', async () => {
  await downloadIn(await startSession({ databaseName: `test-${crypto.randomUUID()}` }));
  const other = await startSession({ databaseName: `test-${crypto.randomUUID()}` });
  expect(weights(other)).toBe('absent');
});

test('several histories of chats share the models of one database', async () => {
  const databaseName = `test-${crypto.randomUUID()}`;
  const first = await startSession({ databaseName, chatDatabaseName: `${databaseName}-ada` });
  await downloadIn(first);
  const second = await startSession({ databaseName, chatDatabaseName: `${databaseName}-bob` });
  expect(weights(second)).toBe('stored');
});

test('models in memory are shared by the sessions of a page, and are not looked for on the next one', async () => {
  const databaseName = `test-${crypto.randomUUID()}`;
  await downloadIn(await startSession({ databaseName, storage: 'memory' }));
  const second = await startSession({ databaseName, storage: 'memory' });
  expect(weights(second)).toBe('stored');
  expect(second.state.storage).toMatchObject({ chats: 'memory', models: 'memory' });
  expect(weights(await startSession({ databaseName }))).toBe('absent');
});

test('a model in storage that a frame shares is there for the pages whose storage it is, and is not removed for others', async () => {
  shareStorage({ indexedDB, locks: navigator.locks, BroadcastChannel: (name) => new BroadcastChannel(name) });
  const [page, frame] = [crypto.randomUUID(), crypto.randomUUID()].map((id) => `test-${id}`);
  const inFrame = { databaseName: `${frame}`, weightsDatabaseName: sharedDatabaseName(`${page}-weights`) };
  // Its worker writes through the page that has the storage.
  await downloadIn(await startSession(inFrame));
  expect(weights(await startSession({ databaseName: `${page}` }))).toBe('stored');
  expect(weights(await startSession(inFrame))).toBe('stored');
  expect(weights(await startSession({ databaseName: `${frame}` }))).toBe('absent');
});

test('each database knows by itself whether the user has added servers', () => {
  const databasePrefix = crypto.randomUUID();
  markServers(true, databasePrefix);
  markServers(false, crypto.randomUUID());
  expect(hasServers(databasePrefix)).toBe(true);
  markServers(false, databasePrefix);
  expect(hasServers(databasePrefix)).toBe(false);
});
