import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { close, listen, staticFiles } from './static-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'alcove-static-'));
const root = join(folder, 'site');
let server: Server;
let origin: string;

beforeAll(async () => {
  mkdirSync(join(root, 'models'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(root, 'index.html'), '<title>Home</title>');
  writeFileSync(join(root, 'hub.html'), '<title>Hub</title>');
  writeFileSync(join(root, 'models', 'weights.bin'), '0123456789');
  ({ server, origin } = await listen(staticFiles({ root })));
});

afterAll(async () => {
  await close(server);
  rmSync(folder, { recursive: true });
});

it('answers a folder with its index, typed and isolated', async () => {
  const response = await fetch(`${origin}/`);
  expect(await response.text()).toBe('<title>Home</title>');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
});

it('lets other sites frame the hub, and no other page', async () => {
  const policyOf = async (path: string): Promise<string | null> =>
    (await fetch(origin + path)).headers.get('content-security-policy');
  expect(await policyOf('/index.html?/hub.html')).toBe("frame-ancestors 'self'");
  expect(await policyOf('/hub.html?lang=de')).toBeNull();
});

it.each([
  ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
  ['bytes=7-', 206, '789', 'bytes 7-9/10'],
  ['bytes=-3', 206, '789', 'bytes 7-9/10'],
  ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
  ['bytes=10-', 416, '', 'bytes */10'],
  ['chunks=1-2', 200, '0123456789', null],
])('answers the range %s with %i', async (range, status, body, contentRange) => {
  const response = await fetch(`${origin}/models/weights.bin`, { headers: { range } });
  expect([response.status, await response.text()]).toEqual([status, body]);
  expect(response.headers.get('content-range')).toBe(contentRange);
});

it('sends the whole file when If-Range names another version', async () => {
  const headers = { range: 'bytes=2-4', 'if-range': '"other"' };
  const response = await fetch(`${origin}/models/weights.bin`, { headers });
  expect([response.status, await response.text()]).toEqual([200, '0123456789']);
});

it('does not leave its folder', async () => {
  expect(await statusOf('/../secret.txt')).toBe(404);
  expect(await statusOf('/%2e%2e/secret.txt')).toBe(404);
  expect(await statusOf('/..%2fsecret.txt')).toBe(404);
  expect(await statusOf('/%zz')).toBe(404);
});

/** Sends the path unchanged; `fetch` would normalize it. */
function statusOf(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(origin + path, { path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
