export type LlamaBuild = 'default' | 'compat';

/**
 * Which of the two builds of llama.cpp this browser runs. `default` needs 64-bit memory and, for WebGPU and for reading
 * files piece by piece, JSPI; `compat` needs neither, is twice as large and slower. Firefox has no JSPI yet but runs
 * `default` without WebGPU, faster than `compat` with it (https://www.npmjs.com/package/@wllama/wllama-compat). For
 * pages, workers and the service worker.
 */
export function llamaBuild(): LlamaBuild {
  return (hasJspi() || isFirefox()) && hasMemory64() ? 'default' : 'compat';
}

/** False in Safari's Lockdown Mode. */
export function hasWebAssembly(): boolean {
  return 'WebAssembly' in globalThis;
}

/** JavaScript Promise Integration: WebAssembly that waits for a promise. */
export function hasJspi(): boolean {
  return hasWebAssembly() && 'Suspending' in WebAssembly;
}

function hasMemory64(): boolean {
  // (module (memory i64 0))
  return hasWebAssembly() && WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 4, 0]));
}

function isFirefox(): boolean {
  return /Firefox\/[0-9.]+/.test(navigator.userAgent);
}
