import { afterEach, expect, test } from 'vitest';
import { comparedAnswers } from '../../chat/comparison.ts';
import type { Message } from '../../chat/conversation.ts';
import { textOf } from '../../chat/message-parts.ts';
import { activePath, siblings } from '../../chat/tree.ts';
import type { GenerateCall, GenerateEvent } from '../../engine/engine.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { Session } from '../session.ts';

const MODELS = ['script', 'other', 'third'].map((id) => scriptedRecord({ id, name: id }));
const sessions: Session[] = [];

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

/** Signs each answer with its model. Holds the answers of `held` models after their first word; `broken` ones fail. */
class SigningEngine extends ScriptedEngine {
  readonly asked: string[] = [];
  held: readonly string[] = [];
  broken: readonly string[] = [];
  readonly #gate = Promise.withResolvers<void>();

  constructor() {
    super({ script: () => `from ${this.asked.at(-1)}` });
  }

  release(): void {
    this.#gate.resolve();
  }

  override async *generate(call: GenerateCall, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    const { id } = call.model;
    this.asked.push(id);
    if (this.broken.includes(id)) this.failNextAnswer(1, new AlcoveError('generation-failed', 'broken'));
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    for await (const event of super.generate(call, signal)) {
      yield event;
      if (event.type === 'text-delta' && this.held.includes(id)) await Promise.race([this.#gate.promise, stopped]);
    }
  }
}

async function start(databaseName = `test-${crypto.randomUUID()}`) {
  const engine = new SigningEngine();
  const catalogueUrl = URL.createObjectURL(new Blob([JSON.stringify({ version: 1, models: MODELS })]));
  const session = new Session({ catalogueUrl, databaseName, createEngine: async () => engine });
  sessions.push(session);
  await session.start();
  return { session, engine, databaseName };
}

function answers({ state }: Session): readonly Message[] {
  return (state.chat && comparedAnswers(state.chat)) ?? [];
}

const texts = (session: Session): string[] => answers(session).map(textOf);
const statuses = (session: Session): string[] => answers(session).map(({ status }) => status);

test('three models answer one message, one after another, and the answers are siblings', async () => {
  const { session, engine } = await start();
  await session.generation.compareNext(['other', 'script', 'third']);
  await session.generation.send('Who are you?');
  expect(engine.asked).toEqual(['other', 'script', 'third']);
  expect(texts(session)).toEqual(['from other', 'from script', 'from third']);
  expect(answers(session).map(({ modelId }) => modelId)).toEqual(['other', 'script', 'third']);
  expect(session.state.compared).toBeUndefined();

  await session.generation.send('And now?');
  expect(answers(session)).toEqual([]);
  expect(session.state.chat && activePath(session.state.chat).map(textOf)[1]).toBe('from other');
});

test('the answer that is kept continues, and the others stay as its siblings', async () => {
  const { session, databaseName } = await start();
  await session.generation.compareNext(['script', 'other']);
  await session.generation.send('Who are you?');
  const [, kept] = answers(session);
  await session.generation.keep(kept?.id ?? '');
  const { chat } = session.state;
  expect(answers(session)).toEqual([]);
  expect(chat?.activeLeafId).toBe(kept?.id);
  expect(chat && siblings(chat, kept?.id ?? '').map(textOf)).toEqual(['from script', 'from other']);

  const { session: next } = await start(databaseName);
  await next.chats.open(chat?.id ?? '');
  expect(answers(next)).toEqual([]);
  expect(next.state.chat?.activeLeafId).toBe(kept?.id);
});

test('one of the answers is stopped, and the next model begins', async () => {
  const { session, engine } = await start();
  engine.held = ['script', 'other'];
  await session.generation.compareNext(['script', 'other']);
  const sent = session.generation.send('Who are you?');
  await expect.poll(() => texts(session)).toEqual(['from', '']);
  await session.generation.stop(undefined, answers(session)[0]?.id);
  await expect.poll(() => texts(session)).toEqual(['from', 'from']);
  expect(statuses(session)).toEqual(['stopped', 'streaming']);
  engine.release();
  await sent;
  expect(texts(session)).toEqual(['from', 'from other']);
});

test('Stop stops all answers, also those that wait', async () => {
  const { session, engine } = await start();
  engine.held = ['script'];
  await session.generation.compareNext(['script', 'other', 'third']);
  const sent = session.generation.send('Who are you?');
  await expect.poll(() => texts(session)).toEqual(['from', '', '']);
  expect(session.state.waiting.map(({ messageId }) => messageId)).toEqual(
    answers(session)
      .slice(1)
      .map(({ id }) => id),
  );
  await session.generation.stop();
  await sent;
  expect(statuses(session)).toEqual(['stopped', 'stopped', 'stopped']);
  expect(engine.asked).toEqual(['script']);
});

test('an answer that is kept while it is written continues, and the others stop', async () => {
  const { session, engine } = await start();
  engine.held = ['script'];
  await session.generation.compareNext(['script', 'other']);
  const sent = session.generation.send('Who are you?');
  await expect.poll(() => texts(session)).toEqual(['from', '']);
  const [kept, dropped] = answers(session);
  await session.generation.keep(kept?.id ?? '');
  engine.release();
  await sent;
  const messages = session.state.chat?.messages;
  expect(messages?.get(kept?.id ?? '')).toMatchObject({ status: 'complete' });
  expect(messages?.get(dropped?.id ?? '')).toMatchObject({ status: 'stopped', parts: [] });
});

test('a model that fails shows its error, and the others continue', async () => {
  const { session, engine } = await start();
  engine.broken = ['script'];
  await session.generation.compareNext(['script', 'other']);
  await session.generation.send('Who are you?');
  expect(statuses(session)).toEqual(['failed', 'complete']);
  expect(answers(session)[0]?.error?.code).toBe('generation-failed');
});

test('after a reload the compared answers are there again', async () => {
  const { session, databaseName } = await start();
  await session.generation.compareNext(['script', 'other']);
  await session.generation.send('Who are you?');
  const chatId = session.state.chat?.id ?? '';
  const { session: next } = await start(databaseName);
  await next.chats.open(chatId);
  expect(texts(next)).toEqual(['from script', 'from other']);
});

test('a model that is not there refuses the comparison before anything changes', async () => {
  const { session } = await start();
  await session.generation.compareNext(['script', 'gone']);
  await expect(session.generation.send('Who are you?')).rejects.toMatchObject({ code: 'model-unknown' });
  expect(session.state.chat).toBeUndefined();
});
