import { expect, test } from 'vitest';
import { EventQueue } from './event-queue.ts';

async function readAll(queue: EventQueue<number>): Promise<{ items: number[]; error: unknown }> {
  const items: number[] = [];
  try {
    for await (const item of queue) items.push(item);
    return { items, error: undefined };
  } catch (error) {
    return { items, error };
  }
}

test('items pushed before and after the consumer starts arrive in order', async () => {
  const queue = new EventQueue<number>();
  queue.push(1);
  const reading = readAll(queue);
  await Promise.resolve();
  queue.push(2);
  queue.push(3);
  queue.end();
  expect(await reading).toEqual({ items: [1, 2, 3], error: undefined });
});

test('a failure arrives after the pushed items, and only the first end counts', async () => {
  const queue = new EventQueue<number>();
  const error = new Error('lost');
  queue.push(1);
  queue.fail(error);
  queue.push(2);
  queue.end();
  expect(await readAll(queue)).toEqual({ items: [1], error });
});

test('a cancelled consumer gets no more items, and one that has read to the end is not affected', async () => {
  const error = new Error('cancelled');
  const queue = new EventQueue<number>();
  queue.push(1);
  queue.end();
  queue.cutShort(error);
  expect(await readAll(queue)).toEqual({ items: [], error });

  const finished = new EventQueue<number>();
  finished.end();
  finished.cutShort(error);
  expect(await readAll(finished)).toEqual({ items: [], error: undefined });
});
