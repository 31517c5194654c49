import { afterEach, expect, test } from 'vitest';
import type { GenerateRequest } from '../../engine/engine.ts';
import { promptText } from '../../engine/prompt-text.ts';
import { ScriptedEngine, type ScriptedEngineOptions } from '../../engine/scripted/scripted-engine.ts';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { Session } from '../session.ts';

const TITLE = '“Boats of the north”';

const sessions: Session[] = [];

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

class NotingEngine extends ScriptedEngine {
  readonly requests: GenerateRequest[] = [];

  override generate(...parameters: Parameters<ScriptedEngine['generate']>): ReturnType<ScriptedEngine['generate']> {
    this.requests.push(parameters[0]);
    return super.generate(...parameters);
  }
}

function asksForTitle({ messages }: GenerateRequest): boolean {
  return promptText(messages.at(-1)?.content ?? '').startsWith('Write a title');
}

async function start(options: ScriptedEngineOptions = {}) {
  const script: ScriptedEngineOptions['script'] = (messages) => (asksForTitle({ messages }) ? TITLE : 'An answer.');
  const engine = new NotingEngine({ script, ...options });
  const record = scriptedRecord();
  const session = new Session({
    catalogueUrl: URL.createObjectURL(new Blob([JSON.stringify({ version: 1, models: [record] })])),
    databaseName: `test-${crypto.randomUUID()}`,
    createEngine: async () => engine,
  });
  sessions.push(session);
  await session.start();
  return { session, engine, settings: session.settings };
}

function title({ state }: Session): string | undefined {
  return state.chats[0]?.title;
}

test('the model titles a chat after its first answer if that is set, with the chat’s prompt as prefix', async () => {
  const { session, engine, settings } = await start();
  await settings.setForAll({ titles: 'model' });
  await session.generation.send('Which boats sail in the north?');
  await expect.poll(() => title(session)).toBe('Boats of the north');
  const [asked, named] = engine.requests;
  expect(named?.messages.slice(0, asked?.messages.length)).toEqual(asked?.messages);
  await session.generation.send('And in the south?');
  expect(engine.requests.filter(asksForTitle)).toHaveLength(1);
  expect(title(session)).toBe('Boats of the north');
  // What was asked for the title is no part of the chat.
  expect(session.state.chat?.messages.size).toBe(4);
});

test('by default the title comes from the first question, and the model gets no request', async () => {
  const { session, engine } = await start();
  await session.generation.send('Which boats sail in the north?');
  await session.generation.send('And in the south?');
  expect(engine.requests).toHaveLength(2);
  expect(title(session)).toBe('Which boats sail in the north?');
});

test('the next question has priority over the title, which is then not generated', async () => {
  const { session, engine, settings } = await start({
    tokensPerSecond: 20,
    script: (messages) => (asksForTitle({ messages }) ? 'A title that takes a long time to write' : 'Yes.'),
  });
  await settings.setForAll({ titles: 'model' });
  await session.generation.send('Which boats sail in the north?');
  await expect.poll(() => engine.requests.some(asksForTitle)).toBe(true);
  await session.generation.send('And in the south?');
  expect(session.state.chat?.messages.size).toBe(4);
  expect(title(session)).toBe('Which boats sail in the north?');
});
