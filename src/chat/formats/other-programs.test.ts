import { expect, test } from 'vitest';
import type { Conversation } from '../conversation.ts';
import { textOf, textParts } from '../message-parts.ts';
import { activePath, siblings } from '../tree.ts';
import { readChat } from './read-chat.ts';

const NOW = 1_790_000_000_000;

function read(value: unknown) {
  let count = 0;
  const result = readChat(value, () => `new-${++count}`, NOW);
  if (!result.ok) throw new Error(`not read: ${result.reason}`);
  return result;
}

function shown(chat: Conversation): string[] {
  return activePath(chat).map((message) => `${message.role}: ${textOf(message)}`);
}

function chatGptNode(id: string, parent: string | null, children: string[], message: unknown) {
  return { id, parent, children, message };
}

function said(role: string, parts: unknown[], extra: object = {}) {
  return {
    author: { role, name: null, metadata: {} },
    create_time: 1_700_000_000.5,
    content: { content_type: 'text', parts },
    status: 'finished_successfully',
    weight: 1,
    recipient: 'all',
    metadata: {},
    ...extra,
  };
}

const CHATGPT = {
  title: 'Moon',
  create_time: 1_700_000_000.123,
  update_time: 1_700_000_900,
  conversation_id: '3f1d6f1e-8c51-4ab9-9a5d-1f0c8f8f3f00',
  current_node: 'a2',
  mapping: {
    root: chatGptNode('root', null, ['sys'], null),
    sys: chatGptNode(
      'sys',
      'root',
      ['q'],
      said('system', [''], { metadata: { is_visually_hidden_from_conversation: true } }),
    ),
    q: chatGptNode('q', 'sys', ['a1', 'think'], said('user', ['How far is the moon?'])),
    a1: chatGptNode('a1', 'q', [], said('assistant', ['Far.'], { metadata: { model_slug: 'gpt-4o' } })),
    think: chatGptNode(
      'think',
      'q',
      ['call'],
      said('assistant', [], {
        content: { content_type: 'thoughts', thoughts: [{ summary: 'Distance', content: 'I look it up.' }] },
      }),
    ),
    call: chatGptNode('call', 'think', ['tool'], said('assistant', ['search("moon")'], { recipient: 'browser' })),
    tool: chatGptNode('tool', 'call', ['a2'], said('tool', ['result'])),
    a2: chatGptNode('a2', 'tool', [], said('assistant', ['384,400 km.'], { metadata: { model_slug: 'o3' } })),
    q2: chatGptNode(
      'q2',
      'a1',
      [],
      said('user', ['And this?', { content_type: 'image_asset_pointer', asset_pointer: 'file-service://x' }]),
    ),
  },
};

test('ChatGPT’s conversations are read with their branches, reasoning, models and times', () => {
  const { conversation, source, missingFiles } = read(CHATGPT);
  expect(source).toBe('chatgpt');
  expect(conversation).toMatchObject({
    id: 'chatgpt-3f1d6f1e-8c51-4ab9-9a5d-1f0c8f8f3f00',
    title: 'Moon',
    createdAt: 1_700_000_000_123,
    updatedAt: 1_700_000_900_000,
  });
  expect(shown(conversation)).toEqual(['user: How far is the moon?', 'assistant: 384,400 km.']);
  const answer = activePath(conversation)[1];
  expect(answer).toMatchObject({
    modelId: 'o3',
    parts: [
      { type: 'reasoning', text: 'I look it up.' },
      { type: 'tool-call', id: 'call', name: 'browser', argumentsJson: 'search("moon")', state: 'complete' },
      { type: 'tool-result', toolCallId: 'call', content: 'result' },
      { type: 'text', text: '384,400 km.' },
    ],
  });
  expect(siblings(conversation, answer?.id ?? '').map(textOf)).toEqual(['Far.', '384,400 km.']);
  expect([...conversation.messages.values()].map(textOf)).toContain('And this?');
  expect(missingFiles).toBe(1);
});

