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

test('several calls with the same index differ by their ids, or by their names', () => {
  const ollama = new ToolCalls();
  ollama.push([{ index: 0, id: 'a', function: { name: 'weather', arguments: '{"city":"Rome"}' } }]);
  ollama.push([{ index: 0, id: 'b', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }]);
  expect(ollama.end()).toMatchObject([{ argumentsJson: '{"city":"Rome"}' }, { argumentsJson: '{"city":"Oslo"}' }]);
  const nameless = new ToolCalls();
  nameless.push([{ index: 0, function: { name: 'weather', arguments: '{}' } }]);
  nameless.push([{ index: 0, function: { name: 'time', arguments: '{}' } }]);
  expect(nameless.end()).toMatchObject([{ name: 'weather' }, { name: 'time' }]);
});

test('an empty name or id in a later piece does not replace the first one', () => {
  const calls = new ToolCalls();
  calls.push([{ index: 0, id: 'a', function: { name: 'weather', arguments: '{"city":' } }]);
  calls.push([{ index: 0, id: '', function: { name: '', arguments: '"Rome"}' } }]);
  calls.push([{ index: 0, id: 'a', function: { name: 'weather', arguments: '' } }]);
  expect(calls.end()).toEqual([{ type: 'tool-call', id: 'a', name: 'weather', argumentsJson: '{"city":"Rome"}' }]);
});

test('pieces without an index continue the last call, until another one begins', () => {
  const calls = new ToolCalls();
  calls.push([{ id: 'a', function: { name: 'weather', arguments: '' } }]);
  calls.push([{ function: { arguments: '{"city":' } }, { function: { arguments: '"Rome"}' } }]);
  calls.push([{ id: 'b', function: { name: 'time', arguments: '{}' } }]);
  expect(calls.end()).toMatchObject([
    { id: 'a', name: 'weather', argumentsJson: '{"city":"Rome"}' },
    { id: 'b', name: 'time', argumentsJson: '{}' },
  ]);
});

test('an answer without tool calls has none', () => {
  const calls = new ToolCalls();
  calls.push([]);
  expect(calls.end()).toEqual([]);
});
