import { expect, test } from 'vitest';
import { textOf } from '../message-parts.ts';
import { promptFor } from '../prompt/prompt.ts';
import { activePath } from '../tree.ts';
import { withLinks } from './chatgpt-citations.ts';
import { readChat } from './read-chat.ts';

interface Said {
  readonly role: string;
  readonly content: object;
  readonly recipient?: string;
  readonly name?: string;
  readonly metadata?: object;
}

/** A conversation of ChatGPT in which each message follows the one before. */
function read(messages: readonly Said[]) {
  const nodes = messages.map(({ role, content, recipient = 'all', name, metadata = {} }, index) => {
    const message = { author: { role, name }, content, recipient, metadata };
    return [`n${index}`, { id: `n${index}`, parent: index === 0 ? null : `n${index - 1}`, message }] as const;
  });
  const value = { title: 'A chat', mapping: Object.fromEntries(nodes), current_node: `n${messages.length - 1}` };
  const result = readChat(value, () => crypto.randomUUID(), 0);
  if (!result.ok) throw new Error(result.reason);
  return { ...result, path: activePath(result.conversation) };
}

const text = (...parts: unknown[]) => ({ content_type: 'text', parts });

test('a first question that was only a picture keeps its place, and the prompt begins with the user', () => {
  const picture = { content_type: 'image_asset_pointer', asset_pointer: 'file-service://file-x', size_bytes: 4_096 };
  const { path, missingFiles } = read([
    {
      role: 'user',
      content: { content_type: 'multimodal_text', parts: [picture] },
      metadata: { attachments: [{ id: 'file-x', name: 'cat.png', mime_type: 'image/png', size: 4_096 }] },
    },
    { role: 'assistant', content: text('A cat on a chair.') },
    { role: 'user', content: text('What colour is it?') },
  ]);
  expect(path.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  expect(path[0]?.parts).toEqual([{ type: 'image', name: 'cat.png', mediaType: 'image/png', sizeBytes: 4_096 }]);
  expect(missingFiles).toBe(1);
  expect(promptFor(path)[0]).toEqual({ role: 'user', content: '[Image: cat.png]' });
});

test('documents of a canvas are part of the answer, each version as it was written', () => {
  const create = { name: 'greet', type: 'code/python', content: 'print("```")' };
  const update = { updates: [{ pattern: '.*', multiple: false, replacement: 'print("Hello")' }] };
  const change = { updates: [{ pattern: 'Hello', multiple: true, replacement: 'Hi' }] };
  const call = (name: string, input: object): Said => ({
    role: 'assistant',
    recipient: `canmore.${name}_textdoc`,
    content: { content_type: 'code', language: 'json', text: JSON.stringify(input) },
  });
  const done: Said = { role: 'tool', name: 'canmore.create_textdoc', content: text('Successfully created textdoc 1') };
  const { path, unreadMessages } = read([
    { role: 'user', content: text('Write a greeting.') },
    call('create', create),
    done,
    { role: 'assistant', content: text('Here it is.') },
    { role: 'user', content: text('In words.') },
    call('update', update),
    call('update', change),
  ]);
  expect(path.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
  expect(path[1]?.parts).toEqual([
    { type: 'text', text: '**greet**\n\n````python\nprint("```")\n````\n\nHere it is.' },
  ]);
  expect(path[3]?.parts).toEqual([
    { type: 'text', text: '**greet**\n\n```python\nprint("Hello")\n```' },
    {
      type: 'tool-call',
      id: 'n6',
      name: 'canmore.update_textdoc',
      argumentsJson: JSON.stringify(change),
      state: 'complete',
    },
  ]);
  expect(unreadMessages).toBe(0);
});

test('citations become the links that the export has for them', () => {
  const mark = '\ue200cite\ue202turn0search0\ue202turn0search1\ue201';
  const metadata = {
    content_references: [
      {
        matched_text: mark,
        type: 'grouped_webpages',
        items: [
          { title: 'The [moon]', url: 'https://example.org/moon_(earth)', attribution: null },
          { title: 'Tides', url: 'javascript:alert(1)' },
          { title: 'Again', url: 'https://example.org/moon_(earth)' },
        ],
      },
    ],
  };
  const { path } = read([
    { role: 'user', content: text('How far?') },
    {
      role: 'assistant',
      content: text(`\ue203384,400 km\ue204 ${mark}. More \ue200cite\ue202turn9view9\ue201`),
      metadata,
    },
  ]);
  expect(path.map(textOf)[1]).toBe('384,400 km ([The \\[moon\\]](https://example.org/moon_%28earth%29)). More ');
});

test('marks without private-use characters, older marks and names of entities are read too', () => {
  const link = { title: 'A', url: 'https://a.example/' };
  const references = { content_references: [{ matched_text: 'citeturn0search0', items: [link] }] };
  expect(withLinks('True citeturn0search0. citeturn1news2', references)).toBe('True ([A](https://a.example/)). ');
  const text2 = 'True【12†source】.';
  const citations = [{ start_ix: 4, end_ix: 15, metadata: { type: 'webpage', ...link } }];
  expect(withLinks(text2, { citations })).toBe('True([A](https://a.example/)).');
  expect(withLinks('By \ue200entity\ue202["company","OpenAI","a lab"]\ue201.', {})).toBe('By OpenAI.');
  expect(withLinks('Cite me; recite.', {})).toBe('Cite me; recite.');
});

test('pictures that a tool made, and documents that the user attached, are named', () => {
  const { path, missingFiles, unreadMessages } = read([
    {
      role: 'user',
      content: text('Draw the plan.'),
      metadata: { attachments: [{ id: 'file-p', name: 'plan.pdf', mime_type: 'application/pdf', size: 12 }] },
    },
    { role: 'assistant', recipient: 'dalle.text2im', content: text('{"prompt":"a plan"}') },
    {
      role: 'tool',
      name: 'dalle.text2im',
      content: {
        content_type: 'multimodal_text',
        parts: [{ content_type: 'image_asset_pointer', asset_pointer: 'sediment://file_7' }],
      },
    },
    { role: 'assistant', content: { content_type: 'hologram', beams: 3 } },
  ]);
  expect(path[0]?.parts.map(({ type }) => type)).toEqual(['document', 'text']);
  expect(path[1]?.parts).toMatchObject([
    { type: 'tool-call', name: 'dalle.text2im' },
    { type: 'image', name: 'file_7' },
  ]);
  expect(missingFiles).toBe(2);
  expect(unreadMessages).toBe(1);
});
