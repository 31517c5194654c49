/**
 * A loop as llama.cpp's WebAssembly has it for 8-bit weights: 16 pairs of numbers are loaded, widened, multiplied and added.
 *
 *     (memory 1)
 *     (func (export "run") (param $n i32) (result i32) (local $sum v128) (local $at i32)
 *       (loop
 *         $at = ($n * 16) & 0x7ff0
 *         $sum += dot(extend_low(load $at), extend_low(load $at + 32768))
 *         $sum += dot(extend_high(load $at), extend_high(load $at + 32768))
 *         br_if 0 (--$n))
 *       (i32x4.extract_lane 0 $sum))
 */
const MODULE = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  // Types: (i32) -> i32; one function of it; one page of memory; export "run".
  ...[1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f],
  ...[3, 2, 1, 0],
  ...[5, 3, 1, 0, 1],
  ...[7, 7, 1, 3, 114, 117, 110, 0, 0],
  // Code: one body with a v128 and an i32.
  ...[10, 93, 1, 91, 2, 1, 0x7b, 1, 0x7f],
  ...[0x03, 0x40],
  ...[0x20, 0, 0x41, 16, 0x6c, 0x41, 0xf0, 0xff, 0x01, 0x71, 0x21, 2],
  ...[0x20, 1],
  ...[0x20, 2, 0xfd, 0x00, 4, 0, 0xfd, 0x87, 0x01],
  ...[0x20, 2, 0xfd, 0x00, 4, 0x80, 0x80, 0x02, 0xfd, 0x87, 0x01],
  ...[0xfd, 0xba, 0x01, 0xfd, 0xae, 0x01],
  ...[0x20, 2, 0xfd, 0x00, 4, 0, 0xfd, 0x88, 0x01],
  ...[0x20, 2, 0xfd, 0x00, 4, 0x80, 0x80, 0x02, 0xfd, 0x88, 0x01],
  ...[0xfd, 0xba, 0x01, 0xfd, 0xae, 0x01],
  ...[0x21, 1],
  ...[0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0],
  ...[0x0b, 0x20, 1, 0xfd, 0x1b, 0, 0x0b],
]);

const OPERATIONS_A_ROUND = 32;
const ROUNDS = 4_000_000;
const BUDGET_MS = 200;

/** Multiplications and additions a second of one core. */
export function benchmarkCpu(): number {
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(MODULE)).exports;
  if (typeof run !== 'function') throw new Error('the module exports its function');
  // Engines compile in two steps; the second comes while it runs.
  run(ROUNDS);
  const times: number[] = [];
  const endsAt = performance.now() + BUDGET_MS;
  while (times.length < 41 && performance.now() < endsAt) {
    const startedAt = performance.now();
    run(ROUNDS);
    times.push(performance.now() - startedAt);
  }
  // The middle: what else the processor has to do is there too when it writes an answer.
  const typicalMs = Math.max(0.05, times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0);
  return (OPERATIONS_A_ROUND * ROUNDS * 1000) / typicalMs;
}
