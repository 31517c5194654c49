import { holdLock, whenReleased, withLock } from '../../platform/web-locks.ts';

/** Held shared by every tab and worker that has a model loaded, exclusively while it is deleted. */
export function modelLockName(modelId: string): string {
  return `alcove-model:${modelId}`;
}

/**
 * Keeps a model from being deleted while this tab or worker lives, or until the undo. Waits for a deletion. Without Web Locks
 * nothing keeps it, and a deletion takes effect with the next load.
 */
export function holdModel(modelId: string): Promise<() => void> {
  return holdLock(modelLockName(modelId), { mode: 'shared' }).catch(() => () => {});
}

/** How long a worker that was ended may take to release its model. */
const RELEASE_MS = 2_000;

/** Waits until no tab or worker holds a model that was unloaded here, at most RELEASE_MS: then another tab holds it. */
export async function untilUnused(modelId: string): Promise<void> {
  await whenReleased(modelLockName(modelId), AbortSignal.timeout(RELEASE_MS)).catch(() => {});
}

/** Runs `work` if no tab or worker holds the model. @returns false, without waiting, if one does */
export async function whileUnused(modelId: string, work: () => Promise<void>): Promise<boolean> {
  return withLock(modelLockName(modelId), { ifAvailable: true }, async (lock) => {
    if (lock === null) return false;
    await work();
    return true;
  });
}
