import { isInMemory } from '../../platform/storage-access.ts';
import { WeightStore } from './weight-store.ts';

/**
 * Opens the weights of a session, in IndexedDB or, by the name's prefix, in the memory of the page. For pages and workers.
 * @throws AlcoveError `storage-unavailable`, `storage-blocked`
 */
export async function openWeightStore(name?: string): Promise<WeightStore> {
  if (name === undefined || !isInMemory(name)) return WeightStore.open(name);
  const { openMemoryWeights } = await import('./memory-weights.ts');
  return openMemoryWeights(name);
}
