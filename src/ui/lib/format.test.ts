import { expect, test } from 'vitest';
import {
  formatBytes,
  formatDayGroup,
  formatFraction,
  formatMilliseconds,
  formatParameters,
  formatSeconds,
  formatSecondsLeft,
  formatTokensPerSecond,
} from './format.ts';

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_632, '2 kB'],
  [999_700, '1 MB'],
  [7_286_550, '7.3 MB'],
  [612_400_000, '612 MB'],
  [999_999_999, '1 GB'],
  [1_130_000_000, '1.1 GB'],
  [42_000_000_000, '42 GB'],
])('%d bytes read as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0.42, '0.4 s'],
  [3, '3 s'],
  [40.4, '40 s'],
  [119, '2 min'],
  [3_600, '1 h'],
  [4_800, '1 h 20 min'],
])('%d seconds read as %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test('a remaining time is never zero', () => {
  expect(formatSecondsLeft(0)).toBe('1 s left');
});

test('rates, fractions and times have their unit', () => {
  expect(formatTokensPerSecond(23.4)).toBe('23 tokens/s');
  expect(formatTokensPerSecond(4.25)).toBe('4.3 tokens/s');
  expect(formatMilliseconds(380.4)).toBe('380 ms');
  expect(formatMilliseconds(1_530)).toBe('1.5 s');
});

test('a fraction is rounded down, so that 100 % means all', () => {
  expect(formatFraction(0.999)).toBe('99%');
  expect(formatFraction(1)).toBe('100%');
});

test('parameter counts are rounded and named', () => {
  expect(formatParameters(361_821_120)).toBe('362 million');
  expect(formatParameters(999_885_952)).toBe('1 billion');
  expect(formatParameters(1_710_000_000)).toBe('1.7 billion');
  expect(formatParameters(870_000)).toBe('870 thousand');
});

test('chats are grouped by the day they were used on', () => {
  const now = new Date(2026, 10, 23, 0, 30).getTime();
  expect(formatDayGroup(now - 20 * 60_000, now)).toBe('Today');
  expect(formatDayGroup(now - 60 * 60_000, now)).toBe('Yesterday');
  expect(formatDayGroup(new Date(2026, 10, 18).getTime(), now)).toBe('Last 7 days');
  expect(formatDayGroup(new Date(2026, 8, 2).getTime(), now)).toBe('September');
  expect(formatDayGroup(new Date(2025, 8, 2).getTime(), now)).toBe('September 2025');
});
