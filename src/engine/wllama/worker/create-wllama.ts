import { CacheManager, Wllama } from '@wllama/wllama/esm/index.js';
import compatScript from '@wllama/wllama-compat/wasm/wllama.js?raw';
import type { LoadedFile } from '../../../platform/built-file.ts';
import { llamaBuild } from '../../../platform/wasm-build.ts';
import { WASM_MESSAGE_URL } from './inner-worker.ts';
import type { NativeLog } from './native-log.ts';

/**
 * Creates a Wllama that has its WebAssembly from us, never from a CDN, and stores nothing: the weights are in our weight store.
 * wllama refuses a WebAssembly file of another version than its script; both come from one package.
 * @param wasm of the build that this browser runs
 */
export function createWllama(wasm: LoadedFile, log: NativeLog): Wllama {
  const wasmUrl = 'url' in wasm ? wasm.url : WASM_MESSAGE_URL;
  const wllama = new Wllama({ default: wasmUrl }, { logger: log, cacheManager: new CacheManager([NO_STORAGE]) });
  const compat = { wasm: wasmUrl, worker: { code: compatScript } };
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
