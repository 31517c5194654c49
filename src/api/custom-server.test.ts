import { expect, test } from 'vitest';
import { PICTURE, startLlamaServer, TOY_WIDTH } from '../engine/server/testing/chat-servers.ts';
import { IMAGE_TOKENS } from '../engine/wllama/testing/random-projector.ts';
import { Alcove } from './alcove.ts';
import type { ImagePart } from './chat-types.ts';
import { openSession } from './testing/toy-alcove.ts';

test('a picture of a request reaches the model of a custom server, and is answered', async () => {
  const session = openSession();
  const alcove = new Alcove(session);
  await session.start();
  await session.models.servers.add(await startLlamaServer({ projectorWidth: TOY_WIDTH }), '');
  const model = (await alcove.models.list()).find(({ record }) => record.engine === 'server')?.id ?? 'none';
  const text = { type: 'text', text: 'What colour is the sky?' } as const;
  const promptTokens = async (...pictures: readonly ImagePart[]): Promise<number> => {
    const messages = [{ role: 'user' as const, content: [text, ...pictures] }];
    const { choices, usage } = await alcove.chat.completions.create({ model, messages, max_completion_tokens: 20 });
    expect(choices[0].message.content).not.toBe('');
    return usage.prompt_tokens;
  };
  const without = await promptTokens();
  expect(await promptTokens({ type: 'image_url', image_url: { url: PICTURE } })).toBe(without + IMAGE_TOKENS);
  alcove.dispose();
});
