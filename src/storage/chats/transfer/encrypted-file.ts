import { Decrypter, Encrypter } from 'age-encryption';
import { AlcoveError } from '../../../platform/errors.ts';

/**
 * A backup that only a passphrase opens, in the age format (https://age-encryption.org/v1): `age --decrypt` opens what
 * this file writes, and this file opens what `age --passphrase` writes. Both directions stream: they hold one chunk of
 * 64 KiB, whatever the size of the file.
 */

const FIRST_LINE = 'age-encryption.org/v1\n';

/**
 * log2 of scrypt's N. 17 takes 128 MiB and is the least that OWASP advises (https://cheatsheetseries.owasp.org,
 * Password Storage). The `age` command uses 18: 256 MiB, which a phone with a loaded model may not have.
 */
const WORK_FACTOR = 17;

/** One encrypted chunk of the format: 64 KiB and its tag. */
const CHUNK_BYTES = 65_536 + 16;

/** Whether a file starts as an age file in its binary form does. */
export function looksEncrypted(start: Uint8Array): boolean {
  return new TextDecoder().decode(start.subarray(0, FIRST_LINE.length)) === FIRST_LINE;
}

/** For workers: deriving the key takes 0.6 s of the thread (Node 20). @param workFactor log2 of scrypt's N, 1 to 20 */
export async function encryptFile(
  file: Blob,
  passphrase: string,
  workFactor = WORK_FACTOR,
): Promise<ReadableStream<Uint8Array>> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(workFactor);
  encrypter.setPassphrase(passphrase.normalize('NFC'));
  return encrypter.encrypt(file.stream());
}

/**
 * Decrypts an age file. Yields every intact chunk before it throws. Work factors above 20 are refused by the library.
 * @throws AlcoveError `passphrase-wrong`; `backup-damaged` where the file was cut or changed; `import-unreadable` where a
 *   key opens it and not a passphrase; what the browser throws where the file itself cannot be read
 */
export async function* decryptFile(file: Blob, passphrase: string): AsyncGenerator<Uint8Array> {
  const decrypter = new Decrypter();
  // Keyboards write the same letters in several Unicode forms; the `age` command takes them as they are typed.
  for (const form of new Set([passphrase.normalize('NFC'), passphrase])) decrypter.addPassphrase(form);
  // The identities are tried in order: this one is asked only when no form of the passphrase opened the file.
  decrypter.addIdentity({
    unwrapFileKey: ([stanza]) => {
      if (stanza?.args[0] === 'scrypt')
        throw new AlcoveError('passphrase-wrong', 'the passphrase does not open the file');
      throw new AlcoveError('import-unreadable', 'a key opens the file', { data: { reason: 'age-key' } });
    },
  });
  try {
    const plain = await decrypter.decrypt(file.stream().pipeThrough(sliced()));
    const reader = plain.getReader();
    for (let read = await reader.read(); read.value !== undefined; read = await reader.read()) yield read.value;
  } catch (cause) {
    // The library throws plain errors for whatever is wrong in the file; the browser a DOMException.
    if (AlcoveError.isInstance(cause) || cause instanceof DOMException) throw cause;
    throw new AlcoveError('backup-damaged', 'the encrypted file was cut or changed', { cause });
  }
}

/**
 * Cuts the input so that a piece yields at most one chunk of plain text, which goes straight to the pending read: a stream
 * that fails drops what it has in its queue.
 */
function sliced(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform: (piece, controller) => {
      for (let at = 0; at < piece.length; at += CHUNK_BYTES) controller.enqueue(piece.subarray(at, at + CHUNK_BYTES));
    },
  });
}
