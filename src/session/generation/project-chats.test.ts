import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../chat/conversation.ts';
import { activePath } from '../../chat/tree.ts';
import type { GenerateCall, PromptMessage } from '../../engine/engine.ts';
import { promptText } from '../../engine/prompt-text.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { Session } from '../session.ts';

const sessions: Session[] = [];

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

class NotingEngine extends ScriptedEngine {
  readonly prompts: (readonly PromptMessage[])[] = [];

  override generate(...parameters: Parameters<ScriptedEngine['generate']>): ReturnType<ScriptedEngine['generate']> {
    const [{ messages }]: [GenerateCall, ...unknown[]] = parameters;
    this.prompts.push(messages);
    return super.generate(...parameters);
  }

  get last(): readonly string[] {
    return (this.prompts.at(-1) ?? []).map(({ content }) => promptText(content));
  }
}

async function start(databaseName = `test-${crypto.randomUUID()}`) {
  const engine = new NotingEngine({ script: () => 'It is so.' });
  const session = new Session({
    catalogueUrl: URL.createObjectURL(
      new Blob([JSON.stringify({ version: 1, models: [scriptedRecord({ contextWindow: 4_000 })] })]),
    ),
    databaseName,
    createEngine: async () => engine,
  });
  sessions.push(session);
  await session.start();
  await session.settings.read();
  const ask = async (question: string): Promise<Message | undefined> => {
    await session.generation.send(question);
    return session.state.chat && activePath(session.state.chat).at(-1);
  };
  return { databaseName, session, engine, ask };
}

test('the instructions of a project come after those of the page and before a persona, from the first prompt on', async () => {
  const { databaseName, session, engine, ask } = await start();
  const { id } = await session.chats.projects.create('Boats');
  await session.chats.projects.change(id, { instructions: 'You know boats.' });
  await session.settings.setInstructions('You help in this shop.');
  await session.settings.setForAll({ systemPrompt: 'Be brief.' });
  session.chats.new(id);
  await ask('How long is a mast?');
  expect(engine.last[0]).toBe('You help in this shop.\n\nYou know boats.\n\nBe brief.');
  expect(session.state.chat?.projectId).toBe(id);
  session.chats.new();
  await ask('How long is a mast?');
  expect(engine.last[0]).toBe('You help in this shop.\n\nBe brief.');
  const chatId = session.state.chat?.id ?? '';
  await session.chats.move(chatId, id);
  // In another tab that has just started.
  const other = await start(databaseName);
  await other.session.chats.open(chatId);
  await other.ask('And a keel?');
  expect(other.engine.last[0]).toBe('You know boats.\n\nBe brief.');
  await other.session.chats.projects.delete(id);
  await other.ask('And an oar?');
  expect(other.engine.last[0]).toBe('Be brief.');
});

test('the files of a project are read in all its chats, noted on the answer, and not in other chats', async () => {
  const { session, engine, ask } = await start();
  const { id } = await session.chats.projects.create('Boats');
  await session.chats.projects.addFiles(id, [
    new File(['The mast of the Gull is nine metres high.'], 'gull.txt'),
    new File([new Uint8Array([0, 1, 2, 0])], 'picture.bin'),
  ]);
  session.chats.new(id);
  const answer = await ask('How high is the mast of the Gull?');
  expect(engine.last.at(-1)).toContain('[1] gull.txt\nThe mast of the Gull is nine metres high.');
  expect(answer?.read?.documents).toMatchObject([{ name: 'gull.txt', isWhole: true }]);
  const again = await ask('And in feet?');
  expect(again?.read).toBeUndefined();
  expect(engine.last.filter((text) => text.includes('nine metres'))).toHaveLength(1);
  const [{ sha256 = '' } = {}] = session.state.projects?.[0]?.files ?? [];
  await session.chats.projects.removeFile(id, sha256);
  session.chats.new(id);
  expect((await ask('How high is the mast of the Gull?'))?.read).toBeUndefined();
  session.chats.new();
  expect((await ask('How high is the mast of the Gull?'))?.read).toBeUndefined();
});

test('a fork of a chat stays in its project', async () => {
  const { session, ask } = await start();
  const { id } = await session.chats.projects.create('Boats');
  session.chats.new(id);
  const answer = await ask('How long is a mast?');
  await session.generation.fork(answer?.id ?? '');
  expect(session.state.chat?.forkedFrom).toBeDefined();
  expect(session.state.chat?.projectId).toBe(id);
});
