import { openDB } from 'idb';
import { afterEach, expect, test } from 'vitest';
import { toFileProject } from '../../chat/formats/alcove-chats.ts';
import { type Project, projectOf } from '../../chat/project.ts';
import { createConversation, setFields } from '../../chat/tree.ts';
import { ChatStore } from '../../storage/chats/chat-store.ts';
import { INITIAL_STATE, type SessionState } from '../state/session-state.ts';
import { StateStore } from '../state/state-store.ts';
import { ChatRepository } from './chat-repository.ts';
import { ChatTransfer } from './chat-transfer.ts';
import { Projects } from './projects.ts';

const cleanUps: (() => void)[] = [];

afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

/** @param isKept false for a tab whose chats are temporary */
async function openTab(name: string = crypto.randomUUID(), isKept = true) {
  const state = new StateStore<SessionState>(INITIAL_STATE);
  const repository = new ChatRepository(state, new ChatStore(name), name, isKept);
  await repository.start();
  const { attachments } = await repository.openPurge();
  const projects = new Projects(state, isKept ? name : undefined, async () => attachments);
  cleanUps.push(
    () => repository.dispose(),
    () => projects.dispose(),
  );
  const transfer = new ChatTransfer(repository, () => state.state.chats.map(({ id, title }) => [id, title]), projects);
  const all = (): readonly Project[] | undefined => state.state.projects;
  const stored = async (): Promise<string[]> => {
    const database = await openDB(name);
    const keys = await database.getAllKeys('attachments');
    database.close();
    return keys.map(String);
  };
  return { state, repository, attachments, projects, transfer, all, stored };
}

const named = (name: string, text = name): File => new File([text], name, { type: 'text/plain' });

test('projects are listed by name, in every tab and on the next visit', async () => {
  const name = crypto.randomUUID();
  const [here, there] = [await openTab(name), await openTab(name)];
  await there.projects.read();
  await here.projects.create('  Tax   letters ');
  const { id } = await here.projects.create('Boats');
  await here.projects.change(id, { instructions: 'You know boats.' });
  await expect.poll(() => there.all()?.map((project) => project.name)).toEqual(['Boats', 'Tax letters']);
  expect((await (await openTab(name)).projects.read())[0]).toMatchObject({ id, instructions: 'You know boats.' });
});

test('two tabs that change one project at once lose nothing of each other', async () => {
  const name = crypto.randomUUID();
  const [here, there] = [await openTab(name), await openTab(name)];
  const { id } = await here.projects.create('Boats');
  await expect.poll(() => there.all()?.length).toBe(1);
  await Promise.all([
    here.projects.addFiles(id, [named('mast.txt')]),
    there.projects.addFiles(id, [named('keel.txt')]),
    here.projects.change(id, { name: 'Ships' }),
    there.projects.change(id, { instructions: 'You know ships.' }),
  ]);
  const [project] = await (await openTab(name)).projects.read();
  expect(project).toMatchObject({ name: 'Ships', instructions: 'You know ships.' });
  expect(project?.files.map((file) => file.name).sort()).toEqual(['keel.txt', 'mast.txt']);
});

test('a deleted project does not come back by a change in another tab; its chats stay', async () => {
  const name = crypto.randomUUID();
  const [here, there] = [await openTab(name), await openTab(name)];
  const { id } = await here.projects.create('Boats');
  const chat = setFields({ ...createConversation('c', 1, 'toy'), title: 'Masts' }, { projectId: id }, 2);
  await here.repository.adopt([chat]);
  await expect.poll(() => there.all()?.length).toBe(1);
  await Promise.all([here.projects.delete(id), there.projects.read()]);
  await there.projects.change(id, { name: 'Back again' });
  await there.projects.addFiles(id, [named('mast.txt')]);
  expect(here.all()).toEqual([]);
  expect(there.all()).toEqual([]);
  expect(await here.stored()).toEqual([]);
  expect(await (await openTab(name)).projects.read()).toEqual([]);
  const kept = await here.repository.read('c');
  expect(kept?.title).toBe('Masts');
  expect(projectOf(here.all(), kept?.projectId)).toBeUndefined();
});

test('a file of a project is stored once, and goes when no project refers to it', async () => {
  const tab = await openTab();
  const [boats, ships] = [await tab.projects.create('Boats'), await tab.projects.create('Ships')];
  await tab.projects.addFiles(boats.id, [named('mast.txt'), named('keel.txt')]);
  await tab.projects.addFiles(ships.id, [named('mast-again.txt', 'mast.txt')]);
  const [mast, keel] = projectOf(tab.all(), boats.id)?.files ?? [];
  expect(await tab.stored()).toHaveLength(2);
  expect(await (await tab.attachments.read(mast?.sha256 ?? ''))?.text()).toBe('mast.txt');
  await tab.projects.removeFile(boats.id, keel?.sha256 ?? '');
  await tab.projects.removeFile(boats.id, mast?.sha256 ?? '');
  expect(await tab.stored()).toEqual([mast?.sha256]);
  await tab.projects.delete(ships.id);
  expect(await tab.stored()).toEqual([]);
});

