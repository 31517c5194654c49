import { openDB } from 'idb';
import { expect, test } from 'vitest';
import { PreferenceStore } from './preference-store.ts';
import { ServerStore } from './server-store.ts';

const PERSONA = { id: 'p1', name: 'Pirate', description: '', systemPrompt: 'Arr.' };
const SERVER = {
  id: 's1',
  baseUrl: 'http://localhost:1234/v1',
  kind: 'other',
  models: [],
  listedAt: 5,
  hasKey: true,
} as const;

/** What the build before December 2026 stored. */
async function storeOld(name: string): Promise<void> {
  const preferences = await openDB(`${name}-preferences`, 1, {
    upgrade: (database) => {
      database.createObjectStore('settings');
      database.createObjectStore('personas', { keyPath: 'id' });
    },
  });
  await preferences.put('settings', { sampling: { temperature: 0.5 } }, 'forAll');
  await preferences.put('personas', PERSONA);
  preferences.close();
  const servers = await openDB(`${name}-servers`, 1, {
    upgrade: (database) => {
      database.createObjectStore('servers', { keyPath: 'id' });
      database.createObjectStore('keys');
    },
  });
  await servers.put('servers', SERVER);
  await servers.put('keys', 'secret', 's1');
  servers.close();
}

async function databaseNames(name: string): Promise<(string | undefined)[]> {
  const databases = await indexedDB.databases();
  return databases.map((database) => database.name).filter((found) => found?.startsWith(`${name}-`));
}

test('records of an older build are moved into one database, and none is kept twice', async () => {
  const name = crypto.randomUUID();
  await storeOld(name);
  const preferences = new PreferenceStore(name);
  const { settings, personas } = await preferences.load();
  expect(settings).toEqual({ sampling: { temperature: 0.5 } });
  expect(personas).toMatchObject([{ id: 'p1', name: 'Pirate' }]);
  const servers = new ServerStore(name);
  expect(await servers.list()).toEqual([SERVER]);
  expect(await servers.readKey('s1')).toBe('secret');
  await expect.poll(() => databaseNames(name)).toEqual([`${name}-records`]);
  expect(await new PreferenceStore(name).load()).toEqual({ settings, personas, prompts: [] });
});

test('two tabs that start at the same time both have the old records, and a later write of one stays', async () => {
  const name = crypto.randomUUID();
  await storeOld(name);
  const tabs = [new PreferenceStore(name), new PreferenceStore(name)];
  const loads = await Promise.all(tabs.map((tab) => tab.load()));
  for (const { settings } of loads) expect(settings).toEqual({ sampling: { temperature: 0.5 } });
  await tabs[0]?.saveSettings({ sampling: { temperature: 1 } });
  await tabs[1]?.deletePersona('p1');
  expect(await new PreferenceStore(name).load()).toEqual({
    settings: { sampling: { temperature: 1 } },
    personas: [],
    prompts: [],
  });
});

test('an old database that a tab holds open does not delay the start', async () => {
  const name = crypto.randomUUID();
  await storeOld(name);
  const held = await openDB(`${name}-preferences`);
  expect((await new PreferenceStore(name).load()).settings).toEqual({ sampling: { temperature: 0.5 } });
  await new PreferenceStore(name).saveSettings({ sampling: { temperature: 1 } });
  expect((await new PreferenceStore(name).load()).settings).toEqual({ sampling: { temperature: 1 } });
  held.close();
});

test('a server is deleted with its key, and no list contains keys', async () => {
  const servers = new ServerStore(crypto.randomUUID());
  await servers.put(SERVER);
  await servers.put({ ...SERVER, id: 's2' });
  await servers.setKey('s1', 'secret');
  expect(JSON.stringify(await servers.list())).not.toContain('secret');
  await servers.delete('s1');
  expect(await servers.list()).toEqual([{ ...SERVER, id: 's2' }]);
  expect(await servers.readKey('s1')).toBeUndefined();
});

test('a closed store holds no connection, refuses later calls, and is not opened to be closed', async () => {
  const name = crypto.randomUUID();
  new ServerStore(name).close();
  expect(await databaseNames(name)).toEqual([]);
  const servers = new ServerStore(name);
  await servers.put(SERVER);
  servers.close();
  await expect(servers.list()).rejects.toMatchObject({ code: 'storage-unavailable' });
  // Waits until no connection is left.
  await new Promise<void>((resolve) => {
    indexedDB.deleteDatabase(`${name}-records`).onsuccess = () => resolve();
  });
});

test('a store that is closed takes the connection of no other, and a later one of its name reads what it wrote', async () => {
  const name = crypto.randomUUID();
  const [closed, open] = [new ServerStore(name), new ServerStore(name)];
  await closed.put(SERVER);
  expect(await open.list()).toEqual([SERVER]);
  closed.close();
  expect(await open.list()).toEqual([SERVER]);
  open.close();
  expect(await new ServerStore(name).list()).toEqual([SERVER]);
});
