/**
 * Web Locks that a tab or worker holds for as long as it lives, and waits for their end. Locks are absent in an insecure
 * context and refused in a sandboxed frame: both functions reject then, and the caller decides whether that matters.
 */

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
