import { expect, test } from 'vitest';
import { zipEntries } from './zip-entries.ts';

const NAME = 'conversations.json';

/** An archive of one deflated file. */
async function zipOf(contents: Blob): Promise<Blob> {
  const packed = await new Response(contents.stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer();
  const header = (mark: number, length: number, from: number): DataView<ArrayBuffer> => {
    const view = new DataView(new ArrayBuffer(length));
    view.setUint32(0, mark, true);
    view.setUint16(from + 2, 8, true);
    view.setUint32(from + 12, packed.byteLength, true);
    view.setUint32(from + 16, contents.size, true);
    view.setUint16(from + 20, NAME.length, true);
    return view;
  };
  const local = header(0x04034b50, 30, 6);
  const entry = header(0x02014b50, 46, 8);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint32(12, 46 + NAME.length, true);
  end.setUint32(16, 30 + NAME.length + packed.byteLength, true);
  return new Blob([local, NAME, packed, entry, NAME, end]);
}

async function unpack(archive: Blob, onPiece: (piece: Uint8Array) => void): Promise<void> {
  const [entry] = await zipEntries(archive);
  const reader = (await entry?.open())?.getReader();
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) onPiece(read.value);
}

test('a deflated file comes out as it went in, more than one piece of it', async () => {
  const text = JSON.stringify(Array.from({ length: 20_000 }, (_, index) => ({ id: crypto.randomUUID(), index })));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  await unpack(await zipOf(new Blob([text])), (piece) => pieces.push(piece.slice()));
  expect(await new Blob(pieces).text()).toBe(text);
});

test('a file that grows a thousandfold is refused before it fills the memory', async () => {
  const zeros = new Uint8Array(1024 * 1024);
  const archive = await zipOf(new Blob(Array.from({ length: 100 }, () => zeros)));
  let unpackedBytes = 0;
  const unpacked = unpack(archive, (piece) => {
    unpackedBytes += piece.length;
  });
  await expect(unpacked).rejects.toMatchObject({ code: 'import-unreadable', data: { reason: 'zip-too-large' } });
  expect(unpackedBytes).toBeLessThanOrEqual(101 * archive.size);
});
