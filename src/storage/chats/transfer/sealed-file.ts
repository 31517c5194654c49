import { AlcoveError } from '../../../platform/errors.ts';

/**
 * A file that only a passphrase opens; docs/chat-format.md describes it.
 *
 *     one line of JSON, the header:  how the key is made, and a check of it
 *     then blocks:                   AES-256-GCM of 1 MiB each (the last one shorter), with its 16 bytes of tag
 *
 * Each block's nonce is a random prefix, the block's number, and whether it is the last (the STREAM construction:
 * https://eprint.iacr.org/2015/189), and every block is bound to the header: blocks cannot be swapped, dropped or taken
 * from another file unseen, a file that was cut is told from one that is whole, and what came before the cut is read.
 */
export const SEALED_FORMAT = 'alcove-sealed';

/**
 * Argon2id (RFC 9106), its second recommended setting, with one lane since hash-wasm has one thread. About a quarter of a
 * second in Chromium 156 on the machine that tests it; a graphics card gains little, since each guess takes 64 MiB.
 */
const KEY_SETTINGS = { memoryKiB: 65_536, passes: 3, lanes: 1 } as const;

/** A file may ask for so much at most: more is no backup but an attempt to freeze the page. */
const MOST = { memoryKiB: 1_048_576, passes: 16, lanes: 8 } as const;

const BLOCK_BYTES = 1_048_576;
const TAG_BYTES = 16;
const PREFIX_BYTES = 7;
const SALT_BYTES = 16;
/** The header line is about 300 bytes; what has no line end until here has no header. */
const MOST_HEADER_BYTES = 4_096;

interface SealedHeader {
  readonly format: typeof SEALED_FORMAT;
  readonly version: 1;
  readonly key: {
    readonly name: 'argon2id';
    readonly memoryKiB: number;
    readonly passes: number;
    readonly lanes: number;
    readonly salt: string;
  };
  readonly cipher: { readonly name: 'aes-256-gcm'; readonly blockBytes: number; readonly noncePrefix: string };
  /** 16 bytes made with the key: a wrong passphrase is told from a damaged file. */
  readonly check: string;
}

/** Whether a file begins as a sealed one does. */
export function looksSealed(start: Uint8Array): boolean {
  return new TextDecoder().decode(start.subarray(0, 40)).startsWith(`{"format":"${SEALED_FORMAT}"`);
}

/** Seals what streams through. */
export async function sealing(passphrase: string): Promise<TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const prefix = crypto.getRandomValues(new Uint8Array(PREFIX_BYTES));
  const { key, check } = await deriveKey(passphrase, { ...KEY_SETTINGS, salt });
  const header: SealedHeader = {
    format: SEALED_FORMAT,
    version: 1,
    key: { name: 'argon2id', ...KEY_SETTINGS, salt: toBase64(salt) },
    cipher: { name: 'aes-256-gcm', blockBytes: BLOCK_BYTES, noncePrefix: toBase64(prefix) },
    check: toBase64(check),
  };
  const headerBytes = new TextEncoder().encode(`${JSON.stringify(header)}\n`);
  const blocks = new BlockBuffer(BLOCK_BYTES);
  let number = 0;
  const seal = async (block: Uint8Array<ArrayBuffer>, isLast: boolean): Promise<Uint8Array<ArrayBuffer>> => {
    const iv = nonce(prefix, number, isLast);
    number += 1;
    return new Uint8Array(
      await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: headerBytes }, key, block),
    );
  };
  return new TransformStream({
    start: (controller) => controller.enqueue(headerBytes),
    transform: async (chunk, controller) => {
      // One block is held back: only at the end it is known which is the last.
      for (const block of blocks.push(chunk)) controller.enqueue(await seal(block, false));
    },
    flush: async (controller) => controller.enqueue(await seal(blocks.rest(), true)),
  });
}

/**
 * Opens a sealed file. Yields what is whole before it throws.
 * @throws AlcoveError `passphrase-wrong`; `backup-damaged` where the file was cut or changed
 */
