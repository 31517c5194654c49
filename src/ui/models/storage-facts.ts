import { msg } from '@lit/localize';
import type { ModelRecord } from '../../models/model-record.ts';
import type { ModelEntry, StorageState, WeightsState } from '../../session/state/session-state.ts';

export function storedBytes(weights: WeightsState): number {
  if (weights.status === 'stored') return weights.isOnDisk ? 0 : weights.sizeBytes;
  if (weights.status === 'paused') return weights.download.loadedBytes;
  if (weights.status === 'downloading' && weights.download.status === 'downloading')
    return weights.download.loadedBytes;
  return 0;
}

/** With less free space than this, or more of the quota in use, the browser may soon evict sites. */
const LOW_FREE_BYTES = 1_000_000_000;
const FULL_FRACTION = 0.85;

/** Set when the browser may soon remove what is stored; undefined when storage is persistent or space is left. */
export function evictionRisk(storage: StorageState): { readonly freeBytes: number } | undefined {
  const { persisted, usageBytes, quotaBytes } = storage;
  if (persisted === true || usageBytes === undefined || quotaBytes === undefined || usageBytes === 0) return undefined;
  const freeBytes = Math.max(0, quotaBytes - usageBytes);
  const isShort = freeBytes < LOW_FREE_BYTES || usageBytes > quotaBytes * FULL_FRACTION;
  return isShort ? { freeBytes } : undefined;
}

export interface NeededSpace {
  readonly entry: ModelEntry;
  /** Undefined where the error did not report it. */
  readonly neededBytes: number | undefined;
}

/** The download that stopped because the disk is full. */
export function neededSpace(models: readonly ModelEntry[]): NeededSpace | undefined {
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

/** What a deletion costs the user later. */
export function deletionQuestion({ source }: ModelRecord): string {
  return source.kind === 'disk'
    ? msg('To use it again, open its file again.')
    : msg('To use it again, download it again.');
}

/** Models that the user can delete for it: not the selected one, least recently used first. */
export function deletionCandidates(
  stored: readonly ModelEntry[],
  selectedId: string | undefined,
): readonly ModelEntry[] {
  const lastUse = ({ weights }: ModelEntry): number => (weights.status === 'stored' ? (weights.lastUsedAt ?? 0) : 0);
  return stored
    .filter(({ record, weights }) => record.id !== selectedId && storedBytes(weights) > 0)
    .sort((a, b) => lastUse(a) - lastUse(b));
}
