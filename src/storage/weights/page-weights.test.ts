import { expect, test } from 'vitest';
import { madeUpRecord } from '../../models/testing/made-up.ts';
import { memoryDatabaseName } from '../../platform/storage-access.ts';
import { openPageWeights } from './page-weights.ts';

/** Lists the models of a store, in a worker. */
function listInWorker(name: string): Promise<unknown> {
  const script = `
    import { openPageWeights } from '${location.origin}/src/storage/weights/page-weights.ts';
    const store = await openPageWeights(${JSON.stringify(name)});
    postMessage(await store.listModels());`;
  const listed = Promise.withResolvers<unknown>();
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(url, { type: 'module' });
  worker.onmessage = ({ data }) => listed.resolve(data);
  worker.onerror = ({ message }) => listed.reject(new Error(message));
  return listed.promise.finally(() => worker.terminate());
}

test('a page serves the weights in its memory to its workers, and not to scripts of another build', async () => {
  const name = memoryDatabaseName(crypto.randomUUID());
  const store = await openPageWeights(name);
  await store.addModel({ record: madeUpRecord({ id: 'kept' }), revision: '1', files: [] });
  const other = new BroadcastChannel(name);
  const replies: unknown[] = [];
  other.onmessage = ({ data }: MessageEvent<unknown>) => {
    const message: unknown = Reflect.get(Object(data), 'message') ?? data;
    if (!('method' in Object(message))) replies.push(message);
  };
  const call = { callId: 'other', method: 'deleteModel', parameters: ['kept'] };
  other.postMessage(call);
  other.postMessage({ version: 0, message: call });
  // What is asked after it is answered after it.
  expect(await listInWorker(name)).toMatchObject([{ record: { id: 'kept' } }]);
  await expect
    .poll(() => replies)
    .toEqual([{ callId: expect.not.stringMatching('other'), value: [expect.anything()] }]);
  other.close();
});

test('a worker takes no answers of a page of another build', async () => {
  const name = memoryDatabaseName(crypto.randomUUID());
  const other = new BroadcastChannel(name);
  other.onmessage = ({ data: { version, message } }) => {
    const reply = (value: string) => ({ callId: message.callId, value });
    // As the first builds answered, which knew no version, and as a later one will.
    other.postMessage(reply('first builds'));
    other.postMessage({ version: version + 1, message: reply('later build') });
    other.postMessage({ version, message: reply('this build') });
  };
  expect(await listInWorker(name)).toBe('this build');
  other.close();
});
