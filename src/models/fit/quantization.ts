/**
 * Bits a weight takes, scales included. MLC: 4-bit weights in groups of 32 share one f16 or f32 scale
 * (https://llm.mlc.ai/docs/compilation/configure_quantization.html). GGUF: llama.cpp's figures for a 7B model
 * (tools/quantize/README.md), which small models exceed a little because of their embeddings.
 */
const BITS_PER_WEIGHT: Readonly<Record<string, number>> = {
  q0f16: 16,
  q0f32: 32,
  q3f16_1: 3.6,
  q4f16_0: 4.5,
  q4f16_1: 4.5,
  q4f32_1: 5,
  Q2_K: 3.2,
  Q3_K_S: 3.6,
  Q3_K_M: 4,
  IQ4_XS: 4.4,
  Q4_0: 4.6,
  Q4_1: 5,
  Q4_K_S: 4.7,
  Q4_K_M: 4.9,
  Q4_K_XL: 5,
  Q5_0: 5.5,
  Q5_K_M: 5.7,
  Q6_K: 6.6,
  Q8_0: 8.5,
  F16: 16,
  BF16: 16,
  F32: 32,
};

/** Undefined for a quantization that is not known here. */
export function bitsPerWeight(quantization: string): number | undefined {
  return BITS_PER_WEIGHT[quantization];
}
