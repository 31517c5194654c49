import { expect, test } from 'vitest';
import { holdLock, whenReleased } from './web-locks.ts';

test('a lock is held until it is released, and its end is reported', async () => {
  const name = crypto.randomUUID();
  const release = await holdLock(name);
  const order: string[] = [];
  const end = whenReleased(name, new AbortController().signal).then(() => order.push('ended'));
  const { held = [] } = await navigator.locks.query();
  expect(held.map((lock) => lock.name)).toContain(name);
  order.push('released');
  release();
  await end;
  expect(order).toEqual(['released', 'ended']);
});

test('a wait for the end of a lock can be cancelled', async () => {
  const name = crypto.randomUUID();
  const release = await holdLock(name, { mode: 'shared' });
  const controller = new AbortController();
  const end = whenReleased(name, controller.signal);
  controller.abort();
  await expect(end).rejects.toMatchObject({ name: 'AbortError' });
  release();
});
