import { afterEach, expect, test } from 'vitest';
import type { Message } from '../../chat/conversation.ts';
import { textOf } from '../../chat/message-parts.ts';
import { contextUse } from '../../chat/prompt/context-window.ts';
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

  /** The last prompt as one text, as a chat template joins the turns. */
  get last(): string {
    return joined(this.prompts.at(-1));
  }
}

function joined(messages: readonly PromptMessage[] = []): string {
  return messages.map(({ role, content }) => `<${role}>${promptText(content)}`).join('');
}

async function start(contextWindow = 2_000, keepsChats = true) {
  const engine = new NotingEngine({ script: () => 'It is so [1].' });
  const models = [scriptedRecord({ contextWindow }), scriptedRecord({ id: 'other', contextWindow: 4_000 })];
  const session = new Session({
    catalogueUrl: URL.createObjectURL(new Blob([JSON.stringify({ version: 1, models })])),
    databaseName: `test-${crypto.randomUUID()}`,
    createEngine: async () => engine,
    keepsChats,
  });
  sessions.push(session);
  await session.start();
  await session.settings.read();
  const ask = async (question: string, ...files: readonly File[]): Promise<Message> => {
    const parts = await Promise.all(
      files.map(async (file) => {
        const sha256 = await session.chats.files.add(file);
        return { type: 'document', name: file.name, mediaType: 'text/plain', sizeBytes: file.size, sha256 } as const;
      }),
    );
    await session.generation.send(question, undefined, parts);
    return lastOf(session);
  };
  return { session, engine, ask };
}

function lastOf({ state }: Session): Message {
  const message = state.chat && activePath(state.chat).at(-1);
  if (message === undefined) throw new Error('no message');
  return message;
}

/** A text of sections, each about an animal of its own and long enough for a passage. */
function handbook(...animals: readonly string[]): File {
  const sections = animals.map((animal) => {
    const filler = 'This chapter of the handbook explains where they live and what they eat in winter. '.repeat(14);
    return `# ${animal}\n\nEvery ${animal} sleeps in a den of its own. ${filler}`;
  });
  return new File([sections.join('\n\n')], 'handbook.md');
}

const ANIMALS = ['otter', 'badger', 'heron', 'lynx', 'beaver', 'marten', 'weasel', 'stoat', 'hedgehog', 'squirrel'];

