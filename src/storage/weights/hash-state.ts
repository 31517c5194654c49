import type { IHasher } from 'hash-wasm';

/** Continues from a hash state. @returns false for a state of another build of the hash */
export function loadState(hasher: IHasher, state: Uint8Array): boolean {
  try {
    hasher.load(state);
    return true;
  } catch {
    return false;
  }
}

export function isSameState(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
