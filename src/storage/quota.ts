export { estimate, type StorageEstimateBytes } from './estimate.ts';

/**
 * Asks the browser not to remove what is stored. Firefox asks the user, the others decide by themselves: call it where a
 * download starts, on the page; workers cannot.
 * @returns whether it is persistent now; undefined where the browser cannot say
 */
export async function persist(): Promise<boolean | undefined> {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return undefined;
  }
}
