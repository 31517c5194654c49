import { afterEach, expect, test } from 'vitest';
import type { ImagePart } from '../../chat/message-parts.ts';
import type { Capabilities, GenerateRequest, PromptPart } from '../../engine/engine.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import { scriptedRecord } from '../../models/testing/made-up.ts';
import { Session } from '../session.ts';

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

async function start(capabilities: Partial<Capabilities> = {}) {
  const engine = new NotingEngine({ capabilities });
  const catalogue = { version: 1, models: [scriptedRecord()] };
  const session = new Session({
    catalogueUrl: URL.createObjectURL(new Blob([JSON.stringify(catalogue)])),
    databaseName: `test-${crypto.randomUUID()}`,
    createEngine: async () => engine,
  });
  sessions.push(session);
  await session.start();
  return { session, engine };
}

async function attach(session: Session, words: string): Promise<ImagePart> {
  const sha256 = await session.chats.files.add(new Blob([words], { type: 'image/png' }));
  return { type: 'image', name: `${words}.png`, mediaType: 'image/png', sha256 };
}

/** What the engine was last asked, each image as its bytes. */
async function lastTurn({ requests }: NotingEngine): Promise<readonly string[]> {
  const content = requests.at(-1)?.messages.at(-1)?.content ?? '';
  if (typeof content === 'string') return [content];
  const toText = async (part: PromptPart) =>
    part.type === 'text' ? part.text : `<${typeof part.image === 'string' ? part.image : await part.image.text()}>`;
  return Promise.all(content.map(toText));
}

test('images of a chat reach a model that sees, from the store, with each request', async () => {
  const { session, engine } = await start();
  await session.generation.send('A cat?', undefined, [await attach(session, 'cat')]);
  expect(await lastTurn(engine)).toEqual(['<cat>', 'A cat?']);
  await session.generation.send('And now?');
  const [first] = engine.requests.at(-1)?.messages ?? [];
  expect(first?.content).toMatchObject([{ type: 'image' }, { type: 'text', text: 'A cat?' }]);
});

test('images of a chat are named to a model that does not see, and where their bytes are gone', async () => {
  const blind = await start({ images: false });
  await blind.session.generation.send('A cat?', undefined, [await attach(blind.session, 'cat')]);
  expect(await lastTurn(blind.engine)).toEqual(['[Image: cat.png]\n\nA cat?']);
  const seeing = await start();
  const lost = { ...(await attach(seeing.session, 'cat')), sha256: '00' };
  await seeing.session.generation.send('A cat?', undefined, [lost, await attach(seeing.session, 'dog')]);
  expect(await lastTurn(seeing.engine)).toEqual(['[Image: cat.png]', '<dog>', 'A cat?']);
});
