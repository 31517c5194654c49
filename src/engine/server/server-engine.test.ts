import { describe, expect, test } from 'vitest';
import prompts from '../../../tools/toy-model/prompts.json';
import type { PromptMessage, PromptPart } from '../engine.ts';
import { ask, drain, failure, textOf, usageOf } from '../testing/calls.ts';
import { describeEngine } from '../testing/engine-contract.ts';
import { TOOL_TEMPLATE } from '../wllama/testing/chat-template.ts';
import { IMAGE_TOKENS } from '../wllama/testing/random-projector.ts';
import { ServerEngine } from './server-engine.ts';
import { PICTURE, startLlama, TOY_WIDTH } from './testing/chat-servers.ts';

const { signal } = new AbortController();
const model = await startLlama();
const readKey = async (): Promise<undefined> => undefined;

describeEngine('the engine of a server of one’s own', {
  create: () => new ServerEngine({ readKey }),
  model,
  isRemote: true,
});

describe('llama.cpp’s server', () => {
  test('is recognised with its capabilities', async () => {
    expect(model).toMatchObject({
      id: expect.stringMatching(/^@127\.0\.0\.1:\d+\//),
      name: 'toy-f32',
      engine: 'server',
      contextWindow: 2048,
      source: { kind: 'custom-server', serverKind: 'llama.cpp' },
    });
    const engine = new ServerEngine({ readKey });
    await drain(engine.load({ model }, signal));
    expect(await engine.capabilities(model)).toMatchObject({ tools: false, images: false, thinkingSwitch: false });
    engine.dispose();
  });

  test('gives the reference answers of the model, token for token', async () => {
    const engine = new ServerEngine({ readKey });
    await drain(engine.load({ model }, signal));
    for (const { messages, answer } of prompts.filter((_, index) => index % 2 === 0)) {
      const request = { messages: messages as PromptMessage[], sampling: { temperature: 0 } };
      const events = await drain(engine.generate({ model, ...request }, signal));
      const [, thought = '', text = answer] = /^<think>\n(.*)\n<\/think>\n\n(.*)$/s.exec(answer) ?? [];
      expect({ messages, text: textOf(events) }).toEqual({ messages, text });
      expect(textOf(events, 'reasoning-delta')).toBe(thought);
    }
    engine.dispose();
  });

  test('reuses the tokens of the prompt’s prefix, and reports them', async () => {
    const engine = new ServerEngine({ readKey });
    await drain(engine.load({ model }, signal));
    const first = usageOf(await drain(engine.generate({ model, ...ask('What colour is the sky?') }, signal)));
    const again = usageOf(await drain(engine.generate({ model, ...ask('What colour is the sky?') }, signal)));
    expect(again.reusedTokens).toBeGreaterThan(0.8 * first.promptTokens);
    expect(again.decodeTokensPerSecond).toBeGreaterThan(0);
    engine.dispose();
  });

  test('accepts the right key, and no other', async () => {
    const locked = await startLlama({ key: 'open sesame' });
    for (const key of [undefined, 'wrong']) {
      const refused = new ServerEngine({ readKey: async () => key });
      // llama.cpp lists its models to everyone; its answers are for who has the key.
      const error = await failure(refused.load({ model: locked }, signal)).catch(async () =>
        failure(refused.generate({ model: locked, ...ask('Hello!') }, signal)),
      );
      expect(error).toMatchObject({ code: 'server-key-refused' });
    }
    const engine = new ServerEngine({ readKey: async () => 'open sesame' });
    await drain(engine.load({ model: locked }, signal));
    expect(textOf(await drain(engine.generate({ model: locked, ...ask('What colour is the sky?') }, signal)))).toBe(
      'The sky is blue.',
    );
    engine.dispose();
  });

  test('reads the pictures of a message, each in tokens of its own', async () => {
    const seeing = await startLlama({ projectorWidth: TOY_WIDTH });
    const engine = new ServerEngine({ readKey });
    await drain(engine.load({ model: seeing }, signal));
    expect(await engine.capabilities(seeing)).toMatchObject({ images: true });
    const image = await (await fetch(PICTURE)).blob();
    const promptTokens = async (...images: readonly (Blob | string)[]): Promise<number> => {
      const pictures = images.map((one) => ({ type: 'image' as const, image: one }));
      const content: PromptPart[] = [{ type: 'text', text: 'What colour is the sky?' }, ...pictures];
      const events = await drain(engine.generate({ model: seeing, messages: [{ role: 'user', content }] }, signal));
      expect(events.at(-1)).toMatchObject({ type: 'finish' });
      return usageOf(events).promptTokens;
    };
    const none = await promptTokens();
    expect(await promptTokens(image)).toBe(none + IMAGE_TOKENS);
    expect(await promptTokens(image, PICTURE)).toBe(none + 2 * IMAGE_TOKENS);
    expect(textOf(await drain(engine.generate({ model: seeing, ...ask('What colour is the sky?') }, signal)))).toBe(
      'The sky is blue.',
    );
    engine.dispose();
  });

  test('calls a tool, reads its result, and follows a schema', async () => {
    const withTools = await startLlama({ template: TOOL_TEMPLATE });
    const engine = new ServerEngine({ readKey });
    await drain(engine.load({ model: withTools }, signal));
    expect(await engine.capabilities(withTools)).toMatchObject({ tools: true, thinkingSwitch: true });
    const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const tools = [{ name: 'get_weather', parameters }];
    const question: PromptMessage = { role: 'user', content: 'What is the weather in Rome?' };
    const sampling = { temperature: 0, maxTokens: 100 };
    const events = await drain(
      engine.generate({ model: withTools, messages: [question], tools, thinking: true, sampling }, signal),
    );
    const call = events.find((event) => event.type === 'tool-call');
    if (call?.type !== 'tool-call') throw new Error(`no call, but ${JSON.stringify(events)}`);
    expect({ name: call.name, arguments: JSON.parse(call.argumentsJson) }).toEqual({
      name: 'get_weather',
      arguments: { city: 'Rome' },
    });
    expect(events.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls' });
    const messages: PromptMessage[] = [
      question,
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', content: '{"city": "Rome", "sky": "snowy"}', toolCallId: call.id },
    ];
    const answer = await drain(
      engine.generate({ model: withTools, messages, tools, thinking: true, sampling }, signal),
    );
    expect(textOf(answer)).toBe('It is snowy in Rome.');

    const responseFormat = { type: 'json-schema', schema: { enum: ['green', 'red'] } } as const;
    const chosen = await drain(
      engine.generate({ model: withTools, ...ask('What colour is the sky?'), responseFormat }, signal),
    );
    expect(['green', 'red']).toContain(JSON.parse(textOf(chosen)));
    engine.dispose();
  });
});
