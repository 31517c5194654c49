import { expect, test } from 'vitest';
import { AlcoveError } from '../../platform/errors.ts';
import { readLater } from './read-later.ts';

const BLOCKED = new AlcoveError('storage-blocked', 'by an older tab');
const { signal } = new AbortController();

test('a store that an older tab blocks is read again until it opens', async () => {
  const read = Promise.withResolvers<number>();
  let reads = 0;
  const tryRead = async () => {
    reads++;
    if (reads < 3) throw BLOCKED;
    read.resolve(reads);
  };
  readLater(BLOCKED, tryRead, signal, 1);
  expect(await read.promise).toBe(3);
});

test('no store is read again after another error, or after the session has ended', async () => {
  const reads: string[] = [];
  const last = Promise.withResolvers<void>();
  readLater(new AlcoveError('storage-unavailable', 'none'), async () => reads.push('unavailable'), signal, 1);
  const ended = new AbortController();
  readLater(BLOCKED, async () => reads.push('ended'), ended.signal, 1);
  ended.abort();
  readLater(BLOCKED, async () => last.resolve(), signal, 2);
  await last.promise;
  expect(reads).toEqual([]);
});
