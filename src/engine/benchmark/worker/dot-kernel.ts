/**
 * A loop as llama.cpp's WebAssembly has it for Q8_0: blocks of 34 bytes, a scale and 32 numbers, are read one after another,
 * widened, multiplied with those of a short row that stays in the cache, and added.
 *
 *     (import "e" "m" (memory 1 4096))
 *     (func (export "run") (param $at i32) (param $end i32) (result f32) (local $sum v128) (local $by i32)
 *       (loop
 *         $by = $at & 0x7fe
 *         $sum += convert(dot of the 32 numbers at $at + 2 and at $by + 2, 8 pairs at a time)
 *                 * scale[load16 $at & 0x3ff] * scale[load16 $by & 0x3ff]
 *         br_if 0 (($at += 34) < $end))
 *       (f32x4.extract_lane 0 $sum))
 */
const MODULE =
  'AGFzbQEAAAABBwFgAn9/AX0CCgEBZQFtAgEBgCADAgEABwcBA3J1bgAACrIBAa8BAgF7AX8DQCAAQf4PcSEDIAIgAP0AAAL9hwEgA/0AAAL9hwH9ugEg' +
  'AP0AAAL9iAEgA/0AAAL9iAH9ugH9rgEgAP0AABL9hwEgA/0AABL9hwH9ugEgAP0AABL9iAEgA/0AABL9iAH9ugH9rgH9rgH9+gEgAC8AAEH/B3FBAnQq' +
  'AoAgIAMvAABB/wdxQQJ0KgKAIJT9E/3mAf3kASECIABBImoiACABSQ0ACyAC/R8ACw==';
/** Where the module says what memory it takes: 1 is one of its own, 3 one that threads share. */
const MEMORY_KIND_AT = 25;
const SHARED = 3;

const PAGE_BYTES = 64 * 1024;
/** The largest that the module takes. */
const MOST_PAGES = 4096;
export const DOT_BLOCK_BYTES = 34;
export const DOT_OPERATIONS_A_BLOCK = 64;
/** Before it lie the short row and the scales. */
const WEIGHTS_AT = PAGE_BYTES;
/** One call. Engines compile in two steps, and take the second between calls. */
export const SLICE_BYTES = 1024 * 1024;

/** Weights to run through, from `startByte` of them on. */
export interface DotRun {
  readonly fromByte: number;
  readonly weightBytes: number;
  readonly startByte: number;
  readonly forMs: number;
}

/** Zeroed pages would all be the same one: they are written to. */
export function weightsMemory(weightBytes: number, isShared: boolean): WebAssembly.Memory {
  const initial = Math.ceil((WEIGHTS_AT + weightBytes) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial, maximum: MOST_PAGES, shared: isShared });
  new Uint8Array(memory.buffer).fill(1);
  return memory;
}

/** Runs through weights in a memory. */
export class DotKernel {
  readonly #run: (at: number, end: number) => number;

  constructor(memory: WebAssembly.Memory) {
    const bytes = Uint8Array.from(atob(MODULE), (letter) => letter.charCodeAt(0));
    const isShared = 'SharedArrayBuffer' in globalThis && memory.buffer instanceof SharedArrayBuffer;
    if (isShared) bytes[MEMORY_KIND_AT] = SHARED;
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { e: { m: memory } }).exports;
    if (typeof run !== 'function') throw new Error('the module exports its function');
    this.#run = run as (at: number, end: number) => number;
  }

  /** Multiplications and additions a second over some of the weights, again and again from a place among them, for so long. */
  operationsPerSecond({ fromByte, weightBytes, startByte, forMs }: DotRun): number {
    const startedAt = performance.now();
    let blocks = 0;
    let tookMs = 0;
    for (let at = startByte; tookMs < forMs; at = (at + SLICE_BYTES) % weightBytes) {
      const bytes = Math.min(SLICE_BYTES, weightBytes - at) - DOT_BLOCK_BYTES;
      this.#run(WEIGHTS_AT + fromByte + at, WEIGHTS_AT + fromByte + at + bytes);
      blocks += bytes / DOT_BLOCK_BYTES;
      tookMs = performance.now() - startedAt;
    }
    return (blocks * DOT_OPERATIONS_A_BLOCK * 1000) / tookMs;
  }
}
