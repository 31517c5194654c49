import { expect, test } from 'vitest';
import type { Conversation } from '../conversation.ts';
import { textOf, textParts } from '../message-parts.ts';
import { activePath, siblings } from '../tree.ts';
import { readChat, readChatText } from './read-chat.ts';

const NOW = 1_790_000_000_000;

function read(value: unknown) {
  let count = 0;
  const result = readChat(value, () => `new-${++count}`, NOW);
  if (!result.ok) throw new Error(`not read: ${result.reason}`);
  return { ...result, path: activePath(result.conversation) };
}

function branches(chat: Conversation, id: string): string[] {
  return siblings(chat, id).map(textOf);
}

const LLAMA_MESSAGES = [
  { id: 'r0', type: 'root', role: 'system', content: '', parent: null, children: ['s'] },
  { id: 's', type: 'system', role: 'system', content: 'Be brief.', parent: 'r0', children: ['q1', 'q2'] },
  {
    id: 'q1',
    role: 'user',
    content: 'Name a fruit.',
    parent: 's',
    timestamp: 1_760_000_001_000,
    children: ['a1', 'a2'],
  },
  { id: 'a1', role: 'assistant', content: 'An apple.', parent: 'q1', timestamp: 1_760_000_002_000, model: 'toy.gguf' },
  {
    id: 'a2',
    role: 'assistant',
    content: 'A pear.',
    parent: 'q1',
    timestamp: 1_760_000_003_000,
    reasoningContent: 'Another fruit.',
    model: 'toy.gguf',
  },
  {
    id: 'q2',
    role: 'user',
    content: 'Name a river.',
    parent: 's',
    timestamp: 1_760_000_005_000,
    extra: [{ type: 'textFile', name: 'rivers.txt', content: 'Rhine' }],
  },
  { id: 'a3', role: 'assistant', content: 'The Rhine.', parent: 'q2', timestamp: 1_760_000_006_000, toolCalls: '' },
];

test('llama.cpp’s web UI is read as the tree that it is, with names, models and times', () => {
  const conv = { id: 'cv1', name: 'Fruit and rivers', currNode: 'a3', lastModified: 1_760_000_009_000 };
  const { source, conversation, path } = read({ conv, messages: LLAMA_MESSAGES });
  expect(source).toBe('llama-cpp');
  expect(conversation).toMatchObject({
    id: 'llama-cpp-cv1',
    title: 'Fruit and rivers',
    updatedAt: 1_760_000_009_000,
    settings: { systemPrompt: 'Be brief.' },
  });
  expect(path.map(textOf)).toEqual(['Name a river.', 'The Rhine.']);
  expect(path[0]).toMatchObject({
    createdAt: 1_760_000_005_000,
    parts: [{ type: 'document', name: 'rivers.txt', text: 'Rhine' }, { type: 'text' }],
  });
  expect(branches(conversation, 'q1')).toEqual(['Name a fruit.', 'Name a river.']);
  expect(branches(conversation, 'a1')).toEqual(['An apple.', 'A pear.']);
  expect(conversation.messages.get('a2')).toMatchObject({
    parts: textParts('A pear.', 'Another fruit.'),
    modelId: 'toy.gguf',
  });
});

test('llama.cpp’s tool calls and results belong to the answer that made them', () => {
  const calls = [{ id: 't', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }];
  const { path } = read({
    conv: { id: 1_760_000_000_000, name: 'Sum', currNode: 4 },
    messages: [
      { id: 1, role: 'system', type: 'root', content: '', parent: -1 },
      { id: 2, role: 'user', content: 'Sum?', parent: 1 },
      { id: 3, role: 'assistant', content: '', parent: 2, toolCalls: JSON.stringify(calls) },
      { id: 5, role: 'tool', content: '1', parent: 3, toolCallId: 't' },
      { id: 4, role: 'assistant', content: 'One.', parent: 5 },
    ],
  });
  expect(path[1]?.parts).toEqual([
    { type: 'tool-call', id: 't', name: 'add', argumentsJson: '{"a":1}', state: 'complete' },
    { type: 'tool-result', toolCallId: 't', content: '1' },
    { type: 'text', text: 'One.' },
  ]);
});

const LM_STUDIO = {
  name: 'Go',
  createdAt: 1_755_014_461_974,
  pinned: false,
  systemPrompt: 'Be brief.',
  lastUsedModel: { identifier: 'openai/gpt-oss-20b' },
  messages: [
    {
      versions: [
        {
          type: 'singleStep',
          role: 'user',
          content: [
            { type: 'text', text: 'What is on it?' },
            { type: 'file', name: 'board.png', fileIdentifier: '17.png', fileType: 'image', sizeBytes: 900 },
          ],
        },
      ],
      currentlySelected: 0,
    },
    {
      versions: [
        {
          type: 'multiStep',
          role: 'assistant',
          senderInfo: { senderName: 'openai/gpt-oss-20b' },
          steps: [
            {
              type: 'contentBlock',
              style: { type: 'thinking', ended: true, title: 'Thought for 2.3 seconds' },
              content: [
                { type: 'text', text: '<think>', isStructural: true },
                { type: 'text', text: 'A board.' },
              ],
            },
            { type: 'contentBlock', content: [{ type: 'text', text: 'A Go board.' }] },
            { type: 'debugInfoBlock', debugInfo: 'x' },
          ],
        },
        { type: 'multiStep', role: 'assistant', steps: [{ content: [{ type: 'text', text: 'Stones.' }] }] },
      ],
      currentlySelected: 0,
    },
    { versions: [{ role: 'user', content: [{ type: 'text', text: 'Who wins?' }] }], currentlySelected: 0 },
  ],
};

