import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import prompts from '../../tools/toy-model/prompts.json';
import type { EngineId, ModelRecord } from '../models/model-record.ts';
import type { Engine, GenerateEvent, PromptMessage } from './engine.ts';
import { drain, textOf } from './testing/calls.ts';
import { fetchToyRecord, storeToyModel } from './webllm/testing/store-toy-model.ts';
import { WebLlmEngine } from './webllm/webllm-engine.ts';
import { WllamaEngine } from './wllama/wllama-engine.ts';

const storeName = `weights-${crypto.randomUUID()}`;
const { signal } = new AbortController();

/** The long story takes a minute on SwiftShader; its beginning says as much. */
const MAX_TOKENS = 64;

// Minutes on SwiftShader: `npm run test:engines`, apart from the other tests.
describe('web-llm and llama.cpp with the same weights and greedy sampling', { timeout: 900_000 }, () => {
  const engines: readonly Engine[] = [
    new WebLlmEngine({ storeName }),
    new WllamaEngine({ storeName, backend: { kind: 'single' } }),
  ];
  const models = new Map<Engine, ModelRecord>();

  beforeAll(async () => {
    for (const engine of engines) {
      const model = await fetchToyRecord(engine.id as EngineId);
      models.set(engine, model);
      await storeToyModel(storeName, model);
      await drain(engine.load({ model }, signal));
    }
  }, 300_000);
  afterAll(() => {
    for (const engine of engines) engine.dispose();
  });

  test('write the same text for all prompts over all skills', async () => {
    expect(prompts.length).toBeGreaterThanOrEqual(60);
    expect(new Set(prompts.map(({ skill }) => skill)).size).toBeGreaterThanOrEqual(11);
    for (const { messages } of prompts) {
      const request = { messages: messages as PromptMessage[], sampling: { temperature: 0, maxTokens: MAX_TOKENS } };
      const [first, second] = await Promise.all(
        [...models].map(([engine, model]) => drain(engine.generate({ model, ...request }, signal))),
      );
      expect({ messages, ...written(second ?? []) }).toEqual({ messages, ...written(first ?? []) });
      expect(written(first ?? []).text.length).toBeGreaterThan(0);
    }
  });
});

function written(events: readonly GenerateEvent[]): { readonly text: string; readonly thought: string } {
  const calls = events.flatMap((event) => (event.type === 'tool-call' ? [`${event.name} ${event.argumentsJson}`] : []));
  return { text: [textOf(events), ...calls].join('\n'), thought: textOf(events, 'reasoning-delta') };
}
