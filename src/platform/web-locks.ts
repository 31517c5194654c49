/**
 * Web Locks. They are absent in an insecure context, and refused where the browser forbids storage, as in a sandboxed frame.
 * `withLock` then keeps the order within this page or worker, since no other one shares anything with it; the functions for
 * locks that a tab or worker holds for as long as it lives reject, and the caller decides whether that matters.
 */

/** The last holder of each lock, where the browser has none. */
const held = new Map<string, Promise<unknown>>();

/**
 * Runs `work` while holding the lock. Its lock is null, by `ifAvailable`, if another has it. Rejects as `work` does, or when aborted.
 * @param locks default: those of this page's own storage
 */
export async function withLock<Result>(
  name: string,
  options: LockOptions,
  work: (lock: unknown) => Promise<Result>,
  locks?: LockManager,
): Promise<Result> {
  let isBegun = false;
  try {
    return await (locks ?? navigator.locks).request(name, options, (lock) => {
      isBegun = true;
      return work(lock);
    });
  } catch (error) {
    if (isBegun || options.signal?.aborted) throw error;
    return inOrder(name, options, work);
  }
}

async function inOrder<Result>(
  name: string,
  { ifAvailable, signal }: LockOptions,
  work: (lock: unknown) => Promise<Result>,
): Promise<Result> {
  const before = held.get(name);
  if (before !== undefined && ifAvailable) return work(null);
  const result = Promise.resolve(before).then(() => {
    signal?.throwIfAborted();
    return work({});
  });
  const end = result
    .catch(() => {})
    .then(() => {
      if (held.get(name) === end) held.delete(name);
    });
  held.set(name, end);
  return result;
}

/** Waits for the lock. Resolves with the function that releases it; without a call the lock lasts until the page or worker ends. */
export async function holdLock(name: string, options: LockOptions = {}): Promise<() => void> {
  const held = Promise.withResolvers<() => void>();
  const released = Promise.withResolvers<void>();
  const holding = navigator.locks.request(name, options, () => {
    held.resolve(released.resolve);
    return released.promise;
  });
  holding.catch(held.reject);
  return held.promise;
}

/** Resolves when nobody holds the lock: the tab or worker that held it for its life is gone. Rejects when aborted. */
export async function whenReleased(name: string, signal: AbortSignal): Promise<void> {
  await navigator.locks.request(name, { signal }, () => {});
}
