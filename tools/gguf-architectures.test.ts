import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ARCHITECTURES } from '../src/models/gguf/architectures.ts';

/**
 * llama.cpp's table of architectures is in the WebAssembly as pairs of a number and a pointer to a name. The address at
 * which the data is loaded is not stored beside it, so it is derived: the one at which the table points to the known names.
 */
test.each([
  ['node_modules/@wllama/wllama/esm/wasm/wllama.wasm', 16],
  ['node_modules/@wllama/wllama-compat/wasm/wllama.wasm', 8],
])('%s knows the architectures that are listed, and no others', (path, entryBytes) => {
  const data = firstData(readFileSync(new URL(`../${path}`, import.meta.url)));
  const all = Buffer.concat(data);
  const first = data[0] ?? Buffer.alloc(0);
  // At any of four offsets, because the segments are concatenated without their addresses.
  for (const shift of [0, 1, 2, 3]) {
    const base = findBase(all, first, shift);
    if (base === undefined) continue;
    expect(readTable(all, first, base, entryBytes)).toEqual(new Set([...ARCHITECTURES, 'clip']));
    return;
  }
  throw new Error('The table was not found.');
});

/** Names that are not the end of another name. */
const SURE = ['smollm3', 'grovemoe', 'apertus', 'olmoe', 'starcoder2', 'internlm2', 'gemma3n', 'command-r', 'chatglm'];

function findBase(all: Buffer, first: Buffer, shift: number): number | undefined {
  const offsets = SURE.map((name) => first.indexOf(`\0${name}\0`) + 1);
  const votes = new Map<number, number>();
  for (const offset of offsets) {
    const seen = new Set<number>();
    for (let at = shift; at + 4 <= all.length; at += 4) {
      const base = all.readUInt32LE(at) - offset;
      if (base > 0 && base < 65_536) seen.add(base);
    }
    for (const base of seen) votes.set(base, (votes.get(base) ?? 0) + 1);
  }
  return [...votes].find(([, count]) => count === SURE.length)?.[0];
}

function readTable(all: Buffer, first: Buffer, base: number, entryBytes: number): Set<string> {
  const nameAt = (at: number): string | undefined => {
    const offset = all.readUInt32LE(at) - base;
    if (offset < 0 || offset >= first.length) return undefined;
    const name = first.toString('latin1', offset, first.indexOf(0, offset));
    return /^[\w.()-]{1,40}$/.test(name) ? name : undefined;
  };
  const needle = Buffer.alloc(4);
  needle.writeUInt32LE(base + first.indexOf('\0smollm3\0') + 1);
  let at = all.indexOf(needle);
  while (nameAt(at) !== 'clip') at -= entryBytes;
  const names = new Set<string>();
  for (let name = nameAt(at); name !== undefined && name !== '(unknown)'; name = nameAt(at)) {
    names.add(name);
    at += entryBytes;
  }
  return names;
}

/** The passive segments of the data section. */
function firstData(wasm: Buffer): Buffer[] {
  let at = 8;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++] ?? 0;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < wasm.length) {
    const id = wasm[at++];
    const sizeBytes = number();
    const end = at + sizeBytes;
    if (id === 11) {
      return Array.from({ length: number() }, () => {
        if (number() !== 1) throw new Error('A segment with an address: read it.');
        const length = number();
        at += length;
        return wasm.subarray(at - length, at);
      });
    }
    at = end;
  }
  return [];
}
