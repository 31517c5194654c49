import { expect, test } from 'vitest';
import { contextSize } from './context-size.ts';

test.each([
  [512, '512'],
  [2_048, '2K'],
  [1_536, '1.5K'],
  [8_192, '8K'],
  [40_960, '40K'],
  [131_072, '128K'],
  [1_048_576, '1M'],
])('a context window of %d tokens reads as %s', (tokens, label) => {
  expect(contextSize(tokens)).toBe(label);
});
