import type { ModelEntry, StorageState, WeightsState } from '../../session/state/session-state.ts';

/** Bytes of a model that are on the disk. */
export function storedBytes(weights: WeightsState): number {
  if (weights.status === 'stored') return weights.isOnDisk ? 0 : weights.sizeBytes;
  if (weights.status === 'paused') return weights.download.loadedBytes;
  if (weights.status === 'downloading' && weights.download.status === 'downloading')
    return weights.download.loadedBytes;
  return 0;
}

/** Below this little, or above this much of what the browser gives, it may soon have to make room. */
const LITTLE_BYTES = 1_000_000_000;
const FULL_SHARE = 0.85;

/** Set before the browser is likely to remove what is stored; undefined while it promises to keep it, and while there is room. */
export function evictionRisk(storage: StorageState): { readonly freeBytes: number } | undefined {
  const { persisted, usageBytes, quotaBytes } = storage;
  if (persisted === true || usageBytes === undefined || quotaBytes === undefined || usageBytes === 0) return undefined;
  const freeBytes = Math.max(0, quotaBytes - usageBytes);
  const isShort = freeBytes < LITTLE_BYTES || usageBytes > quotaBytes * FULL_SHARE;
  return isShort ? { freeBytes } : undefined;
}

export interface NeededRoom {
  readonly entry: ModelEntry;
  /** Undefined where the error did not say it. */
  readonly neededBytes: number | undefined;
}

/** The download that stands still because the disk is full. */
export function neededRoom(models: readonly ModelEntry[]): NeededRoom | undefined {
  for (const entry of models) {
    const { weights } = entry;
    const error =
      weights.status === 'failed' ? weights.error : weights.status === 'paused' ? weights.download.error : undefined;
    if (error?.code !== 'quota-exceeded') continue;
    const { neededBytes } = error.data;
    const rest = weights.status === 'paused' ? weights.download.totalBytes - weights.download.loadedBytes : undefined;
    return { entry, neededBytes: rest ?? (typeof neededBytes === 'number' ? neededBytes : undefined) };
  }
  return undefined;
}

/** What may go for it: not the model in use, those not used for longest first. */
export function roomFrom(stored: readonly ModelEntry[], selectedId: string | undefined): readonly ModelEntry[] {
  const lastUse = ({ weights }: ModelEntry): number => (weights.status === 'stored' ? (weights.lastUsedAt ?? 0) : 0);
  return stored.filter(({ record }) => record.id !== selectedId).sort((a, b) => lastUse(a) - lastUse(b));
}
