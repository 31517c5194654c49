import { expect, test } from 'vitest';
import type { Message } from '../../chat/conversation.ts';
import { textParts } from '../../chat/message-parts.ts';
import { addMessage, createConversation } from '../../chat/tree.ts';
import { chatDocument, documentText } from './chat-document.ts';

function message(fields: Partial<Message> & Pick<Message, 'id' | 'role' | 'parts' | 'parentId'>): Message {
  return { status: 'complete', createdAt: 1_790_000_000_000, ...fields };
}

const ATTACK = '<img src=x onerror=alert(1)> <script>alert(1)</script> ![p](https://example.org/p.png)';
const ASKED = addMessage(
  { ...createConversation('c', 1_790_000_000_000, undefined), title: `A "title" ${ATTACK}` },
  message({ id: 'q', parentId: undefined, role: 'user', parts: textParts(ATTACK) }),
);
const CHAT = addMessage(
  ASKED,
  message({
    id: 'a',
    parentId: 'q',
    role: 'assistant',
    parts: textParts(`# Far\n\n**384,400** km\n\n${ATTACK}\n\n\`\`\`js\nlet x;\n\`\`\``),
  }),
);

test('a chat becomes a page that shows its messages, has no script and may fetch nothing', async () => {
  const text = documentText(await chatDocument(CHAT, () => '<b>Model</b>'));
  const page = new DOMParser().parseFromString(text, 'text/html');
  expect([...page.querySelectorAll('h2')].map((title) => title.textContent)).toEqual(['You', '<b>Model</b>']);
  expect(page.querySelector('strong')?.textContent).toBe('384,400');
  expect(page.querySelector('pre')?.textContent).toContain('let x;');
  expect(page.querySelectorAll('script, img, iframe, button, link, [onerror]')).toHaveLength(0);
  expect(page.querySelector('meta[http-equiv]')?.getAttribute('content')).toContain("default-src 'none'");
  expect(page.title).toBe(CHAT.title);
  expect(page.body.textContent).toContain('onerror=alert(1)');
});

test('calls of tools are folded in the page where they were made, with arguments and results as text', async () => {
  const call = { type: 'tool-call', id: 'c', name: ATTACK, argumentsJson: '{"q":1}', state: 'complete' } as const;
  const result = { type: 'tool-result', toolCallId: 'c', content: ATTACK, omittedCharacters: 1_000 } as const;
  const parts = [{ type: 'text', text: 'Before' } as const, call, result, { type: 'text', text: 'After' } as const];
  const chat = addMessage(ASKED, message({ id: 'a', parentId: 'q', role: 'assistant', parts }));
  const page = new DOMParser().parseFromString(documentText(await chatDocument(chat, () => 'M')), 'text/html');
  expect([...(page.querySelectorAll('article')[1]?.children ?? [])].map(({ textContent }) => textContent)).toEqual([
    'M',
    'Before',
    `Tool call: ${ATTACK}Arguments{\n  "q": 1\n}Result${ATTACK}1,000 more characters are left out here.`,
    'After',
  ]);
  expect(page.querySelector('details')?.open).toBe(false);
  expect(page.querySelectorAll('script, img')).toHaveLength(0);
});
