import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Conversation, Message } from '../conversation.ts';
import { textOf, textParts } from '../message-parts.ts';
import { ATTACHMENTS } from '../testing/random-edits.ts';
import { activePath, addMessage, createConversation, pathTo, selectBranch, setFields, siblings } from '../tree.ts';
import { toFile, toFileChat } from './alcove-chats.ts';
import { readChat, readChatText } from './read-chat.ts';

const NOW = 1_790_000_000_000;

function ids(): () => string {
  let count = 0;
  return () => `new-${++count}`;
}

/** @param now when the file is read: after everything in it */
function read(value: unknown, now = NOW + 1_000): Conversation {
  const [result] = readChatText(JSON.stringify(value), ids(), now);
  if (result?.ok !== true) throw new Error(`not read: ${result?.reason}`);
  return result.conversation;
}

function shown(chat: Conversation): string[] {
  return activePath(chat).map((message) => `${message.role}: ${textOf(message)}`);
}

/** What `assemble` promises of every chat, whatever it was made of. */
function expectSound(chat: Conversation): void {
  expect(chat.messages.size).toBeGreaterThan(0);
  expect(chat.activeLeafId !== undefined && chat.messages.has(chat.activeLeafId)).toBe(true);
  for (const message of chat.messages.values()) {
    const path = pathTo(chat, message.id);
    expect(path[0]?.parentId).toBeUndefined();
    const sides = path.filter(({ role }) => role !== 'summary').map(({ role }) => role);
    for (const [index, side] of sides.entries()) if (index > 0) expect(side).not.toBe(sides[index - 1]);
    expect(textOf(message).isWellFormed()).toBe(true);
    expect(['user', 'assistant', 'summary']).toContain(message.role);
  }
}

const settings = fc.record(
  {
    systemPrompt: fc.string(),
    thinking: fc.boolean(),
    sampling: fc.record({
      temperature: fc.double({ min: 0, max: 2, noNaN: true }).filter((n) => !Object.is(n, -0)),
      topK: fc.nat(100),
      stop: fc.constant(['###']),
    }),
  },
  { requiredKeys: [] },
);

/** Conversations as the app makes them, over random branches. */
const conversations = fc
  .record({
    steps: fc.array(fc.record({ parent: fc.nat(), text: fc.string(), settings }), { minLength: 1, maxLength: 25 }),
    select: fc.nat(),
    title: fc.string({ minLength: 1, maxLength: 40 }).map((text) => text.trim() || 'x'),
    tags: fc.uniqueArray(fc.constantFrom('a', 'b', 'tax letters'), { maxLength: 3 }),
  })
  .map(({ steps, select, title, tags }) => {
    let chat: Conversation = { ...createConversation('chat-1', NOW, 'toy'), title, titleIsSet: true };
    const made: string[] = [];
    for (const [index, step] of steps.entries()) {
      const parentId = made.length === 0 ? undefined : made[step.parent % made.length];
      const role = parentId !== undefined && chat.messages.get(parentId)?.role === 'user' ? 'assistant' : 'user';
      const message: Message = {
        id: `m-${index}`,
        parentId,
        role,
        parts: [...ATTACHMENTS.slice(0, index % 6), ...textParts(step.text.toWellFormed(), 'Hm'.repeat(index % 3))],
        status: 'complete',
        createdAt: NOW + index,
        ...(role === 'assistant' && {
          modelId: 'toy',
          engine: 'webllm',
          settings: step.settings,
          finishReason: 'stop',
          statistics: {
            promptTokens: 3,
            completionTokens: index,
            reusedTokens: undefined,
            timeToFirstTokenMs: 12.5,
            prefillTokensPerSecond: 100,
            decodeTokensPerSecond: undefined,
          },
        }),
      };
      chat = addMessage(chat, message);
      made.push(message.id);
    }
    chat = setFields(chat, { tags, pinnedAt: NOW + 5 }, NOW + 50);
    return selectBranch(chat, made[select % made.length] ?? '', NOW + 60);
  });

