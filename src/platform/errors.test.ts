import { expect, test } from 'vitest';
import { AlcoveError, abortError, fromWireError, isAbortError, toAlcoveError, toWireError } from './errors.ts';

test('an error keeps its code and data across a worker boundary', () => {
  const error = new AlcoveError('file-corrupt', 'wrong hash', { data: { path: 'a.bin' } });
  const rebuilt = fromWireError(structuredClone(toWireError(error)));
  expect(AlcoveError.isInstance(rebuilt)).toBe(true);
  expect(rebuilt).toMatchObject({ code: 'file-corrupt', message: 'wrong hash', data: { path: 'a.bin' } });
});

test('a cancel stays a cancel across a worker boundary', () => {
  expect(isAbortError(fromWireError(structuredClone(toWireError(abortError()))))).toBe(true);
});

test('any thrown value gets a code and stays the cause', () => {
  const cause = new TypeError('no');
  expect(toAlcoveError(cause, 'load-failed')).toMatchObject({ code: 'load-failed', cause });
  expect(toAlcoveError('text').code).toBe('internal');
});
