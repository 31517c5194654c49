import OpenAI, { APIUserAbortError, BadRequestError, NotFoundError } from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { drain } from '../../engine/testing/calls.ts';
import type { Alcove } from '../alcove.ts';
import { rejection, user } from './toy-alcove.ts';

export interface ClientSuite {
  readonly alcove: Alcove;
  readonly model: string;
  /** The engine computes embeddings. */
  readonly hasEmbeddings: boolean;
}

const ANSWER = 'The capital of France is Paris.';
const STORY = 'Tell me a long story.';
const Resident = z.object({ name: z.string().max(20), city: z.enum(['Oslo', 'Rome']) });
const WEATHER = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

/** The official client of OpenAI, unchanged, with `alcove.fetch`. */
export function describeOpenAiClient(name: string, { alcove, model, hasEmbeddings }: ClientSuite): void {
  const client = new OpenAI({
    baseURL: 'https://alcove.local/v1',
    apiKey: 'none',
    fetch: alcove.fetch,
    dangerouslyAllowBrowser: true,
  });
  const greedy = { model, temperature: 0 } as const;
  const capital = { ...greedy, messages: user('What is the capital of France?') };
  const weather = { ...greedy, max_tokens: 90, messages: user('What is the weather in Lima?') };

  describe(`the openai package ${name}`, { timeout: 300_000 }, () => {
    test('lists the downloaded models, and finds one', async () => {
      const models = await drain(client.models.list());
      expect(models.map(({ id }) => id)).toEqual([model]);
      expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: 'model' });
    });

    test('chats, whole and streamed', async () => {
      const completion = await client.chat.completions.create(capital);
      expect(completion.choices[0]?.message.content).toBe(ANSWER);
      expect(completion.usage?.completion_tokens).toBeGreaterThan(5);
      const stream = client.chat.completions.stream({ ...capital, stream_options: { include_usage: true } });
      const deltas: string[] = [];
      stream.on('content', (delta) => deltas.push(delta));
      expect(await stream.finalContent()).toBe(ANSWER);
      expect(deltas.length).toBeGreaterThan(3);
      expect((await stream.totalUsage()).completion_tokens).toBe(completion.usage?.completion_tokens);
    });

    test('has log probabilities, stops at a text, and keeps to JSON', async () => {
      const [choice] = (await client.chat.completions.create({ ...capital, logprobs: true, top_logprobs: 2 })).choices;
      const tokens = choice?.logprobs?.content ?? [];
      expect(tokens.map(({ token }) => token).join('')).toBe(ANSWER);
      expect(tokens.every(({ logprob, top_logprobs: top }) => logprob <= 0 && top.length === 2)).toBe(true);
      const stopped = (await client.chat.completions.create({ ...capital, stop: [' is'] })).choices[0];
      expect([stopped?.message.content, stopped?.finish_reason]).toEqual(['The capital of France', 'stop']);
      const json = { ...capital, max_tokens: 8, response_format: { type: 'json_object' } } as const;
      expect((await client.chat.completions.create(json)).choices[0]?.message.content).toMatch(/^\s*\{/);
    });

    test('aborts a stream, and the next request is answered', async () => {
      // Raw, because web-llm's chat answers of a model that thinks come whole: src/api/hold-text.ts.
      const stream = await client.completions.create({ ...greedy, prompt: rawPrompt(STORY), stream: true });
      let text = '';
      for await (const { choices } of stream) {
        text += choices[0]?.text ?? '';
        if (text.length > 10) stream.controller.abort();
      }
      expect(text).toMatch(/^On day/);
      // The story has 2,140 characters.
      expect(text.length).toBeLessThan(1_000);
      const abort = new AbortController();
      const call = client.chat.completions.create(capital, { signal: abort.signal });
      abort.abort();
      expect(await rejection(call)).toBeInstanceOf(APIUserAbortError);
      expect((await client.chat.completions.create(capital)).choices[0]?.message.content).toBe(ANSWER);
    });

    test('parses structured output by a zod schema', async () => {
      const parsed = await client.chat.completions.parse({
        ...greedy,
        messages: user('As JSON: Sami lives in Oslo.'),
        response_format: zodResponseFormat(Resident, 'resident'),
      });
      expect(parsed.choices[0]?.message.parsed).toEqual({ name: 'Sami', city: 'Oslo' });
    });

    test('calls a tool, in a stream too', async () => {
      const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: WEATHER } }];
      const { choices } = await client.chat.completions.create({ ...weather, tools });
      expect(choices[0]?.finish_reason).toBe('tool_calls');
      const [call] = choices[0]?.message.tool_calls ?? [];
      if (call?.type !== 'function') throw new Error(`no call, but ${JSON.stringify(choices)}`);
      expect([call.function.name, JSON.parse(call.function.arguments)]).toEqual(['get_weather', { city: 'Lima' }]);
      const streamed = await client.chat.completions
        .stream({ ...weather, tools, tool_choice: 'required' })
        .finalFunctionToolCall();
      expect(JSON.parse(streamed?.arguments ?? '')).toEqual({ city: 'Lima' });
      const messages = [
        ...weather.messages,
        { role: 'assistant' as const, content: null, tool_calls: [call] },
        { role: 'tool' as const, tool_call_id: call.id, content: '{"city": "Lima", "sky": "rainy"}' },
      ];
      const answered = await client.chat.completions.create({ ...weather, messages, tools });
      expect(answered.choices[0]?.message.content).toMatch(/^It is rainy/);
    });

    test('asks for responses: text, structured, streamed, with a call', async () => {
      const input = 'What is the capital of France?';
      const response = await client.responses.create({ ...greedy, input });
      expect(response).toMatchObject({ status: 'completed', output_text: ANSWER });
      const stream = client.responses.stream({ ...greedy, input });
      const types = new Set<string>();
      stream.on('event', ({ type }) => types.add(type));
      expect((await stream.finalResponse()).output_text).toBe(ANSWER);
      for (const type of ['created', 'output_text.delta', 'output_item.done', 'completed']) {
        expect(types).toContain(`response.${type}`);
      }
      const parsed = await client.responses.parse({
        ...greedy,
        input: 'As JSON: Sami lives in Oslo.',
        text: { format: zodTextFormat(Resident, 'resident') },
      });
      expect(parsed.output_parsed).toEqual({ name: 'Sami', city: 'Oslo' });
      const called = await client.responses.create({
        ...greedy,
        max_output_tokens: 90,
        input: 'What is the weather in Lima?',
        tools: [{ type: 'function', name: 'get_weather', parameters: WEATHER, strict: false }],
      });
      expect(called.output).toMatchObject([
        { type: 'function_call', name: 'get_weather', arguments: expect.stringMatching(/^\{"city": ?"Lima"\}$/) },
      ]);
    });

    test('continues a raw prompt', async () => {
      const prompt = rawPrompt('What is the capital of France?');
      const { choices } = await client.completions.create({ ...greedy, prompt: `${prompt}The` });
      expect(choices[0]?.text).toBe(' capital of France is Paris.');
    });

    test('throws its own errors, with the parameter at fault', async () => {
      const unknown = await rejection(client.chat.completions.create({ ...capital, model: 'no-such-model' }));
      expect(unknown).toBeInstanceOf(NotFoundError);
      expect(unknown).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
      const long = { ...capital, messages: user('word '.repeat(5_000)) };
      const tooLong = await rejection(client.chat.completions.create(long));
      expect(tooLong).toBeInstanceOf(BadRequestError);
      expect(tooLong).toMatchObject({ code: 'context_length_exceeded', type: 'invalid_request_error' });
      const streamed = await rejection(client.chat.completions.create({ ...long, stream: true }));
      expect(streamed).toBeInstanceOf(BadRequestError);
      expect(await rejection(client.chat.completions.create({ ...capital, n: 3 }))).toMatchObject({ param: 'n' });
    });

    if (hasEmbeddings) {
      test('computes embeddings, decoded from base64', async () => {
        const { data, usage } = await client.embeddings.create({ model, input: ['The sky is blue.', 'Count to ten.'] });
        expect(data.map(({ embedding }) => Math.round(1000 * Math.hypot(...embedding)))).toEqual([1000, 1000]);
        expect(usage.prompt_tokens).toBeGreaterThan(8);
      });
    } else {
      test('says that the model computes no embeddings', async () => {
        const error = await rejection(client.embeddings.create({ model, input: 'The sky is blue.' }));
        expect(error).toMatchObject({ status: 400, code: 'unsupported_parameter', param: 'model' });
      });
    }
  });
}

/** As the toy's chat template writes it. */
function rawPrompt(question: string): string {
  return `<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`;
}
