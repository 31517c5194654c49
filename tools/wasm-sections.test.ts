import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { withoutCustomSections } from './wasm-sections.ts';

// Not the other build of llama.cpp: Node 20 has no 64-bit memories. e2e/bundlers.spec.ts runs both.
const COMPAT = new URL('../node_modules/@wllama/wllama-compat/wasm/wllama.wasm', import.meta.url);

it('leaves a module valid, with the same exports, and without names', async () => {
  const original = readFileSync(fileURLToPath(COMPAT));
  const stripped = new Uint8Array(withoutCustomSections(original));
  expect(original.length - stripped.length).toBeGreaterThan(300_000);
  const [before, after] = await Promise.all([original, stripped].map((bytes) => WebAssembly.compile(bytes)));
  expect(after && WebAssembly.Module.customSections(after, 'name')).toEqual([]);
  expect(after && WebAssembly.Module.exports(after)).toEqual(before && WebAssembly.Module.exports(before));
});

it('refuses a module that is cut short', () => {
  expect(() => withoutCustomSections(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 0x80]))).toThrow('cut short');
});
