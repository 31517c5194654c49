import { expect, test } from 'vitest';
import { RenderThrottle } from './render-throttle.ts';

/** Writes for a second, a token of five characters at a time. */
function paceAt(tokensPerSecond: number): number {
  const pace = new RenderThrottle(0);
  for (let token = 1; token <= tokensPerSecond; token++) pace.note(5, (1_000 * token) / tokensPerSecond);
  return pace.intervalMs;
}

test('words at reading speed are shown one by one, and faster ones in larger steps', () => {
  expect(paceAt(10)).toBeLessThan(25);
  expect(paceAt(30)).toBeLessThan(35);
  expect(paceAt(100)).toBeCloseTo(66, 0);
  expect(paceAt(1_000)).toBe(200);
});

test('a device on which a render is expensive gets larger steps, at least two a second', () => {
  const pace = new RenderThrottle(0);
  for (let token = 1; token <= 100; token++) pace.note(5, 10 * token);
  for (let step = 0; step < 20; step++) pace.noteFlush(12);
  expect(pace.intervalMs).toBeCloseTo(166, 0);
  for (let step = 0; step < 20; step++) pace.noteFlush(400);
  expect(pace.intervalMs).toBe(500);
});

test('a single delayed render changes little, and an idle device gets small steps again', () => {
  const pace = new RenderThrottle(0);
  for (let token = 1; token <= 30; token++) pace.note(5, (1_000 * token) / 30);
  pace.noteFlush(20);
  expect(pace.intervalMs).toBeLessThan(50);
  for (let step = 0; step < 20; step++) pace.noteFlush(2);
  expect(pace.intervalMs).toBeLessThan(35);
});

test('the first words are shown immediately', () => {
  const pace = new RenderThrottle(0);
  pace.note(400, 5);
  expect(pace.intervalMs).toBe(16);
});

test('the step size follows the speed: slow text after fast text is shown word by word again', () => {
  const pace = new RenderThrottle(0);
  for (let ms = 10; ms <= 1_000; ms += 10) pace.note(30, ms);
  expect(pace.intervalMs).toBe(200);
  for (let ms = 1_100; ms <= 3_000; ms += 100) pace.note(5, ms);
  expect(pace.intervalMs).toBeLessThan(25);
});
