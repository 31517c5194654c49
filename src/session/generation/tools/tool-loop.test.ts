import { afterEach, expect, test, vi } from 'vitest';
import type { Message } from '../../../chat/conversation.ts';
import { type ToolResultPart, textOf } from '../../../chat/message-parts.ts';
import { activePath } from '../../../chat/tree.ts';
import type { GenerateRequest, PromptMessage, ToolCall } from '../../../engine/engine.ts';
import { decodableSchema } from '../../../engine/json-schema.ts';
import type { ScriptedCompletion } from '../../../engine/scripted/default-script.ts';
import { ScriptedEngine, type ScriptedEngineOptions } from '../../../engine/scripted/scripted-engine.ts';
import { scriptedRecord } from '../../../models/testing/made-up.ts';
import { AlcoveError } from '../../../platform/errors.ts';
import { Session } from '../../session.ts';
import type { SessionTool, ToolArguments } from './tool-box.ts';

const sessions: Session[] = [];

afterEach(() => {
  for (const session of sessions.splice(0)) session.dispose();
});

async function startSession(options: ScriptedEngineOptions, databaseName = `test-${crypto.randomUUID()}`) {
  const engine = new ScriptedEngine(options);
  const catalogue = JSON.stringify({ version: 1, models: [scriptedRecord()] });
  const session = new Session({
    catalogueUrl: URL.createObjectURL(new Blob([catalogue])),
    databaseName,
    createEngine: async () => engine,
  });
  sessions.push(session);
  await session.start();
  return { session, engine };
}

/** A tool that needs no confirmation and returns the weather of its city. */
function weather(change: Partial<SessionTool> = {}): SessionTool {
  return {
    name: 'get_weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    source: 'registered',
    needsConfirmation: false,
    decide: () => ({ action: 'run', isAllowed: false }),
    execute: ({ city }) => ({ city, sky: 'rainy' }),
    ...change,
  };
}

function called(...calls: readonly Partial<ToolCall>[]): ScriptedCompletion {
  const call = { id: 'c1', name: 'get_weather', argumentsJson: '{"city":"Lima"}' };
  return { text: '', toolCalls: calls.map((change) => ({ ...call, ...change })) };
}

/** Calls first, then answers with what the results were. */
function script(...calls: readonly Partial<ToolCall>[]) {
  return (messages: readonly PromptMessage[]) => {
    const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
    return results.length === 0 ? called(...calls) : `Results: ${results.join(' | ')}`;
  };
}

function answerOf({ state }: Session): Message | undefined {
  return state.chat && activePath(state.chat).at(-1);
}

/** States of the calls, and the results. */
function calls(message: Message | undefined): readonly [states: string[], results: string[]] {
  const parts = message?.parts ?? [];
  return [
    parts.flatMap((part) => (part.type === 'tool-call' ? part.state : [])),
    parts.flatMap((part) => (part.type === 'tool-result' ? part.content : [])),
  ];
}

async function ask(tools: readonly SessionTool[], ...made: readonly Partial<ToolCall>[]) {
  const { session } = await startSession({ script: script(...made) });
  session.tools.add(() => tools);
  await session.generation.send('What is the weather in Lima?');
  return answerOf(session);
}

test('a tool that the model calls is run, and the model answers with its result', async () => {
  const requests: GenerateRequest[] = [];
  const answers = script({});
  const { session } = await startSession({
    script: (messages, request) => {
      requests.push(request);
      return answers(messages);
    },
  });
  session.tools.add(async () => [weather()]);
  await session.generation.send('What is the weather in Lima?');
  const answer = answerOf(session);
  expect(answer).toMatchObject({ status: 'complete', finishReason: 'stop' });
  expect(answer?.parts).toEqual([
    { type: 'tool-call', id: 'c1', name: 'get_weather', argumentsJson: '{"city":"Lima"}', state: 'complete' },
    { type: 'tool-result', toolCallId: 'c1', content: '{"city":"Lima","sky":"rainy"}' },
    { type: 'text', text: 'Results: {"city":"Lima","sky":"rainy"}' },
  ]);
  // The figures are those of the question, and of all that was written.
  expect(answer?.statistics).toMatchObject({ promptTokens: 6, completionTokens: 2 });
  expect(requests.map(({ tools }) => tools?.map(({ name }) => name))).toEqual([['get_weather'], ['get_weather']]);
  expect(requests[1]?.messages.slice(1)).toEqual([
    { role: 'assistant', content: '', toolCalls: [expect.objectContaining({ id: 'c1' })] },
    { role: 'tool', content: '{"city":"Lima","sky":"rainy"}', toolCallId: 'c1' },
  ]);
});

