import { afterAll, describe, expect, test } from 'vitest';
import { openToyAlcove, rejection, TOY, user } from './testing/toy-alcove.ts';

const alcove = await openToyAlcove();
afterAll(() => alcove.dispose());

const BASE = 'https://alcove.local/v1';
const CAPITAL = { model: TOY, temperature: 0, messages: user('What is the capital of France?') };

function post(path: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  return alcove.fetch(`${BASE}/${path}`, { method: 'POST', body: JSON.stringify(body), ...init });
}

describe('alcove.fetch', { timeout: 60_000 }, () => {
  test('makes no request, and takes a string, a URL or a Request', async () => {
    const before = performance.getEntriesByType('resource').length;
    for (const input of [`${BASE}/models`, new URL('/v1/models/', location.href), new Request(`${BASE}/models`)]) {
      const { object, data } = await (await alcove.fetch(input)).json();
      expect([object, data.length]).toEqual(['list', 1]);
    }
    expect(performance.getEntriesByType('resource').filter(({ name }) => name.includes('/v1/'))).toEqual([]);
    expect(performance.getEntriesByType('resource').length).toBeGreaterThanOrEqual(before);
  });

  test('streams server-sent events that end with [DONE]', async () => {
    const response = await post('chat/completions', { ...CAPITAL, stream: true });
    expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const events = (await response.text()).split('\n\n').filter((event) => event !== '');
    expect(events.at(-1)).toBe('data: [DONE]');
    const text = events.slice(0, -1).map((event) => JSON.parse(event.slice('data: '.length)).choices[0].delta.content);
    expect(text.join('')).toBe('The capital of France is Paris.');
  });

  test('names the events of a response', async () => {
    const body = { model: TOY, temperature: 0, input: 'Think: what is 2 plus 9?', stream: true };
    const lines = (await (await post('responses', body)).text()).split('\n');
    const names = lines.filter((line) => line.startsWith('event: ')).map((line) => line.slice('event: '.length));
    expect(names[0]).toBe('response.created');
    expect(names).toContain('response.reasoning_text.delta');
    expect(names.at(-1)).toBe('response.completed');
    const data = lines.filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6)));
    expect(data.map((event) => event.sequence_number)).toEqual(data.map((_, index) => index));
    expect(data.at(-1).response.output.map((item: { type: string }) => item.type)).toEqual(['reasoning', 'message']);
  });

  test('a body that its reader cancels ends the answer', async () => {
    const story = { model: TOY, temperature: 0, messages: user('Tell me a long story.'), stream: true };
    const reader = (await post('chat/completions', story)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect((await post('chat/completions', CAPITAL)).status).toBe(200);
  });

  test('rejects with the reason of its signal, as a real fetch does', async () => {
    const reason = new Error('enough');
    expect(await rejection(post('chat/completions', CAPITAL, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    const abort = new AbortController();
    const call = post('chat/completions', CAPITAL, { signal: abort.signal });
    abort.abort(reason);
    expect(await rejection(call)).toBe(reason);
  });

  test.each([
    ['POST', 'chat/completions', '{"model": ', 400, 'invalid_json'],
    ['POST', 'chat/completions', '[]', 400, 'invalid_type'],
    [
      'POST',
      'chat/completions',
      '{"model": "none", "messages": [{"role": "user", "content": "x"}]}',
      404,
      'model_not_found',
    ],
    ['POST', 'responses', JSON.stringify({ model: TOY, input: 'x', store: true }), 400, 'unsupported_parameter'],
    [
      'POST',
      'responses',
      JSON.stringify({ model: TOY, input: [{ type: 'item_reference' }] }),
      400,
      'unsupported_parameter',
    ],
    ['POST', 'embeddings', JSON.stringify({ model: TOY }), 400, 'missing_required_parameter'],
    ['GET', 'models/none', undefined, 404, 'model_not_found'],
    ['GET', 'models/toy-q0f32-MLC', undefined, 404, 'model_not_downloaded'],
    ['GET', 'chat/completions', undefined, 405, 'method_not_allowed'],
    ['POST', 'images/generations', '{}', 404, 'unknown_url'],
  ] as const)('%s %s with %s is answered %i', async (method, path, body, status, code) => {
    const response = await alcove.fetch(`${BASE}/${path}`, { method, ...(body !== undefined && { body }) });
    expect(response.status).toBe(status);
    expect(response.headers.get('x-should-retry')).toBe('false');
    const { error } = await response.json();
    expect(error).toEqual({
      code,
      type: 'invalid_request_error',
      message: expect.any(String),
      param: status === 400 && code !== 'invalid_json' && code !== 'invalid_type' ? expect.any(String) : error.param,
    });
  });
});