test('documents that fit are in the prompt as a whole, before the question, and the answer notes it', async () => {
  const { engine, ask } = await start();
  const answer = await ask('Where does the otter sleep?', handbook('otter', 'badger'), new File(['Sea.'], 'sea.txt'));
  const question = promptText(engine.prompts[0]?.at(-1)?.content ?? '');
  expect(question.split('\n').filter((line) => /^(Answer|\[|#|Where)/.test(line))).toEqual([
    expect.stringMatching(/^Answer from the numbered passages/),
    '[1] handbook.md, otter',
    '# otter',
    '[2] handbook.md, badger',
    '# badger',
    '[3] sea.txt',
    '[Document: handbook.md]',
    '[Document: sea.txt]',
    'Where does the otter sleep?',
  ]);
  expect(answer.read?.documents.map(({ name, pages, isWhole }) => [name, pages, isWhole])).toEqual([
    ['handbook.md', 2, true],
    ['sea.txt', 1, true],
  ]);
  expect(answer.read?.passages.map(({ number, document, page, label }) => [number, document, page, label])).toEqual([
    [1, 0, 0, 'otter'],
    [2, 0, 1, 'badger'],
    [3, 1, 0, ''],
  ]);
});

test('of one that does not fit the best passages are, and another question finds others, numbered on', async () => {
  const { session, engine, ask } = await start();
  const first = await ask('Tell me about the heron.', handbook(...ANIMALS));
  expect(first.read?.documents).toMatchObject([{ name: 'handbook.md', pages: 10, isWhole: false }]);
  expect(first.read?.passages.some(({ label, score = 0 }) => label === 'heron' && score > 0)).toBe(true);
  expect(engine.last).toContain('Every heron sleeps');
  const before = engine.last;
  const second = await ask('And the lynx?');
  expect(second.read?.passages.map(({ label }) => label)).toEqual(['lynx']);
  const numbers = activePath(session.state.chat ?? neverChat()).flatMap(({ read }) =>
    (read?.passages ?? []).map(({ number }) => number),
  );
  expect(numbers).toEqual(Array.from(numbers, (_, index) => index + 1));
  expect(engine.last.startsWith(`${before}<assistant>It is so [1].`)).toBe(true);
});

test('later prompts begin with the earlier ones, answering again reads the same, and a reload changes nothing', async () => {
  const { session, engine, ask } = await start();
  await ask('Where does the otter sleep?', handbook('otter', 'badger'));
  const first = engine.last;
  const again = await ask('And the badger?');
  expect(again.read).toBeUndefined();
  const second = engine.last;
  expect(second.startsWith(first)).toBe(true);
  await session.generation.regenerate(again.id);
  expect(engine.last).toBe(second);
  const [question] = activePath(session.state.chat ?? neverChat());
  await session.generation.regenerate(question?.id ?? '');
  expect(engine.last).toBe(first);
});

test('a model with a larger context window reads the whole of what another one had passages of', async () => {
  const { session, ask } = await start();
  const passages = await ask('Where does the otter sleep?', handbook(...ANIMALS));
  expect(passages.read?.documents[0]?.isWhole).toBe(false);
  session.models.select('other');
  await session.generation.regenerate(passages.id);
  expect(lastOf(session).read?.documents[0]?.isWhole).toBe(true);
});

test('a document whose file is gone is named in the prompt, and the answer comes', async () => {
  const { session, engine } = await start();
  const part = { type: 'document', name: 'old".pdf', mediaType: 'application/pdf', sha256: '0'.repeat(64) } as const;
  await session.generation.send('What does it say?', undefined, [part]);
  expect(lastOf(session)).toMatchObject({ status: 'complete' });
  expect(lastOf(session).read).toBeUndefined();
  expect(engine.last).toContain('[The text of the document "old\\".pdf" cannot be read.]');
});

test('the context meter counts what was read, before an answer by an estimate, then by the count of the engine', async () => {
  const { session, engine, ask } = await start();
  await ask('Where does the otter sleep?', handbook('otter', 'badger'));
  const path = activePath(session.state.chat ?? neverChat());
  const counted = path[1]?.statistics?.promptTokens ?? 0;
  expect(contextUse(path).usedTokens).toBeGreaterThanOrEqual(counted);
  expect(contextUse(path).isEstimated).toBe(false);
  const withoutCount = path.map(({ statistics: _, ...message }) => message);
  expect(contextUse(withoutCount).usedTokens).toBeGreaterThan(path[1]?.read?.tokens ?? Number.POSITIVE_INFINITY);
  // The scripted engine counts words: its tokens are fewer than the estimate, documents included.
  expect(contextUse(path).factor).toBeGreaterThan(0.3);
  expect(engine.last.length).toBeGreaterThan(2_000);
});

test('a full chat makes room for the documents of the next question, and reads them again after a summary', async () => {
  const { session, engine, ask } = await start(1_000);
  await ask('Where does the otter sleep?', handbook('otter'));
  await ask('Say more. '.repeat(210));
  const file = handbook('heron');
  await expect(ask('And the heron?', file)).rejects.toMatchObject({ code: 'context-full' });
  const sha256 = await session.chats.files.add(file);
  const part = { type: 'document', name: 'heron.md', mediaType: 'text/plain', sizeBytes: file.size, sha256 } as const;
  await session.generation.send('And the heron?', 'summarise', [part]);
  const summary = engine.prompts.at(-2);
  expect(joined(summary)).toContain('Write notes');
  expect(joined(summary)).not.toContain('Every otter');
  expect(engine.last).toContain('Every heron sleeps');
});

test('a chat in memory reads documents too, and stores nothing', async () => {
  const { ask } = await start(2_000, false);
  const before = await indexedDB.databases();
  const answer = await ask('Where does the otter sleep?', handbook('otter'));
  expect(answer.read?.passages).toHaveLength(1);
  expect(textOf(answer)).toBe('It is so [1].');
  expect(await indexedDB.databases()).toEqual(before);
});

function neverChat(): never {
  throw new Error('no chat');
}
