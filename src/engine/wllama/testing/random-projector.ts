import { buildGguf, type GgufPart, type GgufTensor } from '../../../models/testing/gguf-builder.ts';

/** In pixels; an image of any size is scaled to 2 × 2 patches. */
const IMAGE_SIZE = 28;
const PATCH_SIZE = 14;
/** Prompt tokens of one image. */
export const IMAGE_TOKENS = (IMAGE_SIZE / PATCH_SIZE) ** 2;

const WIDTH = 16;
const FEED_FORWARD_WIDTH = 32;
const LAYERS = 2;

/**
 * A projector file (`mmproj`) as LLaVA's: CLIP and two layers that project to the model's width, with random weights. A
 * model's answers about its images mean nothing, but the code path is the real one.
 * @param modelWidth the model's embedding length
 */
export function randomProjector(modelWidth: number): Uint8Array<ArrayBuffer> {
  const { tensors, dataBytes } = place(shapes(modelWidth));
  const bytes = buildGguf({
    metadata: [
      ['general.architecture', 'clip'],
      ['general.type', 'mmproj'],
      ['clip.has_vision_encoder', true],
      ['clip.projector_type', 'mlp'],
      ['clip.use_gelu', true],
      ['clip.vision.image_size', IMAGE_SIZE],
      ['clip.vision.patch_size', PATCH_SIZE],
      ['clip.vision.embedding_length', WIDTH],
      ['clip.vision.feed_forward_length', FEED_FORWARD_WIDTH],
      ['clip.vision.projection_dim', modelWidth],
      ['clip.vision.block_count', LAYERS],
      ['clip.vision.attention.head_count', 2],
      ['clip.vision.attention.layer_norm_epsilon', float32(1e-5)],
      ['clip.vision.image_mean', float32s([0.5, 0.5, 0.5])],
      ['clip.vision.image_std', float32s([0.5, 0.5, 0.5])],
    ],
    tensors,
    dataBytes,
  });
  fillWithNoise(new DataView(bytes.buffer, bytes.length - dataBytes));
  return bytes;
}

/** Dimensions in ggml's order: the fastest-varying first. */
function shapes(modelWidth: number): [name: string, ...dimensions: number[]][] {
  const layer = (name: string, from: number, to: number): [string, ...number[]][] => [
    [`${name}.weight`, from, to],
    [`${name}.bias`, to],
  ];
  const norm = (name: string): [string, ...number[]][] => [
    [`${name}.weight`, WIDTH],
    [`${name}.bias`, WIDTH],
  ];
  const blocks = Array.from({ length: LAYERS }, (_, index) => `v.blk.${index}.`).flatMap((block) => [
    ...['attn_q', 'attn_k', 'attn_v', 'attn_out'].flatMap((name) => layer(block + name, WIDTH, WIDTH)),
    ...['ln1', 'ln2'].flatMap((name) => norm(block + name)),
    ...layer(`${block}ffn_up`, WIDTH, FEED_FORWARD_WIDTH),
    ...layer(`${block}ffn_down`, FEED_FORWARD_WIDTH, WIDTH),
  ]);
  return [
    ['v.class_embd', WIDTH],
    ['v.patch_embd.weight', PATCH_SIZE, PATCH_SIZE, 3, WIDTH],
    ['v.position_embd.weight', WIDTH, IMAGE_TOKENS + 1],
    ...norm('v.pre_ln'),
    ...blocks,
    ...layer('mm.0', WIDTH, modelWidth),
    ...layer('mm.2', modelWidth, modelWidth),
  ];
}

/** Places the tensors one after another, each at a multiple of 32 bytes. */
function place(all: readonly [name: string, ...dimensions: number[]][]): { tensors: GgufTensor[]; dataBytes: number } {
  let dataBytes = 0;
  const tensors = all.map(([name, ...dimensions]) => {
    const offset = BigInt(dataBytes);
    dataBytes += Math.ceil(dimensions.reduce((product, one) => product * one, 4) / 32) * 32;
    return { name, dimensions: dimensions.map(BigInt), offset };
  });
  return { tensors, dataBytes };
}

/** Numbers between −0.2 and 0.2 from xorshift, always the same. */
function fillWithNoise(weights: DataView): void {
  let state = 1;
  for (let at = 0; at < weights.byteLength; at += 4) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    weights.setFloat32(at, (state / 2 ** 31) * 0.2, true);
  }
}

function float32(value: number): GgufPart {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return { type: 6, bytes };
}

function float32s(values: readonly number[]): GgufPart {
  const view = new DataView(new ArrayBuffer(12 + 4 * values.length));
  view.setUint32(0, 6, true);
  view.setBigUint64(4, BigInt(values.length), true);
  for (const [index, value] of values.entries()) view.setFloat32(12 + 4 * index, value, true);
  return { type: 9, bytes: new Uint8Array(view.buffer) };
}
