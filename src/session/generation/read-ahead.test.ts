import { afterEach, expect, test } from 'vitest';
import type { GenerateCall, GenerateEvent } from '../../engine/engine.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { abortError } from '../../platform/errors.ts';
import { Session } from '../session.ts';
import { isBatteryLow } from './battery.ts';

const sessions: Session[] = [];

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

/** Notes what it is asked, and, while it holds, reads ahead until it is stopped, and answers when it is let go. */
class ReadingEngine extends ScriptedEngine {
  readonly calls: GenerateCall[] = [];
  stopped = 0;
  holds = false;
  readonly #released = Promise.withResolvers<void>();

  override async *generate(call: GenerateCall, signal: AbortSignal): AsyncGenerator<GenerateEvent> {
    this.calls.push(call);
    if (this.holds && !call.readAhead) await this.#released.promise;
    yield* super.generate(call, signal);
    if (!call.readAhead || !this.holds) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    this.stopped += 1;
    throw abortError();
  }

  release(): void {
    this.#released.resolve();
  }

  get ahead(): GenerateCall[] {
    return this.calls.filter(({ readAhead }) => readAhead);
  }
}

async function start(databaseName = `test-${crypto.randomUUID()}`) {
  const engine = new ReadingEngine();
  const session = new Session({
    catalogueUrl: URL.createObjectURL(new Blob([JSON.stringify({ version: 1, models: [scriptedRecord()] })])),
    databaseName,
    createEngine: async () => engine,
  });
  sessions.push(session);
  await session.start();
  return { session, engine, chatId: () => session.state.chat?.id ?? '' };
}

test('a pause in typing lets the model read the chat and the draft, and leaves the chat as it is', async () => {
  const { session, engine, chatId } = await start();
  await session.generation.send('Hello!');
  const { chat } = session.state;
  session.chats.drafts.write(chatId(), 'And in the');
  await expect.poll(() => engine.ahead.length).toBe(1);
  const [ahead] = engine.ahead;
  expect(ahead?.sampling?.maxTokens).toBe(1);
  await session.generation.send('And in the south?');
  const sent = engine.calls.at(-1)?.messages ?? [];
  expect(ahead?.messages).toEqual([...sent.slice(0, -1), { role: 'user', content: 'And in the' }]);
  expect(session.state.chat?.messages.size).toBe((chat?.messages.size ?? 0) + 2);
});

test('the same chat is read again only when the draft has grown by a good deal', async () => {
  const { session, engine, chatId } = await start();
  await session.generation.send('Hello!');
  await session.generation.readAhead(chatId(), 'And');
  await session.generation.readAhead(chatId(), 'And in the south?');
  expect(engine.ahead).toHaveLength(1);
  await session.generation.readAhead(chatId(), 'And in the south? '.repeat(20));
  expect(engine.ahead).toHaveLength(2);
});

test('a message that is sent stops the reading at once', async () => {
  const { session, engine, chatId } = await start();
  await session.generation.send('Hello!');
  engine.holds = true;
  void session.generation.readAhead(chatId(), 'And');
  await expect.poll(() => engine.ahead.length).toBe(1);
  engine.release();
  await session.generation.send('And in the south?');
  expect(engine.stopped).toBe(1);
  expect(session.state.chat?.messages.size).toBe(4);
});

test('nothing is read while the model is not loaded, and nothing of a chat that is not open', async () => {
  const first = await start();
  await first.session.generation.send('Hello!');
  await first.session.generation.readAhead('another', 'And');
  await first.session.models.unload();
  await first.session.generation.readAhead(first.chatId(), 'And');
  expect(first.engine.ahead).toHaveLength(0);
});

test('nothing is read while an answer is written', async () => {
  const { session, engine, chatId } = await start();
  await session.generation.send('Hello!');
  engine.holds = true;
  const answer = session.generation.send('And in the south?');
  await session.generation.readAhead(chatId(), 'And');
  engine.release();
  await answer;
  expect(engine.ahead).toHaveLength(0);
});

test('a battery is low when it is nearly empty and not charged', async () => {
  const low = (battery: { charging: boolean; level: number }) => isBatteryLow({ getBattery: async () => battery });
  expect(await low({ charging: false, level: 0.1 })).toBe(true);
  expect(await low({ charging: true, level: 0.1 })).toBe(false);
  expect(await low({ charging: false, level: 0.5 })).toBe(false);
  expect(await isBatteryLow({})).toBe(false);
});
