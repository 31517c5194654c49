import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { watPlugin } from './wat-plugin.ts';

const KERNEL = fileURLToPath(new URL('../src/engine/benchmark/worker/dot-kernel.wat', import.meta.url));

test.each([true, false])('multiplies a block with the short row, memory shared: %s', async (shared) => {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 4096, shared });
  const bytes = new Int8Array(memory.buffer);
  const block = 65_536 + 34;
  const row = block & 0x7fe;
  for (let at = 0; at < 32; at++) {
    bytes[block + 2 + at] = at - 16;
    bytes[row + 2 + at] = -3 * at;
  }
  const view = new DataView(memory.buffer);
  view.setUint16(block, 5, true);
  view.setUint16(row, 7, true);
  view.setFloat32(4096 + 4 * 5, 0.5, true);
  view.setFloat32(4096 + 4 * 7, 0.25, true);

  const run = await kernel(memory, shared);

  // The first of four lanes has the products of every first pair of eight.
  const pairs = [0, 1, 8, 9, 16, 17, 24, 25];
  const sum = pairs.reduce((total, at) => total + (at - 16) * -3 * at, 0);
  expect(run(block, block + 34)).toBe(sum * 0.5 * 0.25);
});

test('names no shared memory where the page has none', async () => {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 4096 });
  await expect(kernel(memory, true)).rejects.toThrow(WebAssembly.LinkError);
});

async function kernel(memory: WebAssembly.Memory, shared: boolean): Promise<(at: number, end: number) => number> {
  const { shared: sharedBytes, unshared: unsharedBytes } = await built();
  const module = new WebAssembly.Module(Buffer.from(shared ? sharedBytes : unsharedBytes, 'base64'));
  const { run } = new WebAssembly.Instance(module, { kernel: { memory } }).exports;
  if (typeof run !== 'function') throw new Error('the kernel exports no function');
  return run as (at: number, end: number) => number;
}

async function built(): Promise<{ readonly shared: string; readonly unshared: string }> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    plugins: [watPlugin()],
    build: { write: false, lib: { entry: KERNEL, formats: ['es'] } },
  });
  const [bundle] = [result].flat();
  const output = bundle !== undefined && 'output' in bundle ? bundle.output[0] : undefined;
  if (output === undefined) throw new Error('nothing was built');
  return (await import(`data:text/javascript;base64,${Buffer.from(output.code).toString('base64')}`)) as {
    shared: string;
    unshared: string;
  };
}
