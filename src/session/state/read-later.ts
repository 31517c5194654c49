import { toAlcoveError } from '../../platform/errors.ts';

const INTERVAL_MS = 5_000;

/**
 * Reads a store again that could not be opened because an older tab held it: until that tab is closed, what is stored must
 * not count as absent for the whole visit. Other errors would occur again.
 * @param error why it could not be read
 */
export function readLater(
  error: unknown,
  read: () => Promise<unknown>,
  disposed: AbortSignal,
  intervalMs = INTERVAL_MS,
): void {
  if (disposed.aborted || toAlcoveError(error).code !== 'storage-blocked') return;
  const timer = setTimeout(() => {
    read().catch((next: unknown) => readLater(next, read, disposed, intervalMs));
  }, intervalMs);
  disposed.addEventListener('abort', () => clearTimeout(timer), { once: true });
}
