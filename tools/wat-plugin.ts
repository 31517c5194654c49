import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';
import initWabt from 'wabt';

/**
 * Compiles `.wat` (WebAssembly text) modules. Each exports its bytes twice, as base64: `shared` as it is written and
 * `unshared` without the word `shared` in its memory's limits, because a module takes only the kind of memory it names.
 */
export function watPlugin(): Plugin {
  return {
    name: 'alcove-wat',
    async load(id) {
      if (!id.endsWith('.wat')) return undefined;
      const text = await readFile(id, 'utf8');
      const unsharedText = text.replace(/(\(memory [\d ]+) shared\)/, '$1)');
      const [shared, unshared] = await Promise.all([compile(id, text), compile(id, unsharedText)]);
      return `export const shared = '${shared}';\nexport const unshared = '${unshared}';\n`;
    },
  };
}

async function compile(fileName: string, text: string): Promise<string> {
  const wabt = await initWabt();
  const module = wabt.parseWat(fileName, text, { simd: true, threads: true });
  const binary = Uint8Array.from(module.toBinary({}).buffer);
  module.destroy();
  // Throws where the module is not valid. wabt's own `validate` knows no shared memory (1.0.39).
  new WebAssembly.Module(binary);
  return Buffer.from(binary).toString('base64');
}
