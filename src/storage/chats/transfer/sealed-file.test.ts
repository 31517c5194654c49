import { expect, test } from 'vitest';
import { looksSealed, openSealed, sealing } from './sealed-file.ts';

async function seal(bytes: Uint8Array<ArrayBuffer>, passphrase: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(await sealing(passphrase));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What opens before the first failure, and the failure. */
async function open(file: Uint8Array<ArrayBuffer>, passphrase: string) {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  try {
    for await (const chunk of openSealed(new Blob([file]).stream(), passphrase)) chunks.push(chunk);
    return { bytes: new Uint8Array(await new Blob(chunks).arrayBuffer()), error: undefined };
  } catch (error) {
    return { bytes: new Uint8Array(await new Blob(chunks).arrayBuffer()), error };
  }
}

/** Larger than two blocks, and not the same in any two places. */
const LARGE = Uint8Array.from({ length: 2_500_000 }, (_, index) => (index * 2_654_435_761) >>> 24);

test('what was sealed opens with the passphrase and is the same, whatever its size', async () => {
  for (const bytes of [new Uint8Array(), new Uint8Array([1]), LARGE.slice(0, 1_048_576), LARGE]) {
    const opened = await open(await seal(bytes, 'correct horse'), 'correct horse');
    expect(opened.error).toBeUndefined();
    expect(opened.bytes.length).toBe(bytes.length);
    expect(opened.bytes.every((byte, index) => byte === bytes[index])).toBe(true);
  }
});

test('a passphrase that is typed in another Unicode form opens it too', async () => {
  const file = await seal(new Uint8Array([7]), 'Gr\u00FC\u00DFe');
  expect((await open(file, 'Gru\u0308\u00DFe')).bytes).toEqual(new Uint8Array([7]));
});

test('a wrong passphrase is told from a damaged file', async () => {
  const file = await seal(LARGE, 'correct horse');
  expect((await open(file, 'wrong horse')).error).toMatchObject({ code: 'passphrase-wrong' });
  const flipped = file.slice();
  flipped[1_500_000] = (flipped[1_500_000] ?? 0) ^ 1;
  expect((await open(flipped, 'correct horse')).error).toMatchObject({ code: 'backup-damaged' });
});

test('of a file that was cut the blocks before the cut open, and the cut is told', async () => {
  const file = await seal(LARGE, 'correct horse');
  const cut = await open(file.slice(0, file.length - 300_000), 'correct horse');
  expect(cut.bytes.length).toBe(2_097_152);
  expect(cut.error).toMatchObject({ code: 'backup-damaged' });
  // Cut exactly between two blocks: only the mark of the last block can tell.
  const header = file.indexOf(0x0a) + 1;
  const even = await open(file.slice(0, header + 2 * (1_048_576 + 16)), 'correct horse');
  expect(even.error).toMatchObject({ code: 'backup-damaged' });
});

test('the passphrase and the text are nowhere in the file', async () => {
  const file = new TextDecoder('latin1').decode(await seal(new TextEncoder().encode('secret word'), 'correct horse'));
  expect(file).not.toContain('secret');
  expect(file).not.toContain('horse');
  expect(looksSealed(new TextEncoder().encode(file.slice(0, 60)))).toBe(true);
});

test('a header that asks for gigabytes of memory is refused before anything is computed', async () => {
  const file = await seal(new Uint8Array([1]), 'correct horse');
  const text = new TextDecoder('latin1').decode(file).replace('"memoryKiB":65536', '"memoryKiB":99999999');
  const changed = Uint8Array.from(text, (character) => character.charCodeAt(0));
  expect((await open(changed, 'correct horse')).error).toMatchObject({ code: 'backup-damaged' });
});
