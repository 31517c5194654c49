import type {} from '@vitest/browser-playwright';
import { expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import { WindowBuffers } from './worker/window-buffers.ts';
import { PART_BYTES, WINDOW_BYTES, WindowReader } from './worker/window-reader.ts';

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

/** @param stream of the Blob's slices, in place of their own */
function open(sizeBytes: number, stream?: object) {
  const bytes = numbered(sizeBytes);
  const reads: number[] = [];
  const pool = new WindowBuffers(PART_BYTES);
  const blob = new Blob([bytes]);
  if (stream !== undefined) {
    const { slice } = blob;
    blob.slice = (...range) => Object.assign(slice.apply(blob, range), { stream: () => stream });
  }
  const reader = new WindowReader(blob, pool, (size) => reads.push(size));
  return { bytes, reads, reader, pool };
}

test('a read returns the file’s bytes within a window, across several, and to the end', async () => {
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

test('a read ends although garbage is collected while it waits', async () => {
  const { bytes, reader } = open(64 * MIB);
  let isRead = false;
  const collecting = (async () => {
    while (!isRead) await cdp().send('HeapProfiler.collectGarbage');
  })();
  for (let start = 0; start < bytes.length; start += PART_BYTES) {
    expect((await reader.read(start, start + PART_BYTES)).byteLength).toBe(PART_BYTES);
  }
  isRead = true;
  await collecting;
});

test('small overlapping reads in any order read each byte once', async () => {
  const { bytes, reads, reader } = open(6 * MIB);
  for (const start of [5, 3.5, 4.1, 0, 1.2, 0.6, 2.9, 2, 4.9].map((mib) => Math.floor(mib * MIB))) {
    const end = Math.min(start + MIB, bytes.length);
    expect(firstDifference(await reader.read(start, end), bytes.slice(start, end))).toBe(-1);
  }
  expect(reads.reduce((sum, size) => sum + size, 0)).toBe(bytes.length);
  expect(reader.coveredBytes).toBe(bytes.length);
});

test('a large read caches only its ends', async () => {
  const { reads, reader } = open(32 * MIB);
  await reader.read(MIB / 2, 30 * MIB + MIB / 2);
  const before = reads.length;
  await reader.read(0, MIB / 2);
  await reader.read(30 * MIB + MIB / 2, 31 * MIB);
  expect(reads.length).toBe(before);
  await reader.read(4 * MIB, 4 * MIB + 10);
  expect(reads.length).toBe(before + 1);
});

test('a returned buffer is reused for the next read, whatever its size', async () => {
  const { bytes, reader, pool } = open(8 * MIB + 5);
  const first = await reader.read(0, MIB);
  pool.giveBack(first);
  for (const [start, end] of [
    [3, 17],
    [MIB / 2, 4 * MIB],
    [7 * MIB, bytes.length],
  ] as const) {
    const again = await reader.read(start, end);
    expect(again).toBe(first);
    expect(firstDifference(again, bytes.slice(start, end))).toBe(-1);
    pool.giveBack(again);
  }
  expect(await reader.read(0, 5 * MIB)).not.toBe(first);
});

test('a Blob that cannot be read into an existing buffer is still read', async () => {
  const { bytes, reader } = open(2 * MIB + 3, {
    getReader: () => {
      throw new TypeError('no byte stream');
    },
  });
  expect(firstDifference(await reader.read(5, bytes.length), bytes.slice(5))).toBe(-1);
});

test('bytes count as covered once, however often they are read', async () => {
  const { reads, reader } = open(4 * MIB);
  await reader.read(0, 4 * MIB);
  await reader.read(0, 4 * MIB);
  expect(reader.coveredBytes).toBe(4 * MIB);
  expect(reads.reduce((sum, size) => sum + size, 0)).toBe(8 * MIB);
});
