/** What a made GGUF has. Everything may be wrong, for tests of what reads it. */
export interface GgufParts {
  readonly magic?: string;
  readonly version?: number;
  readonly bigEndian?: boolean;
  /** What the header claims; default: what is there. */
  readonly keyCount?: bigint;
  readonly tensorCount?: bigint;
  readonly metadata?: readonly (readonly [key: string, value: GgufPart])[];
  readonly tensors?: readonly GgufTensor[];
  /** Bytes of weights; default: what the tensors take. */
  readonly dataBytes?: number;
}

export type GgufPart =
  | string
  | boolean
  /** uint32 */
  | number
  /** uint64 */
  | bigint
  | readonly string[]
  | readonly number[]
  | { readonly type: number; readonly bytes: Uint8Array };

export interface GgufTensor {
  readonly name?: string;
  readonly dimensions: readonly bigint[];
  /** ggml's number; default 0, F32. */
  readonly type?: number;
  readonly offset: bigint;
  readonly dimensionCount?: number;
}

/** A whole, small, true model as far as its header goes. */
export const SOUND: GgufParts = {
  metadata: [
    ['general.architecture', 'llama'],
    ['general.name', 'Tiny Example'],
    ['general.organization', 'Alcove'],
    ['general.license', 'apache-2.0'],
    ['general.license.link', 'https://www.apache.org/licenses/LICENSE-2.0'],
    ['general.file_type', 15],
    ['llama.context_length', 4096],
    ['llama.block_count', 2],
    ['llama.embedding_length', 64],
    ['llama.attention.head_count', 4],
    ['llama.attention.head_count_kv', 2],
    ['tokenizer.ggml.tokens', ['<s>', '</s>', 'a', 'b']],
    ['tokenizer.ggml.scores', [0, 1, 2, 3]],
    ['tokenizer.chat_template', '{{ messages }}'],
  ],
  tensors: [
    { name: 'token_embd.weight', dimensions: [64n, 4n], offset: 0n },
    { name: 'output.weight', dimensions: [64n, 4n], offset: 1024n },
  ],
};

export function buildGguf(parts: GgufParts): Uint8Array<ArrayBuffer> {
  const writer = new Writer(parts.bigEndian !== true);
  const metadata = parts.metadata ?? [];
  const tensors = parts.tensors ?? [];
  writer.raw(new TextEncoder().encode(parts.magic ?? 'GGUF'));
  writer.uint32(parts.version ?? 3);
  writer.uint64(parts.tensorCount ?? BigInt(tensors.length));
  writer.uint64(parts.keyCount ?? BigInt(metadata.length));
  for (const [key, value] of metadata) {
    writer.text(key);
    writer.value(value);
  }
  for (const { name = 't', dimensions, type = 0, offset, dimensionCount } of tensors) {
    writer.text(name);
    writer.uint32(dimensionCount ?? dimensions.length);
    for (const dimension of dimensions) writer.uint64(dimension);
    writer.uint32(type);
    writer.uint64(offset);
  }
  if (tensors.length > 0) writer.pad(32);
  const ends = tensors.map(({ dimensions, offset }) => Number(offset) + Number(dimensions.reduce((a, b) => a * b, 4n)));
  writer.raw(new Uint8Array(parts.dataBytes ?? Math.max(0, ...ends)));
  return writer.bytes;
}

class Writer {
  readonly #littleEndian: boolean;
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian;
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  raw(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  pad(alignment: number): void {
    this.raw(new Uint8Array((alignment - (this.#length % alignment)) % alignment));
  }

  uint32(value: number): void {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, value, this.#littleEndian);
    this.raw(new Uint8Array(view.buffer));
  }

  uint64(value: bigint): void {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, value, this.#littleEndian);
    this.raw(new Uint8Array(view.buffer));
  }

  text(value: string): void {
    const bytes = new TextEncoder().encode(value);
    this.uint64(BigInt(bytes.length));
    this.raw(bytes);
  }

  value(value: GgufPart): void {
    if (typeof value === 'string') {
      this.uint32(8);
      this.text(value);
    } else if (typeof value === 'boolean') {
      this.uint32(7);
      this.raw(new Uint8Array([value ? 1 : 0]));
    } else if (typeof value === 'number') {
      this.uint32(4);
      this.uint32(value);
    } else if (typeof value === 'bigint') {
      this.uint32(10);
      this.uint64(value);
    } else if (isRaw(value)) {
      this.uint32(value.type);
      this.raw(value.bytes);
    } else {
      const [first] = value;
      this.uint32(9);
      this.uint32(typeof first === 'string' ? 8 : 4);
      this.uint64(BigInt(value.length));
      for (const item of value) {
        if (typeof item === 'string') this.text(item);
        else this.uint32(item);
      }
    }
  }
}

function isRaw(value: GgufPart): value is { readonly type: number; readonly bytes: Uint8Array } {
  return typeof value === 'object' && 'bytes' in value;
}
