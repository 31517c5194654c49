import { expect, test } from 'vitest';
import type { PromptMessage } from './engine.ts';
import { withToolPrompt } from './tool-prompt.ts';

const WEATHER = { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } };
const QUESTION: PromptMessage = { role: 'user', content: 'What is the weather in Rome?' };

test('the tools stand in the system message, after what it says already', () => {
  const [system, ...rest] = withToolPrompt([{ role: 'system', content: 'Be brief.' }, QUESTION], [WEATHER], true);
  expect(system?.content).toMatch(/^Be brief\.\n\nTo call a tool, write <tool_call>/);
  expect(system?.content).toContain('Tools: [{"name": "get_weather", "parameters": {"city": "string"}}]');
  expect(rest).toEqual([QUESTION]);
  expect(withToolPrompt([QUESTION], [WEATHER], true)).toHaveLength(2);
});

test('a property with more than a type keeps its schema', () => {
  const city = { type: 'string', description: 'Its name' };
  const [system] = withToolPrompt([QUESTION], [{ ...WEATHER, parameters: { properties: { city } } }], true);
  expect(system?.content).toContain('{"city": {"type": "string", "description": "Its name"}}');
});

test('earlier calls and results are text, and stay so when no tool is offered any more', () => {
  const call = { id: '1', name: 'get_weather', argumentsJson: '{"city":"Rome"}' };
  const messages: PromptMessage[] = [
    QUESTION,
    { role: 'assistant', content: '', toolCalls: [call] },
    { role: 'tool', content: '{"sky": "clear"}', toolCallId: '1' },
  ];
  const asked = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Rome"}}\n</tool_call>';
  expect(withToolPrompt(messages, [], true)).toEqual([QUESTION, { role: 'assistant', content: asked }, messages[2]]);
  expect(withToolPrompt(messages, [], false)[2]).toEqual({
    role: 'user',
    content: '<tool_response>\n{"sky": "clear"}\n</tool_response>',
  });
});
