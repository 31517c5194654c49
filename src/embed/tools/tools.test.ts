import { expect, test, vi } from 'vitest';
import type { PromptMessage, ToolCall } from '../../engine/engine.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import { button, deepText, settle } from '../../ui/testing/deep-dom.ts';
import type { AlcoveErrorEvent } from '../events.ts';
import { expectNoUnhandledRejections } from '../testing/no-unhandled-rejections.ts';
import { once, record, type ScriptedChat, scriptedChat } from '../testing/scripted-chat.ts';
import type { ChatTool } from './tool-types.ts';

expectNoUnhandledRejections();

const WEATHER: ChatTool = {
  name: 'get_weather',
  description: 'The weather of a city',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  readOnly: true,
  execute: ({ city }: { city: string }) => ({ city, sky: 'rainy' }),
};

/** Calls a tool, then answers with its result. */
function toolChat(call: Partial<ToolCall> = {}): ScriptedChat {
  const made = { id: 'c1', name: 'get_weather', argumentsJson: '{"city":"Lima"}', ...call };
  const script = (messages: readonly PromptMessage[], { tools = [] }: { tools?: readonly { name: string }[] }) => {
    if (tools.length === 0) return 'No tools.';
    const last = messages.at(-1);
    return last?.role === 'tool' ? `Result: ${String(last.content)}` : { text: '', toolCalls: [made] };
  };
  return scriptedChat({ scripted: new ScriptedEngine({ script }) });
}

test('a tool that is registered before the first render is called, and the message has call and result', async () => {
  const chat = toolChat();
  await chat.registerTool(WEATHER);
  document.body.append(chat);
  const calls = record(document, 'alcove-tool-call');
  const answer = await chat.send('What is the weather in Lima?');
  expect(answer).toMatchObject({ status: 'complete', content: 'Result: {"city":"Lima","sky":"rainy"}' });
  expect(answer.toolCalls).toEqual([
    {
      id: 'c1',
      name: 'get_weather',
      argumentsJson: '{"city":"Lima"}',
      state: 'complete',
      result: '{"city":"Lima","sky":"rainy"}',
    },
  ]);
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({
    name: 'get_weather',
    arguments: { city: 'Lima' },
    source: 'registered',
    needsConfirmation: false,
    callId: 'c1',
    messageId: answer.id,
  });
  await expect.poll(() => deepText(chat)).toContain('Tool call: get_weather');
});

test('a listener declines a call, allows it, or answers it itself', async () => {
  const chat = toolChat();
  document.body.append(chat);
  const execute = vi.fn(() => 'rainy');
  await chat.registerTool({ ...WEATHER, readOnly: false, execute });
  const send = async (): Promise<string> => (await chat.send('What is the weather in Lima?')).content;
  const next = once(chat, 'alcove-tool-call');
  chat.addEventListener('alcove-tool-call', (event) => event.preventDefault(), { once: true });
  expect(await send()).toMatch(/^Result: Declined: the page/);
  chat.addEventListener('alcove-tool-call', (event) => event.respondWith(Promise.resolve('sunny')), { once: true });
  expect(await send()).toBe('Result: sunny');
  expect(execute).not.toHaveBeenCalled();
  chat.addEventListener('alcove-tool-call', (event) => event.allow(), { once: true });
  expect(await send()).toBe('Result: rainy');
  const late = await next;
  expect(() => late.allow()).toThrow(expect.objectContaining({ name: 'InvalidStateError' }));
});

test('the user is asked before a tool that changes something, inside the element', async () => {
  const chat = toolChat();
  document.body.append(chat);
  await chat.registerTool({ ...WEATHER, readOnly: false });
  const answered = chat.send('What is the weather in Lima?');
  await expect.poll(() => deepText(chat)).toContain('Always in this chat');
  const internal = vi.fn();
  document.addEventListener('alcove-tool-answer', internal, { once: true });
  button(chat, 'Always in this chat').click();
  expect((await answered).content).toContain('rainy');
  // Not a second time in this chat.
  expect((await chat.send('And now?')).content).toContain('rainy');
  await chat.newChat();
  const declined = chat.send('What is the weather in Lima?');
  await expect.poll(() => deepText(chat)).toContain('Don’t allow');
  button(chat, 'Don’t allow').click();
  expect((await declined).content).toMatch(/^Result: Declined: the user/);
  expect(internal).not.toHaveBeenCalled();
});

test('a stop, and the end of the element, end a tool that hangs', async () => {
  const chat = toolChat();
  document.body.append(chat);
  const signals: AbortSignal[] = [];
  await chat.registerTool({
    ...WEATHER,
    execute: (_: unknown, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    },
  });
  const first = chat.send('What is the weather in Lima?');
  await expect.poll(() => signals).toHaveLength(1);
  await expect.poll(() => deepText(chat)).toContain('Running…');
  await chat.stop();
  expect(await first).toMatchObject({ status: 'stopped', toolCalls: [{ state: 'failed' }] });
  const second = chat.send('And now?');
  await expect.poll(() => signals).toHaveLength(2);
  chat.remove();
  await expect(second).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([true, true]);
});

