import { afterEach, expect, test, vi } from 'vitest';
import type { GenerateEvent } from '../../engine/engine.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import { canRun } from '../../models/fit/fit-result.ts';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { Session } from '../session.ts';

const RECORD = scriptedRecord({
  contextWindow: 4_096,
  trainedContextWindow: 32_768,
  memory: { layers: 4, kvLayers: 4, kvHeads: 2, headSize: 32 },
});
const USUAL = 8_192;

const sessions: Session[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

/** Ends no answer before it is released. */
class GatedEngine extends ScriptedEngine {
  readonly gate = Promise.withResolvers<void>();

  override async *generate(...[call, signal]: Parameters<ScriptedEngine['generate']>): AsyncGenerator<GenerateEvent> {
    for await (const event of super.generate(call, signal)) {
      if (event.type === 'finish') await this.gate.promise;
      yield event;
    }
  }
}

async function start(databaseName = `test-${crypto.randomUUID()}`, engine = new ScriptedEngine()) {
  const catalogueUrl = URL.createObjectURL(new Blob([JSON.stringify({ version: 1, models: [RECORD] })]));
  const session = new Session({ catalogueUrl, databaseName, createEngine: async () => engine });
  sessions.push(session);
  await session.start();
  await vi.waitUntil(() => session.state.device !== undefined);
  session.models.select(RECORD.id);
  const shown = (): number | undefined => {
    const fit = session.state.models[0]?.fit;
    return fit !== undefined && canRun(fit) ? fit.estimate.contextWindow : undefined;
  };
  return { session, engine, databaseName, shown, loaded: () => engine.loaded?.model.contextWindow };
}

test('a model is loaded with what fits comfortably, and again with the window that the user chooses', async () => {
  const { session, shown, loaded } = await start();
  await session.generation.send('Hello');
  expect([shown(), loaded()]).toEqual([USUAL, USUAL]);
  await session.models.setContextWindow(RECORD.id, 16_384);
  expect([shown(), loaded(), session.state.engine.status]).toEqual([16_384, 16_384, 'ready']);
  await session.models.setContextWindow(RECORD.id, undefined);
  expect([shown(), loaded()]).toEqual([USUAL, USUAL]);
});

test('a choice is kept, and no stored value exceeds what the model was trained for', async () => {
  const first = await start();
  await first.session.models.setContextWindow(RECORD.id, 2_048);
  const second = await start(first.databaseName);
  expect(second.shown()).toBe(2_048);
  const key = `alcove-context-windows:${first.databaseName}`;
  localStorage.setItem(key, JSON.stringify({ [RECORD.id]: 1e9 }));
  expect((await start(first.databaseName)).shown()).toBe(32_768);
  for (const nonsense of ['{"script": "many"}', '{"script": -3}', '{"script": 1.5}', '[4]', '7', '{']) {
    localStorage.setItem(key, nonsense);
    expect((await start(first.databaseName)).shown(), nonsense).toBe(USUAL);
  }
});

test('a choice made in another tab applies here too', async () => {
  const { databaseName, shown } = await start();
  const key = `alcove-context-windows:${databaseName}`;
  const frame = document.body.appendChild(document.createElement('iframe'));
  // Another page of this origin writes it: the browser reports a change to the other pages alone.
  frame.contentWindow?.localStorage.setItem(key, JSON.stringify({ [RECORD.id]: 3_072 }));
  await vi.waitUntil(() => shown() === 3_072);
  frame.remove();
});

test('a choice during an answer does not end it, and applies to the next one', async () => {
  const engine = new GatedEngine();
  const { session, loaded } = await start(undefined, engine);
  const answer = session.generation.send('Hello');
  await vi.waitUntil(() => session.state.generation.status === 'streaming');
  await session.models.setContextWindow(RECORD.id, 16_384);
  expect(loaded()).toBe(USUAL);
  engine.gate.resolve();
  await answer;
  expect(loaded()).toBe(USUAL);
  await session.generation.send('Hello again');
  expect(loaded()).toBe(16_384);
});

test('after a load that failed for want of memory, a smaller window loads the model', async () => {
  const { session, engine, loaded } = await start();
  engine.failNextLoad(new AlcoveError('out-of-memory', 'by the test'));
  await session.models.load(RECORD.id);
  expect(session.state.engine.status).toBe('failed');
  await session.models.setContextWindow(RECORD.id, 2_048);
  expect([session.state.engine.status, loaded()]).toEqual(['ready', 2_048]);
  expect(session.state.models[0]?.fit.status).not.toBe('may-not-fit');
});
