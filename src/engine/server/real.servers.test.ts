import { beforeAll, describe, expect, inject, test } from 'vitest';
import prompts from '../../../tools/toy-model/prompts.json';
import { serverRecords, toBaseUrl } from '../../models/catalogue/custom-server.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import type { PromptMessage, PromptPart } from '../engine.ts';
import { ask, drain, failure, never, textOf, usageOf } from '../testing/calls.ts';
import { describeEngine } from '../testing/engine-contract.ts';
import { CAPITAL, CAPITAL_ANSWER, STORY, STORY_START } from '../testing/engine-harness.ts';
import { IMAGE_TOKENS } from '../wllama/testing/random-projector.ts';
import { listModels } from './list-models.ts';
import { ServerEngine } from './server-engine.ts';
import { PICTURE } from './testing/chat-servers.ts';

/**
 * `npm run test:servers`: vLLM, and LiteLLM's proxy in front of it and of llama.cpp's server, as the site uses them: from a
 * page of another origin. See docs/custom-servers.md.
 */
declare module 'vitest' {
  interface ProvidedContext {
    /** Of e2e/support/vitest-real-servers.ts. */
    readonly realServers: {
      readonly vllm: string;
      readonly liteLlm: string;
      readonly key: string;
      readonly killVllm: string;
    };
  }
}

const servers = inject('realServers');
const readKey = async (): Promise<string> => servers.key;

const models = { vllm: await modelsOf(servers.vllm), liteLlm: await modelsOf(servers.liteLlm) };
const [onVllm] = models.vllm;
if (onVllm === undefined) throw new Error('vLLM lists no model');
const [vllmByProxy, llamaByProxy] = ['toy-on-vllm', 'toy-on-llama-cpp'].map((name) => {
  const found = models.liteLlm.find((model) => model.name === name);
  if (found === undefined) throw new Error(`the proxy lists no ${name}`);
  return found;
});

const WEATHER = {
  name: 'get_weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

async function modelsOf(address: string): Promise<readonly ModelRecord[]> {
  const baseUrl = toBaseUrl(address) ?? '';
  const listing = await listModels(baseUrl, { key: servers.key, signal: never() });
  return serverRecords({ id: address, baseUrl, hasKey: true, listedAt: Date.now(), ...listing });
}

function create(): ServerEngine {
  return new ServerEngine({ readKey });
}

async function answerOf(model: ModelRecord | undefined, messages: readonly PromptMessage[]): Promise<string> {
  const engine = create();
  try {
    return textOf(
      await drain(engine.generate({ model: there(model), messages, sampling: { temperature: 0 } }, never())),
    );
  } finally {
    engine.dispose();
  }
}

function there(model: ModelRecord | undefined): ModelRecord {
  if (model === undefined) throw new Error('no model');
  return model;
}

describeEngine('the engine of a custom server, on vLLM', { create, model: onVllm, isRemote: true });
describeEngine('the engine of a custom server, on LiteLLM before vLLM', {
  create,
  model: there(vllmByProxy),
  isRemote: true,
});
describeEngine('the engine of a custom server, on LiteLLM before llama.cpp', {
  create,
  model: there(llamaByProxy),
  isRemote: true,
});

describe('vLLM', () => {
  test('is recognised with its context window', () => {
    expect(onVllm).toMatchObject({
      name: 'toy',
      contextWindow: 2048,
      source: { kind: 'custom-server', serverKind: 'vllm' },
    });
  });

  test('gives the reference answers of the model, token for token', async () => {
    for (const { messages, answer } of prompts.filter((_, index) => index % 4 === 0)) {
      const [, , text = answer] = /^<think>\n(.*)\n<\/think>\n\n(.*)$/s.exec(answer) ?? [];
      expect({ messages, text: await answerOf(onVllm, messages as PromptMessage[]) }).toEqual({ messages, text });
    }
  });

  test('answers several users at once, each from their own chat', async () => {
    const names = ['Amir', 'Ada', 'Mei', 'Otto'];
    const answers = names.map(async (name) => {
      const asked = ask(`My name is ${name}.`).messages;
      const greeting = { role: 'assistant' as const, content: await answerOf(onVllm, asked) };
      return answerOf(onVllm, [...asked, greeting, ...ask('What is my name?').messages]);
    });
    const alone = await Promise.all(answers);
    expect(alone.filter((text, index) => text.includes(names[index] ?? '?'))).toHaveLength(names.length);
  });

  test('stops to generate when the user stops the answer', async () => {
    const engine = create();
    const stop = new AbortController();
    await failure(engine.generate({ model: there(onVllm), ...STORY }, stop.signal), (event) => {
      if (event.type === 'text-delta') stop.abort();
    });
    const running = async (): Promise<string | undefined> => {
      const text = await (await fetch(`${servers.vllm}/metrics`)).text();
      return /^vllm:num_requests_running\{.*\} (\S+)$/m.exec(text)?.[1];
    };
    await expect.poll(running).toBe('0.0');
    expect(textOf(await drain(engine.generate({ model: there(onVllm), ...CAPITAL }, never())))).toBe(CAPITAL_ANSWER);
    engine.dispose();
  });

  test('counts the tokens of a prompt, and says how large one is that is too long', async () => {
    const engine = create();
    const counted = await engine.countTokens({ model: there(onVllm), ...CAPITAL }, never());
    const usage = usageOf(await drain(engine.generate({ model: there(onVllm), ...CAPITAL }, never())));
    expect(counted).toBe(usage.promptTokens);
    const error = await failure(engine.generate({ model: there(onVllm), ...ask('a b c d e '.repeat(2_000)) }, never()));
    expect(error).toMatchObject({ code: 'context-exceeded', data: { contextWindow: 2048 } });
    engine.dispose();
  });

  test('refuses a picture for a model without eyes, and says so', async () => {
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'image', image: PICTURE },
    ] as const;
    const engine = create();
    const error = await failure(
      engine.generate({ model: there(onVllm), messages: [{ role: 'user', content }] }, never()),
    );
    expect(error).toMatchObject({ code: 'server-failed', data: { reason: expect.stringContaining('multimodal') } });
    engine.dispose();
  });
});

