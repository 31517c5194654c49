import { cleanupWebMCPPolyfill, initializeWebMCPPolyfill } from '@mcp-b/webmcp-polyfill';
import { afterEach, expect, test, vi } from 'vitest';
import type { GenerateRequest, PromptMessage } from '../../engine/engine.ts';
import { ScriptedEngine } from '../../engine/scripted/scripted-engine.ts';
import { button, deepText } from '../../ui/testing/deep-dom.ts';
import { record, type ScriptedChat, scriptedChat } from '../testing/scripted-chat.ts';

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

afterEach(() => {
  document.body.replaceChildren();
  cleanupWebMCPPolyfill();
  Reflect.deleteProperty(document, 'modelContext');
  Reflect.deleteProperty(navigator, 'modelContext');
  vi.restoreAllMocks();
});

/** A double of a browser's context, in the shape that a version of Chrome has. */
class Context extends EventTarget {
  tools: readonly unknown[] = [];
  readonly called: unknown[] = [];
  getTools = async (): Promise<readonly unknown[]> => this.tools;
  // Chrome 155 and later; up to 154 the arguments are a required text.
  executeTool: (...parameters: never[]) => Promise<unknown> = async (tool: unknown, ...others: unknown[]) => {
    this.called.push([tool, ...others]);
    return JSON.stringify({ sky: 'rainy' });
  };

  install(owner: object): void {
    Object.defineProperty(owner, 'modelContext', { value: this, configurable: true });
  }

  change(tools: readonly unknown[]): void {
    this.tools = tools;
    this.dispatchEvent(new Event('toolchange'));
  }
}

/** The element on the page, with a model that calls the first tool that it is offered. */
function pageChat(): { readonly chat: ScriptedChat; readonly requests: GenerateRequest[] } {
  const requests: GenerateRequest[] = [];
  const script = (messages: readonly PromptMessage[], request: GenerateRequest) => {
    requests.push(request);
    const name = request.tools?.[0]?.name;
    if (name === undefined) return 'No tools.';
    const last = messages.at(-1);
    if (last?.role === 'tool') return `Result: ${String(last.content)}`;
    return { text: '', toolCalls: [{ id: 'c1', name, argumentsJson: '{"city":"Lima"}' }] };
  };
  const chat = scriptedChat({ scripted: new ScriptedEngine({ script }) });
  chat.setAttribute('use-page-tools', '');
  document.body.append(chat);
  return { chat, requests };
}

function offered(requests: readonly GenerateRequest[]): readonly (readonly string[])[] {
  return requests.map(({ tools = [] }) => tools.map(({ name }) => name));
}

test('a tool that the page registers with a polyfill is called once the user allows it, also if that came later', async () => {
  const { chat, requests } = pageChat();
  const send = async (): Promise<string> => (await chat.send('What is the weather in Lima?')).content;
  expect(await send()).toBe('No tools.');
  initializeWebMCPPolyfill();
  const context: unknown = Reflect.get(document, 'modelContext');
  const { registerTool } = context as { registerTool(tool: object, options: object): Promise<void> };
  const abort = new AbortController();
  const execute = vi.fn(async ({ city }: { city: string }) => `It rains in ${city}.`);
  const tool = { name: 'get_weather', description: 'The weather', inputSchema: SCHEMA, execute };
  await registerTool.call(context, tool, { signal: abort.signal });
  const calls = record(chat, 'alcove-tool-call');
  const answered = send();
  await expect.poll(() => deepText(chat)).toContain('Allow once');
  expect(execute).not.toHaveBeenCalled();
  button(chat, 'Allow once').click();
  expect(await answered).toBe('Result: It rains in Lima.');
  expect(execute).toHaveBeenCalledOnce();
  expect(calls[0]).toMatchObject({ source: 'page', needsConfirmation: true });
  expect(requests.at(-1)?.tools).toEqual([{ name: 'get_weather', description: 'The weather', parameters: SCHEMA }]);
  abort.abort();
  await expect.poll(send).toBe('No tools.');
});