test('no time of a file is in the future, and its messages stay in order', () => {
  fc.assert(
    fc.property(conversations, (chat) => {
      const before = NOW - 1_000_000;
      const again = read(toFileChat(chat), before);
      const { createdAt, updatedAt, pinnedAt = 0, fieldTimes = {} } = again;
      expect(Math.max(createdAt, updatedAt, pinnedAt, ...Object.values(fieldTimes))).toBeLessThanOrEqual(before);
      const times = [...again.messages.values()].map((message) => message.createdAt);
      // In the order of the file, which needs a millisecond for each.
      expect(Math.max(...times)).toBeLessThanOrEqual(before + times.length);
      for (const id of chat.messages.keys()) {
        expect(siblings(again, id).map((one) => one.id)).toEqual(siblings(chat, id).map((one) => one.id));
      }
      expect(activePath(again).map(({ id }) => id)).toEqual(activePath(chat).map(({ id }) => id));
    }),
    { numRuns: 60 },
  );
});

test('a chat that is written to a file and read again is the same, with every branch, setting and statistic', () => {
  fc.assert(
    fc.property(conversations, (chat) => {
      const again = read(toFileChat(chat));
      expect(toFileChat(again)).toEqual(toFileChat(chat));
      expect([...again.messages.keys()].sort()).toEqual([...chat.messages.keys()].sort());
      for (const id of chat.messages.keys()) {
        expect(siblings(again, id).map((one) => one.id)).toEqual(siblings(chat, id).map((one) => one.id));
      }
    }),
    { numRuns: 60 },
  );
});

test('an exported file is JSON that names its format and version', () => {
  const chat = addMessage(createConversation('c', NOW, undefined), {
    id: 'm',
    parentId: undefined,
    role: 'user',
    parts: textParts('Hello'),
    status: 'complete',
    createdAt: NOW,
  });
  expect(JSON.parse(toFile([chat, chat], NOW))).toMatchObject({
    format: 'alcove-chats',
    version: 3,
    exportedAt: NOW,
    chats: [{ id: 'c' }, { id: 'c' }],
  });
});

test('reading any file gives a valid chat or a reason, and never throws', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'constructor', '', '<b>');
  const wild = fc.jsonValue({ maxDepth: 2 });
  const role = fc.constantFrom('user', 'assistant', 'system', '<img src=x onerror=alert(1)>', 'summary');
  const parts = fc.oneof(
    fc.constant(undefined),
    fc.array(fc.oneof(fc.record({ type: fc.oneof(id, fc.constantFrom('text', 'image')), text: wild }), wild)),
    wild,
  );
  const alcove = fc.record({
    id,
    title: fc.oneof(fc.string(), wild),
    activeLeafId: id,
    messages: fc.array(
      fc.oneof(fc.record({ id, parentId: fc.oneof(id, wild), role, text: fc.oneof(fc.string(), wild), parts }), wild),
      { maxLength: 12 },
    ),
  });
  const chatGpt = fc.record({
    title: wild,
    current_node: id,
    mapping: fc.dictionary(
      id,
      fc.oneof(
        wild,
        fc.record({
          parent: fc.oneof(id, wild),
          children: fc.oneof(fc.array(id), wild),
          message: fc.oneof(
            wild,
            fc.record({
              author: fc.record({ role }),
              content: fc.oneof(wild, fc.record({ content_type: fc.constant('text'), parts: fc.array(fc.string()) })),
            }),
          ),
        }),
      ),
    ),
  });
  const openWebUi = fc.record({
    chat: fc.record({
      history: fc.record({
        currentId: id,
        messages: fc.dictionary(id, fc.oneof(wild, fc.record({ parentId: fc.oneof(id, wild), role, content: wild }))),
      }),
    }),
  });
  const said = fc.oneof(
    wild,
    fc.record(
      {
        id: fc.oneof(id, wild),
        uuid: id,
        messageId: id,
        role: fc.oneof(role, wild),
        sender: fc.constantFrom('human', 'assistant', 'x'),
        isCreatedByUser: fc.oneof(fc.boolean(), wild),
        content: fc.oneof(fc.string(), fc.array(fc.oneof(wild, fc.record({ type: fc.string(), text: wild })))),
        text: wild,
        parent: fc.oneof(id, wild),
        parent_message_uuid: fc.oneof(id, wild),
        parentMessageId: fc.oneof(id, wild),
        children: fc.oneof(id, fc.array(wild)),
        versions: fc.array(fc.oneof(wild, fc.record({ role, content: fc.array(wild), steps: fc.array(wild) }))),
        toolCalls: fc.oneof(fc.string(), wild),
      },
      { requiredKeys: [] },
    ),
  );
  const list = fc.array(said, { maxLength: 8 });
  const others = fc.record(
    {
      conv: wild,
      conversationId: id,
      topic: id,
      mask: wild,
      type: fc.constant('session'),
      chat_messages: list,
      messages: list,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(wild, alcove, chatGpt, openWebUi, others), (value) => {
      const result = readChat(value, ids(), NOW);
      if (result.ok && result.conversation.messages.size > 0) {
        const hasSummary = [...result.conversation.messages.values()].some((message) => message.role === 'summary');
        if (!hasSummary) expectSound(result.conversation);
      }
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    }),
    { numRuns: 400 },
  );
});

