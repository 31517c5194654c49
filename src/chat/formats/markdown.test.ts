import { expect, test } from 'vitest';
import type { Message } from '../conversation.ts';
import { addMessage, createConversation } from '../tree.ts';
import { fileNameFor, toMarkdown } from './markdown.ts';

const WORDS = {
  you: 'You',
  nameOf: ({ modelId }: Message) => modelId ?? 'Model',
  thinking: 'Thinking',
  summary: 'Summary',
  unfinished: 'Unfinished',
};

function message(fields: Partial<Message> & Pick<Message, 'id' | 'role' | 'text' | 'parentId'>): Message {
  return { status: 'complete', createdAt: 1, ...fields };
}

test('a chat becomes headings for the turns, with the thinking quoted and the headings of an answer below them', () => {
  const asked = addMessage(
    { ...createConversation('c', 1, undefined), title: 'The\nMoon' },
    message({ id: 'q', parentId: undefined, role: 'user', text: '# How far?' }),
  );
  const text = '# Far\n\n```sh\n# a comment\n```\n\n###### Deep';
  const chat = addMessage(
    asked,
    message({
      id: 'a',
      parentId: 'q',
      role: 'assistant',
      text,
      modelId: 'toy',
      reasoning: 'one\n\ntwo',
      status: 'stopped',
    }),
  );
  expect(toMarkdown(chat, WORDS)).toBe(
    [
      '# The Moon',
      '## You',
      '# How far?',
      '## toy',
      '> **Thinking**\n>\n> one\n>\n> two',
      '### Far\n\n```sh\n# a comment\n```\n\n###### Deep',
      '*Unfinished*\n',
    ].join('\n\n'),
  );
});

test('the name of a file has nothing in it that a file system refuses or that turns its letters round', () => {
  expect(fileNameFor('a/b\\c: "d"?', 'md')).toBe('a b c d.md');
  expect(fileNameFor('..', 'json')).toBe('chat.json');
  expect(fileNameFor('x\u202Egpj.exe', 'md')).toBe('x gpj.exe.md');
  expect(fileNameFor('é'.repeat(200), 'md')).toHaveLength(63);
});
