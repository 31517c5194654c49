/** Limits on the pictures that are read, and the size to which they are scaled. */

/**
 * Longest side of a prepared picture, pixels. Qwen2-VL to Qwen3-VL read most of all models that run in a browser: llama.cpp
 * gives them at most 4,096 tokens a picture, of 32 × 32 pixels each in Qwen3-VL, which is 2,048 × 2,048
 * (`tools/mtmd/clip.cpp`, b11364). SmolVLM reads 2,048 pixels of the longest side, Gemma 3 896, OpenAI's API 2,048.
 */
export const LONGEST_SIDE = 2_048;

/** Most pixels of a picture that is decoded: 400 MB in memory. A phone's camera makes 12 to 50 million, few make 200. */
export const MOST_PIXELS = 100_000_000;

/** Most pixels of a side: Chromium and Firefox decode no longer ones (2^15). */
export const MOST_SIDE = 32_767;
