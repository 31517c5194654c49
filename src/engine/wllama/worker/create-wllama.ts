import { CacheManager, Wllama } from '@wllama/wllama/esm/index.js';
import compatScript from '@wllama/wllama-compat/wasm/wllama.js?raw';
import { llamaBuild } from '../../../platform/wasm-build.ts';
import type { LlamaOptions } from '../../worker-engine/worker-protocol.ts';
import type { NativeLog } from './native-log.ts';

/**
 * Creates a Wllama that fetches its WebAssembly from our own origin, never from a CDN, and stores nothing: the weights are
 * in our weight store. wllama refuses a WebAssembly file of another version than its script; both come from one package.
 */
export function createWllama({ wasmUrl, compatWasmUrl }: LlamaOptions, log: NativeLog): Wllama {
  const wllama = new Wllama({ default: wasmUrl }, { logger: log, cacheManager: new CacheManager([NO_STORAGE]) });
  const compat = { wasm: compatWasmUrl, worker: { code: compatScript } };
  // llamaBuild() chooses the build, so wllama must not choose by browser.
  wllama.setCompat(llamaBuild() === 'compat' ? compat : null, 'firefox_safari');
  return wllama;
}

const NO_STORAGE = {
  isSupported: () => true,
  read: async () => null,
  write: async () => {
    throw new Error('the weights are in the weight store');
  },
  getSize: async () => -1,
  list: async () => [],
  delete: async () => {},
};