test('several calls of one answer are run one after another, also if they have one id', async () => {
  const cities: unknown[] = [];
  let running = 0;
  const execute = async ({ city }: ToolArguments): Promise<unknown> => {
    running += 1;
    cities.push([city, running]);
    await Promise.resolve();
    running -= 1;
    return city;
  };
  const answer = await ask([weather({ execute })], {}, { argumentsJson: '{"city":"Oslo"}' });
  expect(cities).toEqual([
    ['Lima', 1],
    ['Oslo', 1],
  ]);
  expect(answer && textOf(answer)).toBe('Results: Lima | Oslo');
});

test.each<readonly [what: string, tool: Partial<SessionTool>, call: Partial<ToolCall>, result: RegExp]>([
  [
    'throws',
    { execute: () => Promise.reject(new RangeError('no such city')) },
    {},
    /^Error: RangeError: no such city$/,
  ],
  ['throws what is no error', { execute: () => Promise.reject(Object.create(null)) }, {}, /^Error: the tool failed$/],
  ['returns what JSON cannot hold', { execute: () => ({ size: 1n }) }, {}, /^Error: TypeError/],
  ['is not there', {}, { name: 'get_time' }, /^Error: there is no tool called "get_time"$/],
  [
    'is called without JSON',
    {},
    { argumentsJson: '{"city' },
    /^Error: TypeError: the arguments are not a JSON object$/,
  ],
  ['is called with another type', {}, { argumentsJson: '{"city":3}' }, /do not match the schema at #\/city: .*string/],
  ['is called without what it needs', {}, { argumentsJson: '' }, /do not match the schema at #: .*"city"/],
  ['has a schema with a broken reference', { parameters: { $ref: '#/none' } }, {}, /^Error: /],
])('a tool that %s gives a result that says so, and the answer continues', async (_, tool, call, result) => {
  const answer = await ask([weather(tool)], call);
  expect(calls(answer)).toEqual([['failed'], [expect.stringMatching(result)]]);
  expect(answer).toMatchObject({ status: 'complete' });
  expect(answer && textOf(answer)).toMatch(/^Results: Error/);
});

test('what a grammar cannot keep of a schema is checked when the tool is called', async () => {
  const list = { type: 'array', items: { type: 'integer' }, uniqueItems: true };
  const inputSchema = { type: 'object', properties: { list } };
  const tool = weather({ parameters: decodableSchema(inputSchema), inputSchema });
  const requests: GenerateRequest[] = [];
  const answers = script({ argumentsJson: '{"list":[1,1]}' });
  const { session } = await startSession({
    script: (messages, request) => {
      requests.push(request);
      return answers(messages);
    },
  });
  session.tools.add(() => [tool]);
  await session.generation.send('Which?');
  expect(requests[0]?.tools?.[0]?.parameters?.['properties']).toEqual({
    list: { type: 'array', items: { type: 'integer' } },
  });
  expect(calls(answerOf(session))).toEqual([['failed'], [expect.stringContaining('#/list')]]);
});

test('a result of 10 MB is cut for the model, and the part says by how much', async () => {
  const answer = await ask([weather({ execute: () => 'x'.repeat(10_000_000) })], {});
  const result = answer?.parts.find((part): part is ToolResultPart => part.type === 'tool-result');
  expect([result?.content.length, result?.omittedCharacters]).toEqual([1_000, 9_999_000]);
  expect(answer && textOf(answer)).toMatch(/x\n\[The result is cut here: 9999000 more characters are left out\.\]$/);
});

test('a stop ends a tool that hangs, and the next message can be sent', async () => {
  const started = Promise.withResolvers<AbortSignal>();
  const hanging = weather({
    execute: (_, { signal }) => {
      started.resolve(signal);
      return new Promise(() => {});
    },
  });
  const { session } = await startSession({ script: script({}, { id: 'c2' }) });
  session.tools.add(() => [hanging]);
  const sent = session.generation.send('What is the weather in Lima?');
  const signal = await started.promise;
  expect(calls(answerOf(session))).toEqual([['running', 'pending'], []]);
  await session.generation.stop();
  await sent;
  expect(signal.aborted).toBe(true);
  expect(answerOf(session)?.status).toBe('stopped');
  expect(calls(answerOf(session))).toEqual([
    ['failed', 'failed'],
    [expect.stringMatching(/^Cancelled/), expect.stringMatching(/^Cancelled/)],
  ]);
  await session.generation.send('And now?');
  expect(answerOf(session)?.status).toBe('complete');
});

test('a stop also ends the wait for tools that never come', async () => {
  const asked = Promise.withResolvers<void>();
  const { session } = await startSession({});
  session.tools.add(() => {
    asked.resolve();
    return new Promise(() => {});
  });
  const sent = session.generation.send('Hello?');
  await asked.promise;
  await session.generation.stop();
  await sent;
  expect(answerOf(session)?.status).toBe('stopped');
});

test('a model that calls tools again and again is asked to answer without them', async () => {
  let runs = 0;
  const execute = (): string => String(++runs);
  const { session } = await startSession({
    script: (_, { toolChoice }) => (toolChoice === 'none' ? 'Enough.' : called({})),
  });
  session.tools.add(() => [weather({ execute })]);
  await session.generation.send('What is the weather in Lima?');
  expect(runs).toBe(8);
  expect(answerOf(session)?.parts.at(-1)).toEqual({ type: 'text', text: 'Enough.' });
});

test('a call that the page declines or answers itself does not run the tool', async () => {
  const execute = vi.fn();
  const declined = await ask([weather({ execute, decide: () => ({ action: 'decline' }) })], {});
  expect(calls(declined)).toEqual([['declined'], [expect.stringMatching(/^Declined: the page/)]]);
  const result = Promise.resolve('sunny');
  const answered = await ask([weather({ execute, decide: () => ({ action: 'answer', result }) })], {});
  expect(calls(answered)).toEqual([['complete'], ['sunny']]);
  expect(execute).not.toHaveBeenCalled();
});

test('the user is asked before a call: once, for the chat, or never', async () => {
  const { session } = await startSession({
    script: (messages) => (messages.at(-1)?.role === 'tool' ? 'Done.' : called({})),
  });
  session.tools.add(() => [weather({ needsConfirmation: true, execute: () => 'rainy' })]);
  const answered: string[] = [];
  let answer: 'once' | 'always-in-chat' | 'never' = 'once';
  session.subscribe(() => {
    const { toolQuestion } = session.state;
    if (toolQuestion === undefined || answered.includes(toolQuestion.messageId)) return;
    answered.push(toolQuestion.messageId);
    expect(toolQuestion).toEqual({ chatId: session.state.chat?.id, messageId: answerOf(session)?.id, callId: 'c1' });
    void session.generation.answerToolCall('another', 'once');
    void session.generation.answerToolCall(toolQuestion.callId, answer);
  });
  const send = async (): Promise<readonly [string[], string[]]> => {
    await session.generation.send('What is the weather in Lima?');
    return calls(answerOf(session));
  };
  expect(await send()).toEqual([['complete'], ['rainy']]);
  answer = 'never';
  expect(await send()).toEqual([['declined'], [expect.stringMatching(/^Declined: the user/)]]);
  answer = 'always-in-chat';
  expect(await send()).toEqual([['complete'], ['rainy']]);
  expect(answered).toHaveLength(3);
  await send();
  expect(answered).toHaveLength(3);
  session.chats.new();
  answer = 'never';
  expect((await send())[0]).toEqual(['declined']);
  expect(answered).toHaveLength(4);
  expect(session.state.toolQuestion).toBeUndefined();
});

test('what is always allowed in a chat survives a reload, for that tool as it was, until the user takes it back', async () => {
  const databaseName = `test-${crypto.randomUUID()}`;
  const answers = (messages: readonly PromptMessage[]) => (messages.at(-1)?.role === 'tool' ? 'Done.' : called({}));
  const asked: string[] = [];
  const open = async (chatId: string | undefined, change: Partial<SessionTool> = {}): Promise<Session> => {
    const { session } = await startSession({ script: answers }, databaseName);
    session.tools.add(() => [weather({ needsConfirmation: true, ...change })]);
    session.subscribe(() => {
      const { toolQuestion } = session.state;
      if (toolQuestion === undefined || asked.includes(toolQuestion.messageId)) return;
      asked.push(toolQuestion.messageId);
      void session.generation.answerToolCall(toolQuestion.callId, 'always-in-chat');
    });
    if (chatId !== undefined) await session.chats.open(chatId);
    await session.generation.send('What is the weather in Lima?');
    return session;
  };
  const first = await open(undefined);
  const chatId = first.state.chat?.id ?? '';
  expect(first.state.chat?.allowedTools).toEqual([
    { name: 'get_weather', origin: location.origin, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  const file = await first.chats.transfer.exportChat(chatId);
  expect(await file.text()).not.toContain('get_weather","origin');
  expect(asked).toHaveLength(1);

  const again = await open(chatId);
  expect(asked).toHaveLength(1);
  const other = await open(chatId, { description: 'Buys an umbrella' });
  expect(asked).toHaveLength(2);

  await other.generation.askAgain('get_weather');
  expect(other.state.chat?.allowedTools).toEqual([]);
  await other.generation.send('And tomorrow?');
  expect(asked).toHaveLength(3);
  // No file can allow a tool.
  const chat: unknown = JSON.parse(await file.text());
  const { chats } = chat as { chats: Record<string, unknown>[] };
  const allowing = chats.map((one) => ({ ...one, id: 'evil', allowedTools: again.state.chat?.allowedTools }));
  const imported = (await startSession({})).session;
  await imported.chats.transfer.import(new Blob([JSON.stringify({ ...(chat as object), chats: allowing })]));
  await imported.chats.open('evil');
  expect(imported.state.chat).toMatchObject({ id: 'evil' });
  expect(imported.state.chat?.allowedTools).toBeUndefined();
});

test('the state has the tools that are offered, as their sources give them now', async () => {
  const { session } = await startSession({});
  let tools = [weather({ description: 'The weather' })];
  const leave = session.tools.add(async () => tools);
  await vi.waitUntil(() => session.state.tools.length > 0);
  expect(session.state.tools).toEqual([
    {
      name: 'get_weather',
      description: 'The weather',
      parameters: weather().parameters,
      source: 'registered',
      needsConfirmation: false,
    },
  ]);
  tools = [...tools, weather({ name: 'get_time' })];
  session.tools.changed();
  await vi.waitUntil(() => session.state.tools.length === 2);
  leave();
  await vi.waitUntil(() => session.state.tools.length === 0);
});

test('tools that leave no room in the context window are counted before the model is asked', async () => {
  const { session } = await startSession({ capabilities: { countTokens: false } });
  const { contextWindow } = scriptedRecord();
  await session.generation.send('Hello?');
  expect(answerOf(session)?.toolTokens).toBeUndefined();
  session.tools.add(() => [weather({ description: 'rain '.repeat(contextWindow) })]);
  await vi.waitUntil(() => session.state.tools.length > 0);
  await expect(session.generation.send('And now?')).rejects.toMatchObject({
    code: expect.stringMatching(/^context-/),
  });
});

test('a page that allows a call spares the user the question, and a stop withdraws it', async () => {
  const allowed = weather({ needsConfirmation: true, decide: () => ({ action: 'run', isAllowed: true }) });
  expect(calls(await ask([allowed], {}))[0]).toEqual(['complete']);
  const { session } = await startSession({ script: script({}) });
  session.tools.add(() => [weather({ needsConfirmation: true })]);
  const sent = session.generation.send('What is the weather in Lima?');
  await vi.waitUntil(() => session.state.toolQuestion !== undefined);
  await session.generation.stop();
  await sent;
  expect(session.state.toolQuestion).toBeUndefined();
  expect(calls(answerOf(session))[0]).toEqual(['failed']);
});

test('an engine that is lost after a call does not run the tool again', async () => {
  let runs = 0;
  const { session, engine } = await startSession({ script: script({}), capabilities: { continueLast: false } });
  const lost = new AlcoveError('device-lost', 'lost by the test');
  session.tools.add(() => [weather({ execute: () => String(++runs) })]);
  session.subscribe(() => {
    if (answerOf(session)?.parts.at(-1)?.type === 'tool-result' && runs === 1) engine.failNextAnswer(1, lost);
  });
  await session.generation.send('What is the weather in Lima?');
  expect(runs).toBe(1);
  expect(calls(answerOf(session))).toEqual([['complete'], ['1']]);
});

test('calls and results survive a reload, an export, an import and an edit, and are made again by another answer', async () => {
  const databaseName = `test-${crypto.randomUUID()}`;
  const { session } = await startSession({ script: script({}) }, databaseName);
  session.tools.add(() => [weather()]);
  await session.generation.send('What is the weather in Lima?');
  const parts = answerOf(session)?.parts;
  const chatId = session.state.chat?.id ?? '';
  const file = await session.chats.transfer.exportChat(chatId);

  const reloaded = (await startSession({ script: script({}) }, databaseName)).session;
  await reloaded.chats.open(chatId);
  expect(answerOf(reloaded)?.parts).toEqual(parts);
  const imported = (await startSession({})).session;
  await imported.chats.transfer.import(file);
  await imported.chats.open(chatId);
  expect(answerOf(imported)?.parts).toEqual(parts);

  await session.generation.edit(answerOf(session)?.id ?? '', 'It rains.');
  expect(answerOf(session)?.parts).toEqual([...(parts ?? []).slice(0, 2), { type: 'text', text: 'It rains.' }]);
  await session.generation.regenerate(answerOf(session)?.id ?? '');
  expect(answerOf(session)?.parts).toEqual(parts);
  // Without its tools, the model reads the calls as text.
  await reloaded.generation.send('And tomorrow?');
  expect(answerOf(reloaded)?.status).toBe('complete');
});

test('an engine that has no tools gets none, and the answer says so', async () => {
  const { session } = await startSession({ capabilities: { tools: false } });
  session.tools.add(() => [weather()]);
  await session.generation.send('What is the capital of France?');
  expect(answerOf(session)).toMatchObject({ status: 'complete', leftOut: ['tools'] });
});

test('of two tools with one name the first is offered, and none once its owner has gone', async () => {
  const { session } = await startSession({ script: script({}) });
  const leave = session.tools.add(() => [weather({ execute: () => 'first' })]);
  session.tools.add(() => [weather({ execute: () => 'second' })]);
  await session.generation.send('What is the weather in Lima?');
  expect(calls(answerOf(session))[1]).toEqual(['first']);
  leave();
  await session.generation.regenerate(answerOf(session)?.id ?? '');
  expect(calls(answerOf(session))[1]).toEqual(['second']);
});
