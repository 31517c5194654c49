import { createSHA256, type IHasher } from 'hash-wasm';
import { serveCalls } from '../../platform/worker-rpc.ts';
import { loadState } from '../../storage/weights/hash-state.ts';
import type { HashMethods } from '../download-protocol.ts';

/** In a thread of its own: 116 MB/s are hashed beside fetching and storing, some 200 here (Chromium 156, 2 cores). */
const hashers = new Map<number, IHasher>();
let queue: Promise<unknown> = Promise.resolve();

serveCalls<HashMethods>({
  open: ({ id, state }) =>
    inOrder(async () => {
      const hasher = (await createSHA256()).init();
      const isLoaded = state === undefined || loadState(hasher, state);
      if (isLoaded) hashers.set(id, hasher);
      return isLoaded;
    }),
  update: ({ id, buffer, sizeBytes }, { transfer }) =>
    inOrder(() => {
      const hasher = hasherOf(id);
      hasher.update(new Uint8Array(buffer, 0, sizeBytes));
      transfer(buffer);
      return { buffer, state: hasher.save() };
    }),
  digest: ({ id }) => inOrder(() => hasherOf(id).digest()),
  close: ({ id }) =>
    inOrder(() => {
      hashers.delete(id);
      return undefined;
    }),
});

/** Runs after all that was asked before, also when that failed. */
function inOrder<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  const done = queue.then(work);
  queue = done.catch(() => {});
  return done;
}

function hasherOf(id: number): IHasher {
  const hasher = hashers.get(id);
  if (hasher === undefined) throw new Error(`hash ${id} is not open`);
  return hasher;
}
