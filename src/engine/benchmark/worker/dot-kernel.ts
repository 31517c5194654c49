/** Runs dot-kernel.wat, the loop in which llama.cpp computes on a processor, over weights in a memory. */
import { fromBase64 } from '../../../platform/data-url.ts';
import { shared, unshared } from './dot-kernel.wat';

const PAGE_BYTES = 64 * 1024;
/** The limit in dot-kernel.wat. */
const MAX_PAGES = 4096;
export const DOT_BLOCK_BYTES = 34;
/** A block's 32 products and their 32 additions. */
export const DOT_OPERATIONS_PER_BLOCK = 64;
/** The short row and the table of scales lie before the weights. */
const WEIGHTS_AT = PAGE_BYTES;
/** The weights that one call reads. Browsers compile in two tiers, and switch to the faster code between calls. */
export const SLICE_BYTES = 1024 * 1024;

/** Which weights to read: `weightBytes` from `fromByte` on, again and again for `forMs`, beginning at `startByte` of them. */
export interface DotRun {
  readonly fromByte: number;
  readonly weightBytes: number;
  readonly startByte: number;
  readonly forMs: number;
}

/** A memory with weights. It is filled with ones, because the system maps all pages that were never written to one page. */
export function weightsMemory(weightBytes: number, isShared: boolean): WebAssembly.Memory {
  const initial = Math.ceil((WEIGHTS_AT + weightBytes) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial, maximum: MAX_PAGES, shared: isShared });
  new Uint8Array(memory.buffer).fill(1);
  return memory;
}

export class DotKernel {
  readonly #run: (at: number, end: number) => number;

  constructor(memory: WebAssembly.Memory) {
    const isShared = 'SharedArrayBuffer' in globalThis && memory.buffer instanceof SharedArrayBuffer;
    const bytes = fromBase64(isShared ? shared : unshared);
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { kernel: { memory } }).exports;
    if (typeof run !== 'function') throw new Error('dot-kernel.wat exports no function `run`');
    this.#run = run as (at: number, end: number) => number;
  }

  /** @returns multiplications and additions per second */
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
    return (blocks * DOT_OPERATIONS_PER_BLOCK * 1000) / tookMs;
  }
}
