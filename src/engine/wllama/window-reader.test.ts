import { expect, test } from 'vitest';
import { WINDOW_BYTES, WindowReader } from './worker/window-reader.ts';

const MIB = 1024 * 1024;

/** Bytes that tell their place. */
function numbered(sizeBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(sizeBytes);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 4 <= sizeBytes; at += 4) view.setUint32(at, at);
  return bytes;
}

/** The place of it, or -1; `toEqual` takes seconds over megabytes. */
function firstDifference(buffer: ArrayBuffer, expected: Uint8Array): number {
  if (buffer.byteLength !== expected.length) return Math.min(buffer.byteLength, expected.length);
  return new Uint8Array(buffer).findIndex((byte, index) => byte !== expected[index]);
}

function open(sizeBytes: number) {
  const bytes = numbered(sizeBytes);
  const reads: number[] = [];
  const reader = new WindowReader(new Blob([bytes]), (size) => reads.push(size));
  return { bytes, reads, reader };
}

test('what is read is what the file has there, within a window, across several, and to its end', async () => {
  const { bytes, reader } = open(20 * MIB + 12_345);
  for (const [start, end] of [
    [0, 131_072],
    [WINDOW_BYTES - 3, WINDOW_BYTES + 5],
    [777, 15 * MIB + 1],
    [2 * MIB, 2 * MIB],
    [19 * MIB + 7, bytes.length],
    [0, bytes.length],
  ] as const) {
    expect(firstDifference(await reader.read(start, end), bytes.slice(start, end))).toBe(-1);
  }
});

test('small reads that overlap, out of order, read each byte once', async () => {
  const { bytes, reads, reader } = open(6 * MIB);
  for (const start of [5, 3.5, 4.1, 0, 1.2, 0.6, 2.9, 2, 4.9].map((mib) => Math.floor(mib * MIB))) {
    const end = Math.min(start + MIB, bytes.length);
    expect(firstDifference(await reader.read(start, end), bytes.slice(start, end))).toBe(-1);
  }
  expect(reads.reduce((sum, size) => sum + size, 0)).toBe(bytes.length);
  expect(reader.coveredBytes).toBe(bytes.length);
});

test('a large read takes several windows at once, and leaves its ends for its neighbours', async () => {
  const { reads, reader } = open(32 * MIB);
  await reader.read(MIB / 2, 30 * MIB + MIB / 2);
  expect(reads.length).toBeLessThan(10);
  const before = reads.length;
  await reader.read(0, MIB / 2);
  await reader.read(30 * MIB + MIB / 2, 31 * MIB);
  expect(reads.length).toBe(before);
});

test('what was read counts as covered once, however often it is read', async () => {
  const { reads, reader } = open(40 * MIB);
  await reader.read(0, 40 * MIB);
  await reader.read(0, 40 * MIB);
  expect(reader.coveredBytes).toBe(40 * MIB);
  expect(reads.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(40 * MIB);
});