test('LM Studio’s conversations are read with their versions as branches, reasoning and pictures by name', () => {
  const { source, conversation, path, missingFiles } = read(LM_STUDIO);
  expect(source).toBe('lm-studio');
  expect(conversation).toMatchObject({
    title: 'Go',
    createdAt: 1_755_014_461_974,
    modelId: 'openai/gpt-oss-20b',
    settings: { systemPrompt: 'Be brief.' },
  });
  expect(path.map(textOf)).toEqual(['What is on it?', 'A Go board.', 'Who wins?']);
  expect(path[0]?.parts[1]).toMatchObject({ type: 'image', name: 'board.png', sizeBytes: 900 });
  expect(path[1]).toMatchObject({ parts: textParts('A Go board.', 'A board.'), modelId: 'openai/gpt-oss-20b' });
  expect(branches(conversation, path[1]?.id ?? '').toSorted()).toEqual(['A Go board.', 'Stones.']);
  expect(missingFiles).toBe(1);
  // A later file of the same chat is merged with it, not doubled.
  expect([...read(LM_STUDIO).conversation.messages.keys()]).toEqual([...conversation.messages.keys()]);
});

test('Claude’s conversations are read with attachments, thoughts, artifacts and tool calls', () => {
  const { source, conversation, path, missingFiles } = read({
    uuid: 'c1',
    name: 'Plans',
    created_at: '2025-10-01T10:00:00.000000Z',
    updated_at: '2025-10-01T10:05:00Z',
    account: { uuid: 'u' },
    chat_messages: [
      {
        uuid: 'm1',
        sender: 'human',
        text: 'Summarise this.',
        content: [{ type: 'text', text: 'Summarise this.' }],
        created_at: '2025-10-01T10:00:00Z',
        attachments: [{ file_name: 'plan.txt', file_size: 9, file_type: 'text/plain', extracted_content: 'Build it.' }],
        files: [{ file_name: 'site.png' }],
      },
      {
        uuid: 'm2',
        sender: 'assistant',
        text: '',
        content: [
          { type: 'thinking', thinking: 'Short.' },
          { type: 'tool_use', name: 'web_search', input: { query: 'plans' } },
          { type: 'tool_result', name: 'web_search', content: [{ type: 'text', text: 'Found.' }] },
          {
            type: 'tool_use',
            name: 'artifacts',
            input: { command: 'create', title: 'Plan', type: 'text/markdown', content: '# Build' },
          },
          { type: 'tool_result', name: 'artifacts', content: 'OK' },
          { type: 'text', text: 'Done.' },
        ],
        created_at: '2025-10-01T10:01:00Z',
      },
    ],
  });
  expect(source).toBe('claude');
  expect(conversation).toMatchObject({ id: 'claude-c1', title: 'Plans', createdAt: Date.UTC(2025, 9, 1, 10) });
  expect(path[0]?.parts).toEqual([
    { type: 'document', name: 'plan.txt', mediaType: 'text/plain', sizeBytes: 9, text: 'Build it.' },
    { type: 'image', name: 'site.png', mediaType: 'image/png' },
    { type: 'text', text: 'Summarise this.' },
  ]);
  expect(path[1]?.parts).toEqual([
    { type: 'reasoning', text: 'Short.' },
    { type: 'tool-call', id: 'call-1', name: 'web_search', argumentsJson: '{"query":"plans"}', state: 'complete' },
    { type: 'tool-result', toolCallId: 'call-1', content: 'Found.' },
    { type: 'text', text: '**Plan**\n\n# Build\n\nDone.' },
  ]);
  expect(missingFiles).toBe(1);
});

test('Claude’s branches are kept where the export names the parents', () => {
  const message = (uuid: string, parent: string, sender: string) => ({
    uuid,
    parent_message_uuid: parent,
    sender,
    text: uuid,
  });
  const { conversation, path, mended } = read({
    uuid: 'c2',
    name: 'Branches',
    current_leaf_message_uuid: 'a1',
    chat_messages: [
      message('q', '00000000-0000-4000-8000-000000000000', 'human'),
      message('a1', 'q', 'assistant'),
      message('a2', 'q', 'assistant'),
    ],
  });
  expect(path.map(textOf)).toEqual(['q', 'a1']);
  expect(branches(conversation, 'a1')).toEqual(['a1', 'a2']);
  expect(mended.missingParents).toBe(0);
});