export async function* openSealed(
  stream: ReadableStream<Uint8Array>,
  passphrase: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  try {
    const { header, headerBytes, rest } = await readHeader(reader);
    const prefix = fromBase64(header.cipher.noncePrefix);
    const { key, check } = await deriveKey(passphrase, { ...header.key, salt: fromBase64(header.key.salt) });
    if (toBase64(check) !== header.check) throw new AlcoveError('passphrase-wrong', 'the key check differs');
    const blocks = new BlockBuffer(header.cipher.blockBytes + TAG_BYTES);
    let number = 0;
    const open = async (block: Uint8Array<ArrayBuffer>, isLast: boolean): Promise<Uint8Array<ArrayBuffer>> => {
      const iv = nonce(prefix, number, isLast);
      number += 1;
      try {
        return new Uint8Array(
          await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: headerBytes }, key, block),
        );
      } catch (cause) {
        throw new AlcoveError('backup-damaged', `block ${number} of the sealed file does not open`, { cause });
      }
    };
    for (let chunk: Uint8Array | undefined = rest; chunk !== undefined; chunk = (await reader.read()).value) {
      for (const block of blocks.push(chunk)) yield await open(block, false);
    }
    yield await open(blocks.rest(), true);
  } finally {
    reader.releaseLock();
  }
}

interface ReadHeader {
  readonly header: SealedHeader;
  /** The line as it stands in the file, its end included: what every block is bound to. */
  readonly headerBytes: Uint8Array<ArrayBuffer>;
  readonly rest: Uint8Array<ArrayBuffer>;
}

async function readHeader(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ReadHeader> {
  let start = new Uint8Array();
  let end = -1;
  while (end === -1 && start.length < MOST_HEADER_BYTES) {
    const { value } = await reader.read();
    if (value === undefined) break;
    start = concat(start, value);
    end = start.subarray(0, MOST_HEADER_BYTES).indexOf(0x0a);
  }
  const header = end === -1 ? undefined : parseHeader(new TextDecoder().decode(start.subarray(0, end)));
  if (header === undefined) throw new AlcoveError('backup-damaged', 'the sealed file has no header that can be read');
  return { header, headerBytes: start.slice(0, end + 1), rest: start.slice(end + 1) };
}

function parseHeader(line: string): SealedHeader | undefined {
  try {
    const header = JSON.parse(line) as SealedHeader;
    const { key, cipher } = header;
    const isKnown =
      header.format === SEALED_FORMAT &&
      header.version === 1 &&
      key.name === 'argon2id' &&
      cipher.name === 'aes-256-gcm' &&
      typeof header.check === 'string' &&
      isUpTo(key.memoryKiB, MOST.memoryKiB, 8 * key.lanes) &&
      isUpTo(key.passes, MOST.passes) &&
      isUpTo(key.lanes, MOST.lanes) &&
      isUpTo(cipher.blockBytes, 64 * BLOCK_BYTES) &&
      fromBase64(key.salt).length >= 8 &&
      fromBase64(cipher.noncePrefix).length === PREFIX_BYTES;
    return isKnown ? header : undefined;
  } catch {
    return undefined;
  }
}

function isUpTo(value: unknown, most: number, least = 1): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

interface KeySettings {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
  readonly salt: Uint8Array;
}

/** 32 bytes of key and 16 that show whether it is the right one, from a passphrase in Unicode's NFKC form. */
async function deriveKey(passphrase: string, settings: KeySettings): Promise<{ key: CryptoKey; check: Uint8Array }> {
  const { argon2id } = await import('hash-wasm');
  const bytes = await argon2id({
    password: passphrase.normalize('NFKC'),
    salt: settings.salt,
    memorySize: settings.memoryKiB,
    iterations: settings.passes,
    parallelism: settings.lanes,
    hashLength: 48,
    outputType: 'binary',
  });
  const key = await crypto.subtle.importKey('raw', bytes.slice(0, 32), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return { key, check: bytes.slice(32) };
}

function nonce(prefix: Uint8Array, number: number, isLast: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PREFIX_BYTES + 5);
  bytes.set(prefix);
  new DataView(bytes.buffer).setUint32(PREFIX_BYTES, number);
  bytes[PREFIX_BYTES + 4] = isLast ? 1 : 0;
  return bytes;
}

/** Gathers chunks into blocks of one size, and holds the last one back. */
class BlockBuffer {
  readonly #size: number;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Whole blocks after which more has come. */
  push(chunk: Uint8Array): Uint8Array<ArrayBuffer>[] {
    if (chunk.length > 0) this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#size) return [];
    const all = this.#join();
    const count = Math.ceil(all.length / this.#size) - 1;
    this.#chunks.push(all.slice(count * this.#size));
    this.#bytes = all.length - count * this.#size;
    return Array.from({ length: count }, (_, index) => all.slice(index * this.#size, (index + 1) * this.#size));
  }

  rest(): Uint8Array<ArrayBuffer> {
    return this.#join();
  }

  #join(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#bytes);
    let at = 0;
    for (const chunk of this.#chunks.splice(0)) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }
}

function concat(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
