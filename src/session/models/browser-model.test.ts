/** The browser's own model in a session: listed where the browser has one, and used only when the user has chosen it. */
import { afterEach, expect, test } from 'vitest';
import { BROWSER_MODEL_ID } from '../../engine/browser/browser-record.ts';
import { type DoubleOptions, languageModelDouble } from '../../engine/browser/testing/language-model-double.ts';
import { ModelSession } from '../model-session.ts';
import { Session, type SessionOptions } from '../session.ts';

const EMPTY = { version: 1, models: [] };
const had = Object.getOwnPropertyDescriptor(globalThis, 'LanguageModel');
const opened: { dispose(): void }[] = [];

afterEach(() => {
  for (const session of opened.splice(0)) session.dispose();
  Reflect.deleteProperty(globalThis, 'LanguageModel');
  if (had !== undefined) Object.defineProperty(globalThis, 'LanguageModel', had);
});

function install(options?: DoubleOptions) {
  const value = languageModelDouble(options);
  Object.defineProperty(globalThis, 'LanguageModel', { value, configurable: true });
  return value;
}

async function open(databaseName: string, options: Partial<SessionOptions> = {}): Promise<Session> {
  const catalogueUrl = URL.createObjectURL(new Blob([JSON.stringify(EMPTY)]));
  const session = new Session({ catalogueUrl, databaseName, ...options });
  opened.push(session);
  await session.start();
  await session.models.browserModelSought;
  return session;
}

test('a browser without a model shows nothing of one', async () => {
  for (const availability of ['unavailable', undefined] as const) {
    if (availability === undefined) Reflect.deleteProperty(globalThis, 'LanguageModel');
    else install({ availability });
    const { state } = await open(crypto.randomUUID());
    expect(state.models).toEqual([]);
  }
});

test('it is never selected by itself, answers once it is, and stays the user’s choice', async () => {
  const { log } = install();
  const name = crypto.randomUUID();
  const session = await open(name);
  expect(session.state.models).toMatchObject([
    { record: { id: BROWSER_MODEL_ID }, fit: { status: 'runs-elsewhere' }, weights: { status: 'stored' } },
  ]);
  expect([session.state.selectedModelId, session.state.recommended ?? []]).toEqual([undefined, []]);
  session.models.prepare();
  expect(log.created).toEqual([]);

  session.models.select(BROWSER_MODEL_ID);
  await session.generation.send('What is the capital of France?');
  await expect.poll(() => session.state.generation.status).toBe('idle');
  const written = [...(session.state.chat?.messages.values() ?? [])].map(({ parts }) => JSON.stringify(parts));
  expect(written.at(-1)).toContain('The capital of France is Paris.');

  expect((await open(name)).state.selectedModelId).toBe(BROWSER_MODEL_ID);
  const other = await open(crypto.randomUUID());
  expect(other.state.selectedModelId).toBeUndefined();
});

test('a page that offers other models does not offer it', async () => {
  install();
  const session = await open(crypto.randomUUID());
  session.models.offer(({ id }) => id !== BROWSER_MODEL_ID);
  expect(session.state.models).toEqual([]);
});

test('a session without chats has it when its start ends', async () => {
  install();
  const catalogueUrl = URL.createObjectURL(new Blob([JSON.stringify(EMPTY)]));
  const session = new ModelSession({ catalogueUrl, databaseName: crypto.randomUUID() });
  opened.push(session);
  await session.start();
  expect(session.find(BROWSER_MODEL_ID).record.engine).toBe('browser');
});
