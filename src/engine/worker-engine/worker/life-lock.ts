import { holdLock } from '../../../platform/web-locks.ts';

/**
 * Holds a Web Lock until this worker is gone, so that the page, which queues for it, notices a death that fires no event.
 * @param onHeld called with the lock's name, or undefined in a context without locks; pings then notice it later
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
