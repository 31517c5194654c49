/**
 * Holds a Web Lock until this worker is gone, so that who queues for it learns of a death that has no event.
 * @param onHeld called with the lock's name, or undefined where there are no locks; pings notice less quickly then
 */
export function holdLifeLock(onHeld: (lockName: string | undefined) => void): void {
  // Absent in an insecure context, whatever the type says; so is randomUUID.
  const locks: LockManager | undefined = navigator.locks;
  if (locks === undefined) {
    onHeld(undefined);
    return;
  }
  const lockName = `alcove-worker:${crypto.randomUUID()}`;
  const holding = locks.request(lockName, () => {
    onHeld(lockName);
    return new Promise<never>(() => {});
  });
  holding.catch(() => onHeld(undefined));
}