const LIBRE_MESSAGES = [
  {
    messageId: 'q',
    parentMessageId: '00000000-0000-0000-0000-000000000000',
    isCreatedByUser: true,
    text: 'Weather?',
    createdAt: '2026-01-02T03:04:05.000Z',
    files: [{ filename: 'sky.jpg', type: 'image/jpeg', bytes: 77 }],
  },
  {
    messageId: 'a1',
    parentMessageId: 'q',
    isCreatedByUser: false,
    model: 'gpt-5',
    text: '',
    content: [
      { type: 'think', think: 'Look.' },
      { type: 'tool_call', tool_call: { id: 't', name: 'weather', args: '{"city":"Rome"}', output: 'sunny' } },
      { type: 'text', text: { value: 'Sunny.' } },
    ],
  },
  { messageId: 'a2', parentMessageId: 'q', isCreatedByUser: false, text: 'Clear.', unfinished: true },
];

test('LibreChat’s export is read with branches, thoughts and tool calls, as a list and nested', () => {
  const head = { conversationId: 'l1', endpoint: 'openAI', title: 'Sky', options: { promptPrefix: 'Be brief.' } };
  const list = read({ ...head, messages: LIBRE_MESSAGES });
  expect(list.source).toBe('librechat');
  expect(list.conversation).toMatchObject({
    id: 'librechat-l1',
    title: 'Sky',
    settings: { systemPrompt: 'Be brief.' },
  });
  expect(branches(list.conversation, 'a1')).toEqual(['Sunny.', 'Clear.']);
  expect(list.conversation.messages.get('q')).toMatchObject({
    createdAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    parts: [{ type: 'image', name: 'sky.jpg', mediaType: 'image/jpeg', sizeBytes: 77 }, { type: 'text' }],
  });
  expect(list.conversation.messages.get('a1')).toMatchObject({
    modelId: 'gpt-5',
    parts: [
      { type: 'reasoning', text: 'Look.' },
      { type: 'tool-call', id: 't', name: 'weather', argumentsJson: '{"city":"Rome"}' },
      { type: 'tool-result', toolCallId: 't', content: 'sunny' },
      { type: 'text', text: 'Sunny.' },
    ],
  });
  expect(list.conversation.messages.get('a2')?.status).toBe('stopped');
  const [question, ...answers] = LIBRE_MESSAGES;
  const nested = read({ ...head, recursive: true, messagesTree: [{ ...question, children: answers }] });
  expect([...nested.conversation.messages.keys()]).toEqual([...list.conversation.messages.keys()]);
});

test('NextChat’s backup gives each of its sessions, without its keys', () => {
  const session = (id: string) => ({
    id,
    topic: `Topic ${id}`,
    lastUpdate: 1_760_000_000_000,
    mask: {
      context: [{ id: 'x', role: 'system', content: 'You are a pirate.' }],
      modelConfig: { model: 'gpt-4o-mini' },
    },
    messages: [
      { id: `${id}-1`, role: 'user', date: '1/2/2026, 3:04:05 AM', content: [{ type: 'text', text: 'Ahoy?' }] },
      { id: `${id}-2`, role: 'assistant', content: 'Ahoy!', model: 'gpt-4o' },
    ],
  });
  const backup = {
    'access-control': { openaiApiKey: 'sk-secret' },
    'chat-next-web-store': { sessions: [session('a'), session('b')], currentSessionIndex: 0 },
  };
  const chats = readChatText(JSON.stringify(backup), () => crypto.randomUUID(), NOW);
  expect(chats.map((chat) => chat.ok && chat.source)).toEqual(['nextchat', 'nextchat']);
  expect(chats[1]).toMatchObject({
    conversation: {
      id: 'nextchat-b',
      title: 'Topic b',
      updatedAt: 1_760_000_000_000,
      modelId: 'gpt-4o-mini',
      settings: { systemPrompt: 'You are a pirate.' },
    },
  });
  expect(chats[0]?.ok && activePath(chats[0].conversation).map(textOf)).toEqual(['Ahoy?', 'Ahoy!']);
  expect(JSON.stringify(chats)).not.toContain('sk-secret');
});

test.each([
  ['a tree of another program', { messages: [{ id: 1, role: 'user', content: 'a', parentId: null }] }],
  ['a list with other roles', { messages: [{ role: 'human', content: 'a' }] }],
  ['a list of other things', { messages: ['a', 'b'] }],
  ['messages without content', { messages: [{ role: 'user', text: 'a' }] }],
  ['an id and unknown messages', { id: 'c', messages: [{ id: 'a', role: 'user', body: 'a' }] }],
  ['a settings file', { theme: 'dark', language: 'en' }],
])('%s is refused, not guessed', (_, value) => {
  expect(readChat(value, () => 'new', NOW)).toMatchObject({ ok: false, reason: 'not-a-chat' });
});