describe.each([
  ['vLLM', onVllm],
  ['LiteLLM before vLLM', vllmByProxy],
])('%s', (_, model) => {
  test('calls a tool, and answers with its result', async () => {
    const engine = create();
    const question: PromptMessage = { role: 'user', content: 'What is the weather in Rome?' };
    const request = { model: there(model), tools: [WEATHER], sampling: { temperature: 0, maxTokens: 100 } };
    const events = await drain(engine.generate({ ...request, messages: [question] }, never()));
    const call = events.find((event) => event.type === 'tool-call');
    if (call?.type !== 'tool-call') throw new Error(`no call, but ${JSON.stringify(events)}`);
    expect({ name: call.name, arguments: JSON.parse(call.argumentsJson) }).toEqual({
      name: 'get_weather',
      arguments: { city: 'Rome' },
    });
    const messages: PromptMessage[] = [
      question,
      { role: 'assistant', content: '', toolCalls: [call] },
      { role: 'tool', content: '{"city": "Rome", "sky": "snowy"}', toolCallId: call.id },
    ];
    expect(textOf(await drain(engine.generate({ ...request, messages }, never())))).toBe('It is snowy in Rome.');
    engine.dispose();
  });
});

describe.each([
  ['vLLM', onVllm],
  ['LiteLLM', vllmByProxy],
])('%s', (_, model) => {
  test('refuses a wrong key so that the page learns of it', async () => {
    for (const key of [undefined, 'wrong']) {
      const engine = new ServerEngine({ readKey: async () => key });
      expect(await failure(engine.load({ model: there(model) }, never()))).toMatchObject({
        code: 'server-key-refused',
      });
      engine.dispose();
    }
  });
});

test('LiteLLM lists the models of both servers', () => {
  expect(models.liteLlm.map(({ name }) => name).sort()).toEqual(['toy-on-llama-cpp', 'toy-on-vllm']);
  expect(vllmByProxy).toMatchObject({ contextWindow: 2048, source: { serverKind: 'other' } });
});

test('LiteLLM passes a picture on to a model that reads pictures', async () => {
  const engine = create();
  const promptTokens = async (...images: readonly string[]): Promise<number> => {
    const pictures = images.map((image) => ({ type: 'image' as const, image }));
    const content: PromptPart[] = [{ type: 'text', text: 'What is this?' }, ...pictures];
    const call = { model: there(llamaByProxy), messages: [{ role: 'user' as const, content }] };
    return usageOf(await drain(engine.generate(call, never()))).promptTokens;
  };
  expect((await promptTokens(PICTURE)) - (await promptTokens())).toBe(IMAGE_TOKENS);
  engine.dispose();
});

describe('a server that is killed in the middle of an answer', () => {
  let texts: string[] = [];
  let errors: Error[] = [];

  beforeAll(async () => {
    const started = [onVllm, vllmByProxy].map(() => Promise.withResolvers<void>());
    const ends = [onVllm, vllmByProxy].map(async (model, index) => {
      const engine = create();
      let text = '';
      const error = await failure(engine.generate({ model: there(model), ...STORY }, never()), (event) => {
        if (event.type !== 'text-delta') return;
        text += event.text;
        started[index]?.resolve();
      });
      engine.dispose();
      return { text, error };
    });
    await Promise.all(started.map(({ promise }) => promise));
    await fetch(servers.killVllm, { method: 'POST' });
    const ended = await Promise.all(ends);
    texts = ended.map(({ text }) => text);
    errors = ended.map(({ error }) => error);
  });

  test('ends the answer with an error, and its text is there', () => {
    expect(errors[0]).toMatchObject({ code: 'server-cut-off' });
    expect(texts[0]).toMatch(STORY_START);
  });

  test('does so behind a proxy too', () => {
    expect(errors[1]).toMatchObject({ code: expect.stringMatching(/^server-(cut-off|failed)$/) });
    expect(texts[1]).toMatch(STORY_START);
  });

  test('cannot be reached then, and the proxy serves the others', async () => {
    const engine = create();
    expect(await failure(engine.load({ model: there(onVllm) }, never()))).toMatchObject({ code: 'server-unreachable' });
    engine.dispose();
    expect(await answerOf(llamaByProxy, CAPITAL.messages)).toBe(CAPITAL_ANSWER);
  });
});