test('a ChatGPT conversation gets the same ids when it is read twice', () => {
  const ids = () => [...read(CHATGPT).conversation.messages.keys()];
  expect(ids()).toEqual(ids());
  expect(ids()).toContain('a2');
});

test('Open WebUI’s chats are read with branches, reasoning, system prompt, tags, pin and archive', () => {
  const { conversation, source, missingFiles } = read({
    id: '1c9a63c1-1111-4111-8111-111111111111',
    user_id: 'u',
    title: 'Boats',
    chat: {
      id: '',
      title: 'Boats',
      models: ['llama3.2:latest'],
      params: { system: 'You are a sailor.' },
      history: {
        currentId: 'a2',
        messages: {
          q: {
            id: 'q',
            parentId: null,
            childrenIds: ['a1', 'a2'],
            role: 'user',
            content: 'Tell me of boats.',
            timestamp: 1_720_000_000,
            models: ['llama3.2:latest'],
          },
          a1: {
            id: 'a1',
            parentId: 'q',
            childrenIds: [],
            role: 'assistant',
            content: 'They float.',
            model: 'llama3.2:latest',
            timestamp: 1_720_000_001,
          },
          a2: {
            id: 'a2',
            parentId: 'q',
            childrenIds: [],
            role: 'assistant',
            content:
              '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n> Boats.\n> Float?\n</details>\nThey sail.',
            model: 'qwen3:4b',
            timestamp: 1_720_000_001,
            files: [
              { type: 'file', name: 'boats.pdf', file: { meta: { content_type: 'application/pdf', size: 900 } } },
            ],
          },
        },
      },
      messages: [],
      tags: [],
      timestamp: 1_720_000_000_000,
      files: [],
    },
    updated_at: 1_720_000_100,
    created_at: 1_720_000_000,
    archived: true,
    pinned: true,
    meta: { tags: ['sea', 'sea', 7] },
    folder_id: null,
  });
  expect(source).toBe('open-webui');
  expect(shown(conversation)).toEqual(['user: Tell me of boats.', 'assistant: They sail.']);
  expect(activePath(conversation)[1]).toMatchObject({
    parts: [
      { type: 'document', name: 'boats.pdf', mediaType: 'application/pdf', sizeBytes: 900 },
      ...textParts('They sail.', 'Boats.\nFloat?', 3_000),
    ],
    modelId: 'qwen3:4b',
  });
  expect(siblings(conversation, 'a2').map(textOf)).toEqual(['They float.', 'They sail.']);
  expect(conversation).toMatchObject({
    title: 'Boats',
    settings: { systemPrompt: 'You are a sailor.' },
    tags: ['sea'],
    pinnedAt: 1_720_000_100_000,
    archivedAt: 1_720_000_100_000,
    createdAt: 1_720_000_000_000,
    modelId: 'llama3.2:latest',
  });
  expect(missingFiles).toBe(1);
});

test('Open WebUI’s older format, a plain list, is read too', () => {
  const { conversation } = read({
    id: 'x',
    chat: {
      title: 'Old',
      messages: [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'two' },
      ],
    },
  });
  expect(shown(conversation)).toEqual(['user: one', 'assistant: two']);
});

test('a chat from web-llm-chat gets its title from the first message, which that program adds', () => {
  const { conversation, source } = read({
    messages: [
      { role: 'system', content: 'You are an assistant that Capital cities' },
      { role: 'user', content: 'What is the capital of France?' },
      { role: 'assistant', content: 'Paris.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'And this?' },
          { type: 'image_url', image_url: { url: 'data:' } },
        ],
      },
    ],
  });
  expect(source).toBe('web-llm-chat');
  expect(conversation.title).toBe('Capital cities');
  expect(conversation.settings).toBeUndefined();
  expect(shown(conversation)).toEqual(['user: What is the capital of France?', 'assistant: Paris.', 'user: And this?']);
});

test('a list of messages in OpenAI’s shape keeps its system prompt', () => {
  const { conversation } = read({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
    ],
  });
  expect(conversation.settings).toEqual({ systemPrompt: 'Be brief.' });
  expect(conversation.title).toBe('Hello');
});
