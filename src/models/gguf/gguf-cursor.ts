import { AlcoveError } from '../../platform/errors.ts';
import type { ByteSource } from './byte-source.ts';

/** Bytes per read: large for a disk, some tenths of a second for a network. */
const WINDOW_BYTES = 1024 * 1024;

/** A tokenizer's vocabulary has some 8 MB for 250,000 tokens; no longer header is a model's. */
const MOST_HEADER_BYTES = 64 * 1024 * 1024;

const decoder = new TextDecoder();

/**
 * Reads a GGUF from the start forward. `need` reads ahead; the reads after it are synchronous, because a header has hundreds
 * of thousands of fields. Each length that the file states is checked before it is used.
 */
export class GgufCursor {
  readonly #source: ByteSource;
  #window: Uint8Array = new Uint8Array();
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Offset of the window's first byte in the file. */
  #windowStart = 0;
  /** Offset in the window; past its end after a skip. */
  #at = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Offset in the file. */
  get offset(): number {
    return this.#windowStart + this.#at;
  }

  has(byteCount: number): boolean {
    return this.#window.length - this.#at >= byteCount;
  }

  /** @throws AlcoveError `gguf-cut-short`, `gguf-invalid`, and what the source throws */
  async need(byteCount: number): Promise<void> {
    if (this.has(byteCount)) return;
    const startByte = this.offset;
    const endByte = startByte + byteCount;
    this.#check(endByte);
    const bytes = await this.#source.read(startByte, Math.max(endByte, startByte + WINDOW_BYTES));
    if (bytes.length < byteCount) throw this.cutShort(endByte, startByte + bytes.length);
    this.#window = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#windowStart = startByte;
    this.#at = 0;
  }

  /** Skips bytes, mostly without reading them. */
  skip(byteCount: number): void {
    this.#check(this.offset + byteCount);
    this.#at += byteCount;
  }

  uint8(): number {
    return this.#view.getUint8(this.#move(1));
  }

  int8(): number {
    return this.#view.getInt8(this.#move(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#move(2), true);
  }

  int16(): number {
    return this.#view.getInt16(this.#move(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#move(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#move(4), true);
  }

  float32(): number {
    return this.#view.getFloat32(this.#move(4), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#move(8), true);
  }

  int64(): number {
    return Number(this.#view.getBigInt64(this.#move(8), true));
  }

  /** @throws AlcoveError `gguf-invalid` for a number that JavaScript would round: no real count is that large */
  uint64(): number {
    const at = this.#move(8);
    const high = this.#view.getUint32(at + 4, true);
    if (high > 0x1f_ffff) throw this.invalid('a number is out of all bounds');
    return high * 2 ** 32 + this.#view.getUint32(at, true);
  }

  /** Reads bytes that `need` has loaded. */
  text(byteCount: number): string {
    const at = this.#move(byteCount);
    return decoder.decode(this.#window.subarray(at, at + byteCount));
  }

  invalid(reason: string): AlcoveError {
    const { name } = this.#source;
    return new AlcoveError('gguf-invalid', `${name}, byte ${this.offset}: ${reason}`, { data: { path: name, reason } });
  }

  cutShort(expectedBytes: number, receivedBytes: number): AlcoveError {
    const { name } = this.#source;
    return new AlcoveError('gguf-cut-short', `${name} has ${receivedBytes} of at least ${expectedBytes} bytes`, {
      data: { path: name, expectedBytes, receivedBytes },
    });
  }

  #move(byteCount: number): number {
    const at = this.#at;
    this.#at += byteCount;
    return at;
  }

  /** Called before anything is read or allocated. */
  #check(endByte: number): void {
    const { sizeBytes } = this.#source;
    if (sizeBytes !== undefined && endByte > sizeBytes) throw this.cutShort(endByte, sizeBytes);
    if (endByte > MOST_HEADER_BYTES) throw this.invalid('its header has no end');
  }
}
