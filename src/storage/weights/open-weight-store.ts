import { isInMemory, isShared } from '../../platform/storage-access.ts';
import { WeightStore } from './weight-store.ts';

/**
 * Opens the weights of a session: in IndexedDB or, by the name's prefix, in the memory of the page or in the storage that it
 * shares. For pages and workers.
 * @throws AlcoveError `storage-unavailable`, `storage-blocked`
 */
export async function openWeightStore(name?: string): Promise<WeightStore> {
  if (name === undefined || !(isInMemory(name) || isShared(name))) return WeightStore.open(name);
  const { openPageWeights } = await import('./page-weights.ts');
  return openPageWeights(name);
}
