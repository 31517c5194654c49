import { CacheManager, Wllama } from '@wllama/wllama/esm/index.js';
import compatScript from '@wllama/wllama-compat/wasm/wllama.js?raw';
import { llamaBuild } from '../../../platform/wasm-build.ts';
import type { LlamaOptions } from '../../worker-engine/worker-protocol.ts';
import type { NativeLog } from './native-log.ts';

/**
 * A Wllama that fetches its WebAssembly from where we serve it, never from a CDN, and stores nothing: our weight store
 * does that.
 */
export function createWllama({ wasmUrl, compatWasmUrl }: LlamaOptions, log: NativeLog): Wllama {
  const wllama = new Wllama({ default: wasmUrl }, { logger: log, cacheManager: new CacheManager([NO_STORAGE]) });
  const compat = { wasm: compatWasmUrl, worker: { code: compatScript } };
  // The choice of browser is ours, so wllama is told to make none.
  wllama.setCompat(llamaBuild() === 'compat' ? compat : null, 'firefox_safari');
  return wllama;
}

const NO_STORAGE = {
  isSupported: () => true,
  read: async () => null,
  write: async () => {
    throw new Error('Alcove stores the weights');
  },
  getSize: async () => -1,
  list: async () => [],
  delete: async () => {},
};
