import { gguf } from '@huggingface/gguf';

/** Shape of a model of the Llama architecture whose weights are random numbers. */
export interface RandomShape {
  readonly layers: number;
  readonly width: number;
  readonly feedForwardWidth: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** Default Q8_0. Q4_K needs widths that are multiples of 256. */
  readonly type?: 'Q8_0' | 'Q4_K';
}

const TOY = new URL('../public/models/toy/toy-f32.gguf', import.meta.url).pathname;
const F32 = 0;
const ALIGNMENT = 32;

/** ggml's block formats: the scales as 16-bit floats (two in Q4_K), then the integers. */
const BLOCKS = {
  Q8_0: { type: 8, fileType: 7, weights: 32, bytes: 34, scaleBytes: 2 },
  Q4_K: { type: 12, fileType: 15, weights: 256, bytes: 144, scaleBytes: 4 },
} as const;

type Block = (typeof BLOCKS)[keyof typeof BLOCKS];

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Undefined for 32-bit floats. */
  readonly block: Block | undefined;
}

/**
 * A GGUF with random weights and the toy's tokenizer, which writes nonsense at the speed of a real model of its size. Always
 * the same bytes.
 */
export async function randomGguf(shape: RandomShape): Promise<{ bytes: Buffer; parameterCount: number }> {
  const { typedMetadata } = await gguf(TOY, { allowLocalFile: true, typedMetadata: true });
  const headSize = shape.width / shape.heads;
  const changed: Readonly<Record<string, number>> = {
    'llama.embedding_length': shape.width,
    'llama.block_count': shape.layers,
    'llama.feed_forward_length': shape.feedForwardWidth,
    'llama.attention.head_count': shape.heads,
    'llama.attention.head_count_kv': shape.kvHeads,
    'llama.attention.key_length': headSize,
    'llama.attention.value_length': headSize,
    'llama.rope.dimension_count': headSize,
    'general.file_type': BLOCKS[shape.type ?? 'Q8_0'].fileType,
  };
  const tokens = (typedMetadata as Record<string, { value: unknown }>)['tokenizer.ggml.tokens']?.value;
  const tensors = tensorsOf(shape, Array.isArray(tokens) ? tokens.length : 0);
  const parts: Buffer[] = [];
  const entries = Object.entries(typedMetadata as Record<string, TypedValue>).filter(([key]) => key.includes('.'));
  parts.push(Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(entries.length));
  for (const [key, { type, subType, value }] of entries) {
    parts.push(text(key), uint32(type), encode(type, subType, changed[key] ?? value));
  }
  let offset = 0;
  for (const tensor of tensors) {
    parts.push(
      text(tensor.name),
      uint32(tensor.shape.length),
      ...tensor.shape.map(uint64),
      uint32(tensor.block?.type ?? F32),
    );
    parts.push(uint64(offset));
    offset += padded(sizeOf(tensor));
  }
  const header = Buffer.concat(parts);
  const bytes = Buffer.alloc(padded(header.length) + offset);
  header.copy(bytes);
  let at = padded(header.length);
  const random = xorshift(1);
  for (const tensor of tensors) {
    fill(bytes, at, tensor, random);
    at += padded(sizeOf(tensor));
  }
  return { bytes, parameterCount: tensors.reduce((sum, tensor) => sum + count(tensor), 0) };
}

interface TypedValue {
  readonly type: number;
  readonly subType?: number;
  readonly value: unknown;
}

function tensorsOf(shape: RandomShape, words: number): Tensor[] {
  const { layers, width, feedForwardWidth, heads, kvHeads, type = 'Q8_0' } = shape;
  const kvWidth = (width / heads) * kvHeads;
  const matrix = (name: string, from: number, to: number): Tensor => ({ name, shape: [from, to], block: BLOCKS[type] });
  const norm = (name: string): Tensor => ({ name, shape: [width], block: undefined });
  const blocks = Array.from({ length: layers }, (_, layer) => [
    matrix(`blk.${layer}.attn_q.weight`, width, width),
    matrix(`blk.${layer}.attn_k.weight`, width, kvWidth),
    matrix(`blk.${layer}.attn_v.weight`, width, kvWidth),
    matrix(`blk.${layer}.attn_output.weight`, width, width),
    matrix(`blk.${layer}.ffn_gate.weight`, width, feedForwardWidth),
    matrix(`blk.${layer}.ffn_up.weight`, width, feedForwardWidth),
    matrix(`blk.${layer}.ffn_down.weight`, feedForwardWidth, width),
    norm(`blk.${layer}.attn_norm.weight`),
    norm(`blk.${layer}.ffn_norm.weight`),
  ]);
  return [matrix('token_embd.weight', width, words), norm('output_norm.weight'), ...blocks.flat()];
}

function fill(bytes: Buffer, start: number, tensor: Tensor, random: () => number): void {
  const { block } = tensor;
  if (block === undefined) {
    for (let index = 0; index < count(tensor); index++) bytes.writeFloatLE(1, start + index * 4);
    return;
  }
  for (let blockAt = start; blockAt < start + sizeOf(tensor); blockAt += block.bytes) {
    // 2^-12
    for (let at = 0; at < block.scaleBytes; at += 2) bytes.writeUInt16LE(0x0c00, blockAt + at);
    for (let at = block.scaleBytes; at < block.bytes; at += 4) bytes.writeInt32LE(random(), blockAt + at);
  }
}

function count({ shape }: Tensor): number {
  return shape.reduce((product, length) => product * length, 1);
}

function sizeOf(tensor: Tensor): number {
  const { block } = tensor;
  return block === undefined ? count(tensor) * 4 : (count(tensor) / block.weights) * block.bytes;
}

function padded(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}

/** GGUF's type numbers: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
function encode(type: number, subType: number | undefined, value: unknown): Buffer {
  switch (type) {
    case 4:
      return uint32(Number(value));
    case 5: {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(Number(value));
      return bytes;
    }
    case 6: {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(Number(value));
      return bytes;
    }
    case 7:
      return Buffer.from([value === true ? 1 : 0]);
    case 8:
      return text(String(value));
    case 9: {
      const items = value as readonly unknown[];
      const itemType = subType ?? (typeof items[0] === 'string' ? 8 : 5);
      return Buffer.concat([
        uint32(itemType),
        uint64(items.length),
        ...items.map((item) => encode(itemType, undefined, item)),
      ]);
    }
    default:
      throw new Error(`the toy has no metadata of type ${type}`);
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** https://www.jstatsoft.org/article/view/v008i14 */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state | 0;
  };
}
