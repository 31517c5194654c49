import { afterEach, expect, test, vi } from 'vitest';
import { textOf } from '../../chat/message-parts.ts';
import { activePath, siblings } from '../../chat/tree.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { RunHistoryStore } from '../../storage/run-history-store.ts';
import { Session } from '../session.ts';

const RECORD = scriptedRecord({ id: 'high', modelKey: 'model' });

/** Two variants of one model, and so two backends: a script is always stored. */
const CATALOGUE = { version: 1, models: [RECORD, { ...RECORD, id: 'low' }] };

const QUESTION = 'What is the capital of France?';
const ANSWER = 'The capital of France is Paris.';

const sessions: Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

async function start(databaseName = `test-${crypto.randomUUID()}`, catalogue: unknown = CATALOGUE) {
  const engine = new ScriptedEngine();
  const catalogueUrl = URL.createObjectURL(new Blob([JSON.stringify(catalogue)]));
  const session = new Session({ catalogueUrl, databaseName, createEngine: async () => engine });
  sessions.push(session);
  await session.start();
  await vi.waitUntil(() => session.state.device !== undefined);
  session.models.select('high');
  return { session, engine, databaseName };
}

function answers(session: Session) {
  const { chat } = session.state;
  const last = chat && activePath(chat).at(-1);
  return chat && last ? siblings(chat, last.id).map((message) => [message.status, textOf(message)]) : [];
}

function error(code: 'engine-crashed' | 'device-lost' | 'out-of-memory' | 'context-exceeded', data = {}) {
  return new AlcoveError(code, 'by the test', { data });
}

test('after a crash the next backend is used automatically, the answer continues, and the reason is shown', async () => {
  const { session, engine } = await start();
  engine.failNextAnswer(3, error('engine-crashed'));
  await session.generation.send(QUESTION);
  expect(answers(session)).toEqual([['complete', ANSWER]]);
  expect(session.state.runtime.running).toMatchObject({ modelId: 'high', recordId: 'low' });
  expect(session.state.runtime.change).toMatchObject({ modelId: 'high', error: { code: 'engine-crashed' } });
  await session.backends.dismissChange();
  expect(session.state.runtime.change).toBeUndefined();
});

test('an engine that cannot continue a text restarts the answer, and the partial answer stays as a sibling', async () => {
  const { session, engine } = await start();
  const can = await engine.capabilities();
  engine.capabilities = async () => ({ ...can, continueLast: false });
  engine.failNextAnswer(3, error('engine-crashed'));
  await session.generation.send(QUESTION);
  expect(answers(session)).toEqual([
    ['failed', 'The capital of'],
    ['complete', ANSWER],
  ]);
});

test('a crash before the first word leaves no partial answer', async () => {
  const { session, engine } = await start();
  engine.failNextAnswer(0, error('engine-crashed'));
  await session.generation.send(QUESTION);
  expect(answers(session)).toEqual([['complete', ANSWER]]);
  expect(session.state.runtime.running?.recordId).toBe('low');
});

test('after a failed load the next backend is used for the answer', async () => {
  const { session, engine } = await start();
  engine.failNextLoad(error('out-of-memory'));
  await session.generation.send(QUESTION);
  expect(answers(session)).toEqual([['complete', ANSWER]]);
  expect(session.state.runtime.change).toMatchObject({ error: { code: 'out-of-memory' } });
});

test('a lost device is tried once more, and the next backend is used after a second loss', async () => {
  const { session, engine } = await start();
  engine.failNextAnswer(0, error('device-lost'));
  await session.generation.send(QUESTION);
  expect(session.state.runtime).toMatchObject({ running: { recordId: 'high' }, change: undefined });
  engine.failNextAnswer(0, error('device-lost'));
  await session.generation.send(QUESTION);
  expect(session.state.runtime).toMatchObject({
    running: { recordId: 'low' },
    change: { error: { code: 'device-lost' } },
  });
});

test('a failed backend is avoided at the next visit, and tried again on request', async () => {
  const first = await start();
  first.engine.failNextAnswer(0, error('engine-crashed'));
  await first.session.generation.send(QUESTION);
  const { session } = await start(first.databaseName);
  await session.generation.send(QUESTION);
  expect(session.state.runtime.running?.recordId).toBe('low');
  await session.backends.tryAgain('high');
  expect(session.state.runtime.running?.recordId).toBe('high');
  const third = await start(first.databaseName);
  await third.session.generation.send(QUESTION);
  expect(third.session.state.runtime.running?.recordId).toBe('high');
});

test('if the tab that ran the engine is closed, the same backend continues and no failure is recorded', async () => {
  const { session, engine } = await start();
  for (let round = 0; round < 3; round++) {
    engine.failNextAnswer(0, error('engine-crashed', { tab: 'gone' }));
    await session.generation.send(QUESTION);
  }
  expect(session.state.runtime).toMatchObject({ running: { recordId: 'high' }, change: undefined, history: [] });
});

test('an error that another backend would not avoid ends the answer', async () => {
  const { session, engine } = await start();
  engine.failNextAnswer(0, error('context-exceeded'));
  await session.generation.send(QUESTION);
  expect(answers(session)).toEqual([['failed', '']]);
  expect(session.state.runtime).toMatchObject({ running: { recordId: 'high' }, change: undefined });
});

test('a device that is lost twice between answers is replaced by the next backend', async () => {
  const { session, engine } = await start();
  await session.generation.send(QUESTION);
  for (const recordId of ['high', 'low']) {
    engine.lose();
    await vi.waitUntil(() => session.state.engine.status === 'lost');
    await session.generation.send(QUESTION);
    expect(session.state.runtime.running?.recordId).toBe(recordId);
  }
});

test('a load that crashed the page is not repeated before the user has agreed', async () => {
  const first = await start();
  const store = new RunHistoryStore(`${first.databaseName}-outcomes`);
  await store.setMark({ id: 'of a tab that is gone', modelId: 'high', recordId: 'high', startedAt: 1 });
  localStorage.setItem(`alcove-stored-models:${first.databaseName}-weights`, '["something"]');
  const { session } = await start(first.databaseName);
  await vi.waitUntil(() => session.state.runtime.question !== undefined);
  expect(session.state.runtime.question).toMatchObject({ modelId: 'high', otherBackend: { engine: 'scripted' } });
  await session.generation.send(QUESTION);
  expect(session.state.chat && activePath(session.state.chat).at(-1)).toMatchObject({ error: { code: 'tab-killed' } });
  await session.backends.answer('other-backend');
  expect(session.state.runtime).toMatchObject({ question: undefined, running: { recordId: 'low' } });
  expect(await store.marks()).toEqual([]);
  store.close();
});

test('a model whose load crashed is loaded once the user agrees', async () => {
  const first = await start();
  const store = new RunHistoryStore(`${first.databaseName}-outcomes`);
  await store.setMark({ id: 'of a tab that is gone', modelId: 'high', recordId: 'high', startedAt: 1 });
  localStorage.setItem(`alcove-stored-models:${first.databaseName}-weights`, '["something"]');
  const { session } = await start(first.databaseName);
  await vi.waitUntil(() => session.state.runtime.question !== undefined);
  await session.backends.answer('load');
  expect(session.state.runtime.running?.recordId).toBe('high');
  expect(session.state.engine.status).toBe('ready');
  store.close();
});
