import { expect, test } from 'vitest';
import { zipOf } from './testing/make-zip.ts';
import { zipEntries } from './zip-entries.ts';

async function unpack(archive: Blob, onPiece: (piece: Uint8Array) => void): Promise<void> {
  const [entry] = await zipEntries(archive);
  const reader = (await entry?.open())?.getReader();
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) onPiece(read.value);
}

test('a deflated file comes out as it went in, more than one piece of it', async () => {
  const text = JSON.stringify(Array.from({ length: 20_000 }, (_, index) => ({ id: crypto.randomUUID(), index })));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  await unpack(await zipOf({ 'conversations.json': text }), (piece) => pieces.push(piece.slice()));
  expect(await new Blob(pieces).text()).toBe(text);
});

test('a file that grows a thousandfold is refused before it fills the memory', async () => {
  const zeros = new Uint8Array(1024 * 1024);
  const archive = await zipOf({ 'conversations.json': new Blob(Array.from({ length: 100 }, () => zeros)) });
  let unpackedBytes = 0;
  const unpacked = unpack(archive, (piece) => {
    unpackedBytes += piece.length;
  });
  await expect(unpacked).rejects.toMatchObject({ code: 'import-unreadable', data: { reason: 'zip-too-large' } });
  expect(unpackedBytes).toBeLessThanOrEqual(101 * archive.size);
});
