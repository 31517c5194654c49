import { expect, test } from 'vitest';
import { decryptFile, encryptFile, looksEncrypted } from './encrypted-file.ts';

/** Little work for the key, except where a test is about the key. */
async function encrypt(
  bytes: Uint8Array<ArrayBuffer>,
  passphrase: string,
  workFactor = 4,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = await encryptFile(new Blob([bytes]), passphrase, workFactor);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** What is decrypted before the first failure, and the failure. */
async function decrypt(file: Uint8Array<ArrayBuffer>, passphrase: string) {
  const chunks: BlobPart[] = [];
  let error: unknown;
  try {
    for await (const chunk of decryptFile(new Blob([file]), passphrase)) chunks.push(chunk.slice());
  } catch (caught) {
    error = caught;
  }
  return { bytes: new Uint8Array(await new Blob(chunks).arrayBuffer()), error };
}

const CHUNK_BYTES = 65_536;

/** Larger than what a stream reads at once, and not the same in any two places. */
const LARGE = Uint8Array.from({ length: 2_500_000 }, (_, index) => (index * 2_654_435_761) >>> 24);

/** `printf '{"format":"alcove-chats","version":1,"exportedAt":1790000000000,"chats":[]}\n' | age -p`, age 1.1.1 */
const FROM_AGE_COMMAND =
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCBUV1oxd09VcCtlb08yYWJIeWduZDBnIDE4CmI4VW1kYzh6RHp0TThXWG0zamllbGQ3UEtUdU5lakNEclB1WmI2UVhDSDQKLS0tIERrcC9MTG1QMzE2cWJ0YTAvbThMS2I1eUJoM2k4ZUxKQVJlSlhkQS9aS0UK39LHtu/5rGzRYc5bc+ANeZkudlsljaWAJ7nKxRcU5ptfG3Xo8HMFk2l8R67AhwrzbvpP5OysT7fCYPHO5saBw0LrzZCTOTHabU6k9Amcr9Or7bktkihV4SMPYbon5pja/3Mks9iUdYvrKIJj';

/** To a key: `age-keygen | age -R`, age 1.1.1 */
const TO_A_KEY =
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSA5NTBTOGw1Z2pOREF6M1JxUUtyV2JDdmhwOCtpT2UydVFjQTExdTAyVXlJCllwdmo2ejFManBqby8vWTFSbmxqdjZBeW11dHdmaHhSWEM4dnNHU2Q1N2MKLS0tIGdnN28vTEpaWWI0NVNzNlpRTWRvNGlKVWFjckVxWW5mNTZrVUUrWXV3NW8KM/RIhSepozXhmj7vEkylo1Ycubswzq1x6hgwxdoF/MKAg82HWwRcXFLUuFvQ6b5JRfsJArPrp/9IamXwSN7TNJUUrF/nrwKrlUgqfRW1wRyFQL+k+weXCqX2WFdbZLaWriGMP9I/sQpZW2ww';

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

test('a file of any size is the same after encryption and decryption with its passphrase', async () => {
  for (const bytes of [new Uint8Array(), new Uint8Array([1]), LARGE.slice(0, CHUNK_BYTES), LARGE]) {
    const decrypted = await decrypt(await encrypt(bytes, 'correct horse'), 'correct horse');
    expect(decrypted.error).toBeUndefined();
    expect(decrypted.bytes.length).toBe(bytes.length);
    expect(decrypted.bytes.every((byte, index) => byte === bytes[index])).toBe(true);
  }
});

test('a file from the age command can be decrypted, and is recognised by its first line', async () => {
  const file = fromBase64(FROM_AGE_COMMAND);
  expect(looksEncrypted(file.subarray(0, 64))).toBe(true);
  const { bytes, error } = await decrypt(file, 'correct horse');
  expect(error).toBeUndefined();
  expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({ format: 'alcove-chats', chats: [] });
});

test('a file that was encrypted to a key is reported to need it', async () => {
  expect((await decrypt(fromBase64(TO_A_KEY), 'correct horse')).error).toMatchObject({
    code: 'import-unreadable',
    data: { reason: 'age-key' },
  });
});

test('a passphrase in another Unicode form decrypts the file too', async () => {
  const file = await encrypt(new Uint8Array([7]), 'Gru\u0308\u00DFe');
  expect((await decrypt(file, 'Gr\u00FC\u00DFe')).bytes).toEqual(new Uint8Array([7]));
  expect((await decrypt(file, 'Gru\u0308\u00DFe')).bytes).toEqual(new Uint8Array([7]));
});

test('a wrong passphrase and a damaged file get different errors', async () => {
  const file = await encrypt(LARGE, 'correct horse');
  expect((await decrypt(file, 'wrong horse')).error).toMatchObject({ code: 'passphrase-wrong' });
  const flipped = file.slice();
  flipped[1_500_000] = (flipped[1_500_000] ?? 0) ^ 1;
  const { bytes, error } = await decrypt(flipped, 'correct horse');
  expect(error).toMatchObject({ code: 'backup-damaged' });
  expect(bytes.length).toBe(Math.floor(1_500_000 / (CHUNK_BYTES + 16)) * CHUNK_BYTES);
});

test('the chunks before the cut in a truncated file are decrypted, and the cut is reported', async () => {
  const file = await encrypt(LARGE, 'correct horse');
  const cut = await decrypt(file.slice(0, file.length - 300_000), 'correct horse');
  expect(cut.bytes.length).toBe(Math.floor((LARGE.length - 300_000) / CHUNK_BYTES) * CHUNK_BYTES);
  expect(cut.bytes.every((byte, index) => byte === LARGE[index])).toBe(true);
  expect(cut.error).toMatchObject({ code: 'backup-damaged' });
  // Cut exactly between two chunks: only the mark of the last chunk can tell.
  const small = await encrypt(new Uint8Array(), 'correct horse');
  const headerBytes = small.length - 16;
  const even = await decrypt(file.slice(0, headerBytes + 2 * (CHUNK_BYTES + 16)), 'correct horse');
  expect(even.error).toMatchObject({ code: 'backup-damaged' });
  expect((await decrypt(file.slice(0, 100), 'correct horse')).error).toMatchObject({ code: 'backup-damaged' });
});

test('the encrypted file contains neither the passphrase nor the text', async () => {
  const file = await encrypt(new TextEncoder().encode('secret word'), 'correct horse');
  const text = new TextDecoder('latin1').decode(file);
  expect(text).not.toContain('secret');
  expect(text).not.toContain('horse');
  expect(looksEncrypted(file.subarray(0, 64))).toBe(true);
});

test('a backup is encrypted with the work factor that OWASP advises', async () => {
  const file = await new Response(await encryptFile(new Blob(['{}']), 'correct horse')).text();
  expect(file).toMatch(/^age-encryption\.org\/v1\n-> scrypt [\w+/]+ 17\n/);
});

test('a header that demands gigabytes of memory is refused before any computation', async () => {
  const file = await encrypt(new Uint8Array([1]), 'correct horse', 10);
  const text = new TextDecoder('latin1').decode(file).replace(/^(-> scrypt \S+) 10$/m, '$1 30');
  const changed = Uint8Array.from(text, (character) => character.charCodeAt(0));
  expect((await decrypt(changed, 'correct horse')).error).toMatchObject({
    code: 'backup-damaged',
    cause: { message: expect.stringContaining('too high') },
  });
});
