import type { DBSchema } from 'idb';
import { expect, onTestFinished, test } from 'vitest';
import { Database } from './database.ts';

interface Notes extends DBSchema {
  notes: { key: string; value: string };
}

function open(): Database<Notes> {
  const notes = new Database<Notes>(`notes-${crypto.randomUUID()}`, 1, (database) => {
    database.createObjectStore('notes');
  });
  onTestFinished(() => notes.close());
  return notes;
}

// As the browser does when it closes a connection under a page, whose site data the user clears.
test('a transaction that the browser aborts is repeated once', async () => {
  const notes = open();
  let tries = 0;
  await notes.run(async (database) => {
    const transaction = database.transaction('notes', 'readwrite');
    const write = transaction.store.put('kept', 'a');
    tries += 1;
    if (tries === 1) transaction.abort();
    await Promise.all([write, transaction.done]);
  });
  expect(tries).toBe(2);
  expect(await notes.run((database) => database.get('notes', 'a'))).toBe('kept');
});

test('a read that is aborted each time fails with a code, and leaves no uncaught error', async () => {
  const uncaught: unknown[] = [];
  const note = (event: PromiseRejectionEvent): void => void uncaught.push(event.reason);
  addEventListener('unhandledrejection', note);
  onTestFinished(() => removeEventListener('unhandledrejection', note));
  const read = open().run(async (database) => {
    const transaction = database.transaction('notes');
    const found = transaction.store.get('a');
    transaction.abort();
    return found;
  });
  await expect(read).rejects.toMatchObject({ code: 'storage-unavailable' });
  // The browser tells of a rejection in a task of its own.
  await new Promise((resolve) => setTimeout(resolve));
  expect(uncaught).toEqual([]);
});
