import { render } from 'lit';
import { expect, test } from 'vitest';
import type { MessageStatistics } from '../../chat/conversation.ts';
import { renderStatistics } from './statistics.ts';

const FIGURES: MessageStatistics = {
  promptTokens: 34,
  reusedTokens: 24,
  completionTokens: 40,
  timeToFirstTokenMs: 380,
  prefillTokensPerSecond: 148,
  decodeTokensPerSecond: 23,
};

function shown(change: Partial<MessageStatistics>): string {
  const place = document.createElement('div');
  render(renderStatistics({ ...FIGURES, ...change }, 'Model'), place);
  return place.textContent ?? '';
}

test('a speed is not made of one token', () => {
  expect(shown({})).toContain('23 tokens/s');
  expect(shown({ completionTokens: 1 })).not.toContain('23 tokens/s');
});

test('nor is the speed of reading made of a few', () => {
  expect(shown({})).toContain('148 tokens/s');
  expect(shown({ reusedTokens: 31 })).not.toContain('148 tokens/s');
});

test('the beginning that all prompts share is not called reused', () => {
  expect(shown({})).toContain('24 reused');
  expect(shown({ reusedTokens: 5 })).not.toContain('reused');
});
