import { expect, test } from 'vitest';
import { ToolCalls } from './tool-calls.ts';

test('each tool call is assembled from its own pieces', () => {
  const calls = new ToolCalls();
  calls.push([{ index: 0, id: 'a', type: 'function', function: { name: 'weather', arguments: '' } }]);
  calls.push([{ index: 0, function: { arguments: '{"city":' } }]);
  calls.push([
    { index: 1, id: 'b', type: 'function', function: { name: 'time', arguments: '{}' } },
    { index: 0, function: { arguments: '"Rome"}' } },
  ]);
  expect(calls.end()).toEqual([
    { type: 'tool-call', id: 'a', name: 'weather', argumentsJson: '{"city":"Rome"}' },
    { type: 'tool-call', id: 'b', name: 'time', argumentsJson: '{}' },
  ]);
});

test('an answer without tool calls has none', () => {
  const calls = new ToolCalls();
  calls.push([]);
  expect(calls.end()).toEqual([]);
});