test('a file of version 1 is read: its text and reasoning become parts', () => {
  const chat = read({
    id: 'c',
    messages: [
      { id: 'q', role: 'user', text: 'How far?' },
      { id: 'a', parentId: 'q', role: 'assistant', text: 'Far.', reasoning: 'Hm.', reasoningMs: 800 },
    ],
  });
  expect(activePath(chat).map(({ parts }) => parts)).toEqual([textParts('How far?'), textParts('Far.', 'Hm.', 800)]);
});

test('an invalid part is left out, and its message counts as incompletely read', () => {
  const image = { type: 'image', name: 'a.png', mediaType: 'image/png', sizeBytes: 3, sha256: '../../etc/passwd' };
  const messages = [{ id: 'q', role: 'user', parts: [image, { type: 'text', text: 'How far?' }] }];
  const result = readChat({ id: 'c', messages }, ids(), NOW);
  expect(result).toMatchObject({ ok: true, unreadMessages: 1 });
  expect(result.ok && shown(result.conversation)).toEqual(['user: How far?']);
});

test('a key named __proto__ is data like any other and changes no prototype', () => {
  const text = `{"id":"c","__proto__":{"polluted":1},"messages":[
    {"id":"__proto__","role":"user","text":"one","__proto__":{"polluted":1}},
    {"id":"b","parentId":"__proto__","role":"assistant","text":"two"}]}`;
  const [result] = readChatText(text, ids(), NOW);
  expect(result?.ok && shown(result.conversation)).toEqual(['user: one', 'assistant: two']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(result?.ok && [...result.conversation.messages.keys()]).toEqual(['new-1', 'b']);
});

test('circular links, duplicate ids and missing parents lose no message', () => {
  const result = readChat(
    {
      id: 'c',
      messages: [
        { id: 'a', parentId: 'c', role: 'user', text: 'a' },
        { id: 'b', parentId: 'a', role: 'assistant', text: 'b' },
        { id: 'c', parentId: 'b', role: 'user', text: 'c' },
        { id: 'a', parentId: 'b', role: 'user', text: 'second a' },
        { id: 'd', parentId: 'nobody', role: 'user', text: 'd' },
        { id: 'e', parentId: 'e', role: 'user', text: 'e' },
      ],
    },
    ids(),
    NOW,
  );
  if (!result.ok) throw new Error(result.reason);
  expectSound(result.conversation);
  const texts = [...result.conversation.messages.values()].map(textOf).join(' ');
  for (const text of ['a', 'b', 'c', 'second a', 'd', 'e']) expect(texts).toContain(text);
  expect(result.mended).toEqual({ duplicateIds: 1, missingParents: 1, cycles: 2 });
});

test('a lone surrogate becomes the replacement character', () => {
  const chat = read({ id: 'c', title: 'x\uD800', messages: [{ id: 'a', role: 'user', text: 'y\uDC00z' }] });
  expect(shown(chat)).toEqual(['user: y\uFFFDz']);
  expect(chat.title.isWellFormed()).toBe(true);
});

test('a chat that would grow without limit when its turns are joined is refused', () => {
  const messages = Array.from({ length: 3_000 }, (_, index) => [
    { id: `u${index}`, parentId: index === 0 ? undefined : `u${index - 1}`, role: 'user', text: 'x'.repeat(500) },
    { id: `a${index}`, parentId: `u${index}`, role: 'assistant', text: 'answer' },
  ]).flat();
  expect(readChat({ id: 'c', messages }, ids(), NOW)).toMatchObject({ ok: false, reason: 'too-many-messages' });
});

test('a chat without messages is reported as empty, with its title', () => {
  expect(readChat({ title: 'Empty', mapping: {} }, ids(), NOW)).toEqual({ ok: false, reason: 'empty', title: 'Empty' });
  expect(readChat({ title: 'What', other: 1 }, ids(), NOW)).toMatchObject({ ok: false, reason: 'not-a-chat' });
  expect(readChatText('{"a":', ids(), NOW)).toMatchObject([{ ok: false, reason: 'not-json' }]);
});
