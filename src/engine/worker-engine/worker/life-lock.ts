import { holdLock } from '../../../platform/web-locks.ts';

/**
 * Holds a Web Lock until this worker is gone, so that who queues for it learns of a death that has no event.
 * @param onHeld called with the lock's name, or undefined where there are no locks; pings notice less quickly then
 */
export function holdLifeLock(onHeld: (lockName: string | undefined) => void): void {
  void hold().then(onHeld);
}

async function hold(): Promise<string | undefined> {
  try {
    const lockName = `alcove-worker:${crypto.randomUUID()}`;
    await holdLock(lockName);
    return lockName;
  } catch {
    // An insecure context has neither locks nor randomUUID.
    return undefined;
  }
}