test('deleting all chats deletes the projects and their files', async () => {
  const name = crypto.randomUUID();
  const tab = await openTab(name);
  const { id } = await tab.projects.create('Boats');
  await tab.projects.addFiles(id, [named('mast.txt')]);
  await tab.repository.deleteAll();
  tab.projects.clear();
  expect(tab.all()).toEqual([]);
  expect(await tab.stored()).toEqual([]);
  expect(await (await openTab(name)).projects.read()).toEqual([]);
});

test('projects of temporary chats end with the page', async () => {
  const name = crypto.randomUUID();
  const tab = await openTab(name, false);
  const { id } = await tab.projects.create('Boats');
  await tab.projects.addFiles(id, [named('mast.txt')]);
  expect(tab.all()).toMatchObject([{ name: 'Boats', files: [{ name: 'mast.txt' }] }]);
  expect(await (await openTab(name)).projects.read()).toEqual([]);
});

test.each([undefined, 'open sesame'])(
  'a backup brings projects back, with their files and chats (passphrase: %s)',
  async (passphrase) => {
    const here = await openTab();
    const { id } = await here.projects.create('Boats');
    await here.projects.change(id, { instructions: 'You know boats.' });
    await here.projects.addFiles(id, [named('mast.txt')]);
    const chat = setFields(createConversation('c', 1, 'toy'), { projectId: id, title: 'Masts', titleIsSet: true }, 2);
    const question = { id: 'q', parentId: undefined, role: 'user', status: 'complete', createdAt: 1 } as const;
    const messages = new Map([['q', { ...question, parts: [{ type: 'text' as const, text: 'How high?' }] }]]);
    await here.repository.adopt([{ ...chat, messages, activeLeafId: 'q' }]);
    await here.repository.refresh();
    const { file } = await here.transfer.exportAll(passphrase);
    const there = await openTab();
    const options = passphrase === undefined ? {} : { passphrase };
    expect(await there.transfer.import(file, options)).toMatchObject({ added: 1, projects: 1, missingFiles: 0 });
    expect(there.all()).toEqual(here.all());
    expect(await there.stored()).toEqual(await here.stored());
    expect((await there.repository.read('c'))?.projectId).toBe(id);
    expect(await there.transfer.import(file, options)).toMatchObject({ added: 0, known: 1, projects: 0 });
  },
);

test('an import keeps later changes of a project that is here, and adds the files of both', async () => {
  const here = await openTab();
  const { id } = await here.projects.create('Boats');
  await here.projects.addFiles(id, [named('mast.txt')]);
  const { file } = await here.transfer.exportAll();
  await here.projects.change(id, { name: 'Ships' });
  await here.projects.addFiles(id, [named('keel.txt')]);
  await here.transfer.import(file);
  expect(here.all()).toMatchObject([{ name: 'Ships', files: [{ name: 'mast.txt' }, { name: 'keel.txt' }] }]);
});

test('what is no project in a file is left out, and what is too long is cut', async () => {
  const hash = 'ab'.repeat(32);
  const projects: unknown[] = [
    null,
    7,
    { id: 'nameless', name: '   ' },
    {
      id: '../../__proto__',
      name: 'n'.repeat(5_000),
      instructions: 'i'.repeat(500_000),
      createdAt: 9e15,
      changedAt: 'soon',
      files: [
        { name: 'f'.repeat(900), mediaType: 'text/plain', sha256: hash },
        { name: 'again', mediaType: 'text/plain', sha256: hash },
        { name: 'no hash', mediaType: 'text/plain' },
        { name: 'odd', mediaType: 'text/plain', sha256: '../etc' },
        { name: 'lies', mediaType: 'text/plain', sha256: 'cd'.repeat(32), base64: btoa('not that') },
        ...Array.from({ length: 900 }, (_, at) => {
          return { name: `${at}`, mediaType: 'text/plain', sha256: at.toString(16).padStart(64, '0') };
        }),
      ],
    },
  ];
  const file = new Blob([JSON.stringify({ format: 'alcove-chats', version: 3, projects, chats: [] })]);
  const tab = await openTab();
  const before = Date.now();
  expect(await tab.transfer.import(file)).toMatchObject({ projects: 1, added: 0 });
  const [project] = tab.all() ?? [];
  expect(tab.all()).toHaveLength(1);
  expect(project?.id).toMatch(/^[\w-]{36}$/);
  expect(project?.name).toHaveLength(100);
  expect(project?.instructions).toHaveLength(200_000);
  expect(project?.files).toHaveLength(197);
  expect(project?.files[0]?.name).toHaveLength(255);
  expect(project?.changedAt).toBeGreaterThanOrEqual(before - 1_000);
  expect(project?.createdAt).toBeLessThanOrEqual(Date.now());
  expect(await tab.stored()).toEqual([]);
});

test('a member called projects in the file of another program is not read as such', async () => {
  const project = toFileProject({ id: 'p', name: 'P', instructions: '', files: [], createdAt: 1, changedAt: 1 }, []);
  const file = new Blob([JSON.stringify({ projects: [project], messages: [{ role: 'user', content: 'Hello' }] })]);
  const tab = await openTab();
  expect(await tab.transfer.import(file)).toMatchObject({ projects: 0, added: 1 });
});
