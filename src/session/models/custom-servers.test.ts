import { afterEach, expect, inject, test } from 'vitest';
import { serverHost } from '../../models/catalogue/server-host.ts';
import { fitModel } from '../../models/fit/fit.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { ServerStore } from '../../storage/server-store.ts';
import '../../engine/server/testing/chat-servers.ts';
import { Session } from '../session.ts';
import { CustomServers } from './custom-servers.ts';
import { hasServers } from './server-mark.ts';

const { faults } = inject('chatServers');
const { host } = new URL(faults);

const opened: CustomServers[] = [];
afterEach(async () => {
  for (const servers of opened.splice(0)) {
    for (const { server } of servers.entries) await servers.remove(server.id);
  }
});

async function open(name: string) {
  const published: (readonly ModelRecord[])[] = [];
  const store = new ServerStore(name);
  const servers = new CustomServers(store, (records) => published.push(records));
  opened.push(servers);
  await servers.start();
  return { servers, store, models: () => published.at(-1) ?? [] };
}

test('an added server lists its models, which name the server that they run on', async () => {
  const { servers, models } = await open(crypto.randomUUID());
  expect(models()).toEqual([]);
  await servers.add(`${faults}/none/`, '');
  expect(servers.entries).toMatchObject([
    {
      server: { baseUrl: `${faults}/none/v1`, kind: 'other', hasKey: false, models: [{ name: 'm' }] },
      error: undefined,
    },
  ]);
  expect(models().map(({ id }) => id)).toEqual([`@${host}/m`]);
  expect(serverHost(models()[0]?.id)).toBe(host);
  expect(hasServers()).toBe(true);
});

test('a model that a server calls one for embeddings is not for a chat, whatever its name', async () => {
  const { servers, models } = await open(crypto.randomUUID());
  await servers.add(`${faults}/lm-studio`, '');
  expect(models().map((record) => [record.name, fitModel(record, undefined).status])).toEqual([
    ['m', 'runs-elsewhere'],
    ['vectors', 'cannot-run'],
  ]);
});

test('the key of a server appears in no list, and is deleted with the server', async () => {
  const name = crypto.randomUUID();
  const { servers, store } = await open(name);
  await servers.add(`${faults}/key`, 'right');
  const [entry] = servers.entries;
  expect(entry).toMatchObject({ server: { hasKey: true }, error: undefined });
  expect(JSON.stringify([servers.entries, await store.list(), { ...localStorage }])).not.toContain('right');
  expect(await store.readKey(entry?.server.id ?? '')).toBe('right');

  // Another start finds both, without asking the server.
  const again = await open(name);
  expect(again.servers.entries).toMatchObject([{ server: { id: entry?.server.id, models: [{ name: 'm' }] } }]);
  await again.servers.remove(entry?.server.id ?? '');
  expect(await store.readKey(entry?.server.id ?? '')).toBeUndefined();
  expect(again.models()).toEqual([]);
  expect(hasServers()).toBe(false);
});

test('a server that refuses the key is kept with the reason, and a new key replaces the old one', async () => {
  const { servers } = await open(crypto.randomUUID());
  await servers.add(`${faults}/key`, 'wrong');
  expect(servers.entries).toMatchObject([{ error: { code: 'server-key-refused' }, server: { models: [] } }]);
  await servers.add(`${faults}/key/v1`, 'right');
  expect(servers.entries).toMatchObject([{ error: undefined, server: { models: [{ name: 'm' }] } }]);
});

test('a server that is removed during a request for its models stays removed', async () => {
  const { servers, store } = await open(crypto.randomUUID());
  await servers.add(`${faults}/none`, '');
  const id = servers.entries[0]?.server.id ?? '';
  const asked = servers.refresh(id);
  await servers.remove(id);
  await asked;
  expect(servers.entries).toEqual([]);
  expect(await store.list()).toEqual([]);
});

test('an invalid URL is refused and not stored', async () => {
  const { servers } = await open(crypto.randomUUID());
  for (const address of ['', 'ftp://localhost', 'http://', 'javascript:alert(1)']) {
    await expect(servers.add(address, '')).rejects.toMatchObject({ code: 'address-invalid' });
  }
  expect(servers.entries).toEqual([]);
});

test('a search for local servers finds none where none runs, and can be cancelled', async () => {
  const { servers } = await open(crypto.randomUUID());
  expect(await servers.detect(new AbortController().signal)).toEqual([]);
  await expect(servers.detect(AbortSignal.abort())).rejects.toThrow(DOMException);
});

test('sessions that end leave no connection to servers and keys, and take none from one that continues', async () => {
  const databaseName = crypto.randomUUID();
  const catalogueUrl = URL.createObjectURL(new Blob(['{"version":1,"models":[]}']));
  const [ended, other] = [new Session({ databaseName, catalogueUrl }), new Session({ databaseName, catalogueUrl })];
  await Promise.all([ended.start(), other.start()]);
  expect(await other.models.servers.list()).toEqual([]);
  await ended.models.servers.add(`${faults}/key`, 'right');
  // The engine reads the key through a store of its own.
  await ended.models.load(`@${host}/m`);
  expect(ended.state.engine).toMatchObject({ status: 'ready' });
  ended.dispose();
  await other.models.servers.add(`${faults}/none`, '');

  // It ends while its stores are opened.
  const brief = new Session({ databaseName, catalogueUrl });
  const started = brief.start();
  brief.dispose();
  await started;
  const later = new Session({ databaseName, catalogueUrl });
  await later.start();
  expect(later.state.servers).toMatchObject([{ server: { hasKey: true } }, { server: { hasKey: false } }]);
  for (const { server } of later.state.servers ?? []) await later.models.servers.remove(server.id);
  later.dispose();
  other.dispose();
  await new Promise<void>((resolve) => {
    indexedDB.deleteDatabase(`${databaseName}-records`).onsuccess = () => resolve();
  });
});
