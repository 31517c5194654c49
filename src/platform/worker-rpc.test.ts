import { expect, onTestFinished, test } from 'vitest';
import type { EchoMethods } from './testing/echo-methods.ts';
import workerScript from './testing/worker/echo-worker.ts?worker-file';
import { WorkerClient, type WorkerClientOptions } from './worker-rpc.ts';

function open(script = workerScript, options: WorkerClientOptions = {}): WorkerClient<EchoMethods> {
  const client = new WorkerClient<EchoMethods>(script, 'test', { failureCode: 'engine-crashed', ...options });
  onTestFinished(() => client.end());
  return client;
}

test('concurrent calls each get their own result', async () => {
  const client = open();
  const inputs = [1, 'two', { three: [3] }, undefined];
  expect(await Promise.all(inputs.map((input) => client.call('echo', input)))).toEqual(inputs);
});

test('the reports of a call arrive in order and before its result', async () => {
  const heard: unknown[] = [];
  heard.push(await open().call('count', 3, { onProgress: (number) => heard.push(number) }));
  expect(heard).toEqual([1, 2, 3, 'counted']);
});

test('a buffer is transferred to the worker and back', async () => {
  const bytes = new Uint8Array(4);
  const back = await open().call('fill', bytes, { transfer: [bytes.buffer] });
  expect(bytes.byteLength).toBe(0);
  expect([...back]).toEqual([7, 7, 7, 7]);
});

test('an error of a method keeps its code and data, and the worker stays usable', async () => {
  const client = open();
  await expect(client.call('fail', undefined)).rejects.toMatchObject({ code: 'file-corrupt', data: { path: 'a.bin' } });
  expect(await client.call('echo', 1)).toBe(1);
});

test('a worker that fails ends its open calls, and the next call starts another worker', async () => {
  const client = open();
  await expect(client.call('crash', undefined)).rejects.toMatchObject({ code: 'engine-crashed' });
  expect(client.isRunning).toBe(false);
  expect(await client.call('echo', 1)).toBe(1);
});

test('a worker that does not load ends its open calls, with an error of its own', async () => {
  const error = { code: 'worker-failed', data: { worker: 'test' } };
  const missing = open({ url: new URL('/no-such-worker.js', location.href).href });
  await expect(missing.call('echo', 1)).rejects.toMatchObject(error);
  const foreign = open({ url: 'http://localhost:1/no-such-worker.js' });
  await expect(foreign.call('echo', 1)).rejects.toMatchObject(error);
  const withoutText = open({ load: () => Promise.reject(new TypeError('no network')) });
  await expect(withoutText.call('echo', 1)).rejects.toMatchObject({
    ...error,
    message: expect.stringContaining('no network'),
  });
});

test('a worker of text is a classic script in strict mode', async () => {
  const text =
    'postMessage({ callId: 0, type: "result", value: typeof importScripts + (function () { return this; })() });';
  const client = open({ load: async () => text });
  expect(await client.call('echo', 1)).toBe('functionundefined');
});

test('a call is cancelled by its signal, and all calls by the end of the worker', async () => {
  const client = open();
  const controller = new AbortController();
  const cancelled = client.call('never', undefined, { signal: controller.signal });
  const other = client.call('never', undefined);
  controller.abort();
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  client.end();
  await expect(other).rejects.toMatchObject({ name: 'AbortError' });
});

test('a worker ends when it has had no call for a while, not during one, and starts again', async () => {
  const client = open(workerScript, { idleMs: 0 });
  const running = client.call('never', undefined).catch(() => {});
  await client.call('echo', 1);
  await new Promise((resolve) => setTimeout(resolve));
  expect(client.isRunning).toBe(true);
  client.end();
  await running;
  expect(await client.call('echo', 2)).toBe(2);
  await expect.poll(() => client.isRunning).toBe(false);
  expect(await client.call('echo', 3)).toBe(3);
});