test.each([
  ['the document', () => document, 1],
  ['the navigator, with arguments as a text', () => navigator, 2],
] as const)('a context of %s is used in the shape that it has', async (_, owner, length) => {
  const context = new Context();
  Object.defineProperty(context.executeTool, 'length', { value: length });
  context.install(owner());
  // Nulls for what is absent: Chrome 160.
  const named = { title: null, inputSchema: length === 2 ? JSON.stringify(SCHEMA) : SCHEMA, annotations: null };
  const tool = { ...named, name: 'shop.get-weather', description: 'The weather' };
  context.tools = [tool];
  const { chat, requests } = pageChat();
  chat.addEventListener('alcove-tool-call', (event) => event.allow());
  expect((await chat.send('What is the weather in Lima?')).content).toBe('Result: {"sky":"rainy"}');
  const sent = length === 2 ? '{"city":"Lima"}' : { city: 'Lima' };
  expect(context.called).toEqual([[tool, sent, { signal: expect.any(AbortSignal) }]]);
  expect(offered(requests)[0]).toEqual(['shop_get-weather']);
});

test('tools come and go with the events of the page, and none are offered without the attribute', async () => {
  const context = new Context();
  context.install(document);
  const { chat, requests } = pageChat();
  chat.addEventListener('alcove-tool-call', (event) => event.preventDefault());
  const shown = () => chat.made.at(-1)?.state.tools.map(({ name }) => name);
  const send = async (): Promise<readonly string[] | undefined> => {
    await chat.send('What is the weather in Lima?');
    return offered(requests).at(-1);
  };
  expect(await send()).toEqual([]);
  const tool = { name: 'a.b', description: 'One', inputSchema: SCHEMA };
  context.change([tool, { ...tool, name: 'a_b' }, { ...tool, name: 'x'.repeat(128) }]);
  await expect.poll(shown).toHaveLength(3);
  expect(await send()).toEqual(['a_b', 'a_b_2', 'x'.repeat(64)]);
  context.change([]);
  await expect.poll(shown).toEqual([]);
  expect(await send()).toEqual([]);
  context.change([tool]);
  await expect.poll(shown).toEqual(['a_b']);
  chat.usePageTools = false;
  await chat.updateComplete;
  await expect.poll(shown).toEqual([]);
  expect(await send()).toEqual([]);
  chat.usePageTools = true;
  await chat.updateComplete;
  expect(await send()).toEqual(['a_b']);
});

test('contexts and tools that are none are left out, and the answer still comes', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const context = new Context();
  context.install(document);
  const good = { name: 'good', description: '', inputSchema: SCHEMA };
  context.tools = [null, 'tool', {}, { name: '' }, { ...good, name: 'bad', inputSchema: '{' }, good];
  const { chat, requests } = pageChat();
  chat.addEventListener('alcove-tool-call', (event) => event.preventDefault());
  await chat.send('What is the weather in Lima?');
  expect(offered(requests)[0]).toEqual(['good']);
  context.getTools = () => Promise.reject(new DOMException('not here', 'NotAllowedError'));
  context.change([]);
  expect((await chat.send('And now?')).content).toBe('No tools.');
  expect(warned).toHaveBeenCalledTimes(2);
  Object.defineProperty(document, 'modelContext', { value: { getTools: 3 }, configurable: true });
  expect((await chat.send('And now?')).content).toBe('No tools.');
});

test('a result in MCP’s form is read, and one that is an error is one', async () => {
  const context = new Context();
  context.install(document);
  context.tools = [{ name: 'get_weather', description: 'The weather', inputSchema: SCHEMA }];
  const { chat } = pageChat();
  chat.addEventListener('alcove-tool-call', (event) => event.allow());
  let isError = false;
  context.executeTool = async () => ({ content: [{ type: 'text', text: 'Rain.' }, { type: 'image' }], isError });
  expect((await chat.send('What is the weather in Lima?')).content).toBe('Result: Rain.');
  isError = true;
  expect((await chat.send('And now?')).content).toBe('Result: Error: Error: Rain.');
});

test('the page’s own tool of a name comes before the one that it offers to all', async () => {
  const context = new Context();
  context.install(document);
  context.tools = [{ name: 'get_weather', description: 'The weather', inputSchema: SCHEMA }];
  const { chat } = pageChat();
  await chat.registerTool({ name: 'get_weather', readOnly: true, inputSchema: SCHEMA, execute: () => 'registered' });
  expect((await chat.send('What is the weather in Lima?')).content).toBe('Result: registered');
  expect(context.called).toEqual([]);
});