test.each<readonly [what: string, tool: unknown, reason: RegExp]>([
  ['nothing', undefined, /name is not/],
  ['a name with a space', { ...WEATHER, name: 'get weather' }, /name is not/],
  ['a name that is too long', { ...WEATHER, name: 'x'.repeat(65) }, /name is not/],
  ['a description that is none', { ...WEATHER, description: 3 }, /description is not/],
  ['no function', { ...WEATHER, execute: 'rainy' }, /execute is not/],
  ['a schema that is none', { ...WEATHER, inputSchema: 'string' }, /inputSchema: a schema is an object/],
  ['a schema of no object', { ...WEATHER, inputSchema: { type: 'string' } }, /inputSchema\.type/],
  ['a wrong type', { ...WEATHER, inputSchema: { properties: { a: { type: 'text' } } } }, /inputSchema\.properties\.a/],
  ['a schema that JSON cannot hold', { ...WEATHER, inputSchema: { const: 1n } }, /inputSchema: a schema is an object/],
  ['a schema that is too long', { ...WEATHER, inputSchema: { title: 'x'.repeat(40_000) } }, /too long/],
])('a tool with %s is refused with what is wrong', async (_, tool, reason) => {
  const chat = toolChat();
  document.body.append(chat);
  const errors = record(chat, 'alcove-error');
  const refused = chat.registerTool(tool as ChatTool);
  await expect(refused).rejects.toMatchObject({
    code: 'tool-invalid',
    data: { reason: expect.stringMatching(reason) },
  });
  expect(errors.map(({ error }: AlcoveErrorEvent) => error.code)).toEqual(['tool-invalid']);
  expect((await chat.send('Hello?')).content).toBe('No tools.');
});

test('arguments are checked by what constrained decoding cannot keep of a schema, too', async () => {
  const chat = toolChat({ argumentsJson: '{"city":"Lima Lima"}' });
  document.body.append(chat);
  const execute = vi.fn();
  const city = { type: 'string', not: { pattern: ' ' } };
  await chat.registerTool({ ...WEATHER, inputSchema: { type: 'object', properties: { city } }, execute });
  expect((await chat.send('What is the weather in Lima?')).content).toMatch(/^Result: Error: .*#\/city/);
  expect(execute).not.toHaveBeenCalled();
});

test('a name can be registered once, is free when its tool is taken away or its signal aborts', async () => {
  const chat = toolChat();
  document.body.append(chat);
  const errors = record(chat, 'alcove-error');
  const abort = new AbortController();
  await chat.registerTool({ ...WEATHER, execute: () => 'first' }, { signal: abort.signal });
  // The caller ignores the promise; the event says why.
  void chat.registerTool(WEATHER);
  await expect.poll(() => errors.map(({ error }) => error.data['reason'])).toEqual(['is registered already']);
  expect((await chat.send('What is the weather in Lima?')).content).toBe('Result: first');
  abort.abort();
  expect((await chat.send('And now?')).content).toBe('No tools.');
  await chat.registerTool({ ...WEATHER, execute: () => 'second' });
  expect((await chat.send('And now?')).content).toBe('Result: second');
  expect(await chat.unregisterTool('get_weather')).toBe(true);
  expect(await chat.unregisterTool('get_weather')).toBe(false);
  expect((await chat.send('And now?')).content).toBe('No tools.');
});

test('a chat with calls is shown again after a reload, exported and imported', async () => {
  const chat = toolChat();
  chat.history = `tools-${crypto.randomUUID()}`;
  document.body.append(chat);
  await chat.registerTool(WEATHER);
  await chat.send('What is the weather in Lima?');
  const [summary] = await chat.chats.list();
  const file = await chat.export();
  chat.remove();

  const again = toolChat();
  Object.assign(again, { databaseName: chat.databaseName, history: chat.history });
  document.body.append(again);
  await again.chats.open(summary?.id ?? '');
  expect(again.messages.at(-1)?.toolCalls).toMatchObject([{ state: 'complete' }]);
  await settle(again);
  await expect.poll(() => deepText(again)).toContain('Tool call: get_weather');
  const other = toolChat();
  document.body.append(other);
  expect(await other.import(file)).toMatchObject({ added: 1, unread: 0 });
  await other.chats.open((await other.chats.list())[0]?.id ?? '');
  expect(other.messages.at(-1)?.toolCalls).toMatchObject([{ name: 'get_weather', state: 'complete' }]);
});

test('the user sees which tools the model is offered, and takes back what they have allowed', async () => {
  const chat = toolChat();
  document.body.append(chat);
  await chat.registerTool({ ...WEATHER, readOnly: false });
  const answered = chat.send('What is the weather in Lima?');
  await expect.poll(() => deepText(chat)).toContain('Always in this chat');
  button(chat, 'Always in this chat').click();
  await answered;
  await expect.poll(() => deepText(chat)).toContain('1 tool');
  button(chat, '1 tool').click();
  await expect.poll(() => deepText(chat)).toContain('Always allowed in this chat');
  expect(deepText(chat)).toMatch(/get_weather The weather of a city The page provides it for this chat\./);
  button(chat, 'Ask again').click();
  await expect.poll(() => deepText(chat)).toContain('You are asked before each call.');
  button(chat, 'Close').click();
  await chat.unregisterTool('get_weather');
  await expect.poll(() => deepText(chat)).not.toContain('1 tool');
});
