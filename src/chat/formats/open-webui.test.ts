import { expect, test } from 'vitest';
import { textParts } from '../message-parts.ts';
import { activePath } from '../tree.ts';
import { readChat } from './read-chat.ts';

/** A chat of Open WebUI in which each message follows the one before. */
function read(...messages: readonly object[]) {
  const entries = messages.map((message, index) => [
    `m${index}`,
    { id: `m${index}`, parentId: index === 0 ? null : `m${index - 1}`, ...message },
  ]);
  const history = { currentId: `m${messages.length - 1}`, messages: Object.fromEntries(entries) };
  const result = readChat({ id: 'x', title: 'A chat', chat: { history } }, () => crypto.randomUUID(), 0);
  if (!result.ok) throw new Error(result.reason);
  return { ...result, path: activePath(result.conversation) };
}

const ask = (content: string) => ({ role: 'user', content });

test('an answer whose text is in output[] is read, with its reasoning and tool calls', () => {
  const output = [
    { type: 'reasoning', summary: [], content: [{ type: 'output_text', text: 'Two and two.' }] },
    { type: 'function_call', call_id: 'c1', name: 'add', arguments: '{"a":2}', status: 'completed' },
    { type: 'function_call_output', call_id: 'c1', output: [{ type: 'input_text', text: '4' }] },
    { type: 'message', content: [{ type: 'output_text', text: 'It is **4**.', annotations: [] }] },
  ];
  const { path, unreadMessages } = read(
    ask('What is 2+2?'),
    { role: 'assistant', content: '', output },
    ask('And 3+3?'),
    { role: 'assistant', content: 'It is 6.' },
  );
  expect(path.map(({ parts }) => parts)).toEqual([
    textParts('What is 2+2?'),
    [
      { type: 'reasoning', text: 'Two and two.' },
      { type: 'tool-call', id: 'c1', name: 'add', argumentsJson: '{"a":2}', state: 'complete' },
      { type: 'tool-result', toolCallId: 'c1', content: '4' },
      { type: 'text', text: 'It is **4**.' },
    ],
    textParts('And 3+3?'),
    textParts('It is 6.'),
  ]);
  expect(unreadMessages).toBe(0);
});

test('an answer that failed or cannot be read keeps the questions around it apart', () => {
  const { path, unreadMessages } = read(
    ask('one'),
    { role: 'assistant', content: '', error: { content: 'no model' } },
    ask('two'),
    { role: 'assistant', content: 7 },
    ask('three'),
  );
  expect(path.map(({ role, status }) => `${role} ${status}`)).toEqual([
    'user complete',
    'assistant stopped',
    'user complete',
    'assistant stopped',
    'user complete',
  ]);
  expect(unreadMessages).toBe(1);
});

test('every block of reasoning, tool calls and code becomes a part; the user’s own details stay text', () => {
  const content = `<details type="reasoning" done="true" duration="2">
<summary>Thought for 2 seconds</summary>
&gt; Is 1 &lt; 2?
</details>
Let me look.
<details type="tool_calls" done="true" id="t1" name="search" arguments="&quot;{\\&quot;q\\&quot;: \\&quot;moon\\&quot;}&quot;" result="&quot;384,400 km&quot;" files="">
<summary>Tool Executed</summary>
</details>
<details type="reasoning" done="true" duration="1">
<summary>Thought for 1 second</summary>
> Now compute.
</details>
<details type="code_interpreter" done="true" output="{&quot;stdout&quot;: &quot;4&quot;}">
<summary>Analyzed</summary>
\`\`\`python
print(2 + 2)
\`\`\`
</details>
It is 4.

<details>
<summary>Why?</summary>
Because.
</details>`;
  const { path } = read(ask('Far?'), { role: 'assistant', content });
  expect(path[1]?.parts).toEqual([
    { type: 'reasoning', text: 'Is 1 < 2?', durationMs: 2_000 },
    { type: 'text', text: 'Let me look.' },
    { type: 'tool-call', id: 't1', name: 'search', argumentsJson: '{"q": "moon"}', state: 'complete' },
    { type: 'tool-result', toolCallId: 't1', content: '384,400 km' },
    { type: 'reasoning', text: '\n\nNow compute.', durationMs: 1_000 },
    { type: 'tool-call', id: 'call-8', name: 'code_interpreter', argumentsJson: 'print(2 + 2)', state: 'complete' },
    { type: 'tool-result', toolCallId: 'call-8', content: '{"stdout": "4"}' },
    { type: 'text', text: '\n\nIt is 4.\n\n<details>\n<summary>Why?</summary>\nBecause.\n</details>' },
  ]);
});
