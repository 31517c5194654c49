import { expect, test } from 'vitest';
import type { Message } from '../conversation.ts';
import { type OtherPart, textParts } from '../message-parts.ts';
import { unknownPart } from '../testing/random-edits.ts';
import { addMessage, createConversation } from '../tree.ts';
import { fileNameFor, toMarkdown } from './markdown.ts';

const WORDS = {
  you: 'You',
  nameOf: ({ modelId }: Message) => modelId ?? 'Model',
  thinking: 'Thinking',
  summary: 'Summary',
  labelOf: (part: OtherPart) => ('name' in part ? `${part.type}: ${part.name}` : 'Unknown part'),
  arguments: 'Arguments',
  result: 'Result',
  omitted: (characters: number) => `${characters} more`,
  unfinished: 'Unfinished',
};

function message(fields: Partial<Message> & Pick<Message, 'id' | 'role' | 'parts' | 'parentId'>): Message {
  return { status: 'complete', createdAt: 1, ...fields };
}

test('a chat in Markdown has a heading for each turn, quoted reasoning, and the headings of an answer one level lower', () => {
  const asked = addMessage(
    { ...createConversation('c', 1, undefined), title: 'The\nMoon' },
    message({ id: 'q', parentId: undefined, role: 'user', parts: textParts('# How far?') }),
  );
  const text = '# Far\n\n```sh\n# a comment\n```\n\n###### Deep';
  const chat = addMessage(
    asked,
    message({
      id: 'a',
      parentId: 'q',
      role: 'assistant',
      parts: textParts(text, 'one\n\ntwo'),
      modelId: 'toy',
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

test('parts that are neither text nor reasoning are named', () => {
  const file = { mediaType: 'image/png', sizeBytes: 3, sha256: '0'.repeat(64) };
  const parts = [
    { type: 'image', name: 'a_b [c].png', ...file } as const,
    unknownPart({ type: 'hologram' }),
    ...textParts('What?'),
  ];
  const chat = addMessage(
    { ...createConversation('c', 1, undefined), title: 'T' },
    message({ id: 'q', parentId: undefined, role: 'user', parts }),
  );
  expect(toMarkdown(chat, WORDS)).toBe('# T\n\n## You\n\n*image: a\\_b \\[c\\].png*\n\n*Unknown part*\n\nWhat?\n');
});

test('calls of tools are folded where they were made, with the beginning of arguments and results', () => {
  const parts = [
    { type: 'reasoning', text: 'Hm.' } as const,
    { type: 'text', text: 'I look.\n\n' } as const,
    { type: 'tool-call', id: 'c', name: 'a<b', argumentsJson: '{"q":1}', state: 'complete' } as const,
    { type: 'tool-result', toolCallId: 'c', content: `\`\`\`${'x'.repeat(2_000)}`, omittedCharacters: 7 } as const,
    { type: 'text', text: '# Found' } as const,
  ];
  const chat = addMessage(
    { ...createConversation('c', 1, undefined), title: 'T' },
    message({ id: 'a', parentId: undefined, role: 'assistant', parts }),
  );
  expect(toMarkdown(chat, WORDS)).toBe(
    [
      '# T',
      '## Model',
      '> **Thinking**\n>\n> Hm.',
      'I look.',
      '<details><summary>tool-call: a&lt;b</summary>',
      'Arguments',
      '```\n{\n  "q": 1\n}\n```',
      'Result',
      `\`\`\`\`\n\`\`\`${'x'.repeat(1_997)}\n\`\`\`\``,
      '*10 more*',
      '</details>',
      '### Found\n',
    ].join('\n\n'),
  );
});

test('a file name has no characters that a file system refuses or that change the text direction', () => {
  expect(fileNameFor('a/b\\c: "d"?', 'md')).toBe('a b c d.md');
  expect(fileNameFor('..', 'json')).toBe('chat.json');
  expect(fileNameFor('x\u202Egpj.exe', 'md')).toBe('x gpj.exe.md');
  expect(fileNameFor('é'.repeat(200), 'md')).toHaveLength(63);
});
