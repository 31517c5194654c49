import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embedMany, generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { drain } from '../../engine/testing/calls.ts';
import type { ClientSuite } from './openai-suite.ts';
import { rejection } from './toy-alcove.ts';

const ANSWER = 'The capital of France is Paris.';
const CAPITAL = 'What is the capital of France?';
const Resident = z.object({ name: z.string().max(20), city: z.enum(['Oslo', 'Rome']) });

/** The Vercel AI SDK, unchanged, with `alcove.fetch`. */
export function describeAiSdk(name: string, { alcove, model: id, hasEmbeddings }: ClientSuite): void {
  const provider = createOpenAICompatible({
    name: 'alcove',
    baseURL: 'https://alcove.local/v1',
    fetch: alcove.fetch,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
  const greedy = { model: provider.chatModel(id), temperature: 0 } as const;

  describe(`the AI SDK ${name}`, { timeout: 300_000 }, () => {
    test('generates text with its usage', async () => {
      const { text, usage, finishReason } = await generateText({ ...greedy, prompt: CAPITAL });
      expect(text).toBe(ANSWER);
      expect(finishReason).toBe('stop');
      expect(usage.outputTokens).toBeGreaterThan(5);
    });

    test('streams text, and reasoning apart from it', async () => {
      const { textStream, reasoningText, usage } = streamText({ ...greedy, prompt: 'Think: what is 2 plus 9?' });
      const pieces = await drain(textStream);
      expect(pieces.join('')).toBe('The sum is 11.');
      expect(await reasoningText).toBe('I add 2 and 9.');
      expect((await usage).outputTokens).toBeGreaterThan(5);
    });

    test('aborts a stream, and the next request is answered', async () => {
      const abort = new AbortController();
      const { fullStream } = streamText({
        ...greedy,
        prompt: 'Tell me a long story.',
        // web-llm's answer of a model that thinks comes whole: src/api/hold-text.ts.
        maxOutputTokens: 40,
        abortSignal: abort.signal,
      });
      const types: string[] = [];
      for await (const part of fullStream) {
        types.push(part.type);
        if (part.type === 'text-delta') abort.abort();
      }
      expect(types.at(-1)).toBe('abort');
      expect((await generateText({ ...greedy, prompt: CAPITAL })).text).toBe(ANSWER);
    });

    test('generates an object by a schema', async () => {
      const { object } = await generateObject({ ...greedy, schema: Resident, prompt: 'As JSON: Sami lives in Oslo.' });
      expect(object).toEqual({ name: 'Sami', city: 'Oslo' });
    });

    test('runs a tool, and gives its result back to the model', async () => {
      const cities: string[] = [];
      const get_weather = tool({
        inputSchema: z.object({ city: z.string() }),
        execute: ({ city }) => {
          cities.push(city);
          return { city, sky: 'rainy' };
        },
      });
      const { steps, text } = await generateText({
        ...greedy,
        tools: { get_weather },
        stopWhen: stepCountIs(2),
        maxOutputTokens: 90,
        prompt: 'What is the weather in Lima?',
      });
      expect(cities[0]).toBe('Lima');
      expect(steps).toHaveLength(2);
      expect(text).not.toBe('');
    });

    test('throws its own error, which it does not try again', async () => {
      const error = await rejection(
        generateText({ model: provider.chatModel('no-such-model'), prompt: CAPITAL, maxRetries: 0 }),
      );
      expect(APICallError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({ statusCode: 404, isRetryable: false });
    });

    if (hasEmbeddings) {
      test('embeds many texts', async () => {
        const model = provider.embeddingModel(id);
        const { embeddings, usage } = await embedMany({ model, values: ['The sky is blue.', 'Count to ten.'] });
        expect(embeddings.map((vector) => Math.round(1000 * Math.hypot(...vector)))).toEqual([1000, 1000]);
        expect(usage.tokens).toBeGreaterThan(8);
      });
    }
  });
}
