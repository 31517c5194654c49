import { AlcoveError } from '../../platform/errors.ts';
import { estimate } from '../../storage/quota.ts';
import type { StoredModel } from '../../storage/weights/weight-store.ts';

/** Refuses a model that does not fit. The browser's estimate is often too high, so passing promises nothing. */
export async function checkRoom(model: StoredModel): Promise<void> {
  const { usageBytes, quotaBytes } = await estimate();
  if (usageBytes === undefined || quotaBytes === undefined) return;
  const neededBytes = model.sizeBytes - model.storedBytes;
  const freeBytes = Math.max(0, quotaBytes - usageBytes);
  if (neededBytes <= freeBytes) return;
  throw new AlcoveError('quota-exceeded', `${neededBytes} bytes needed, ${freeBytes} free`, {
    data: { neededBytes, freeBytes },
  });
}
