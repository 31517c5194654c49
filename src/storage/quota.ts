export interface StorageEstimateBytes {
  readonly usageBytes: number | undefined;
  readonly quotaBytes: number | undefined;
}

/** What is used and allowed for this origin, as far as the browser says; often rounded, sometimes far too high. */
export async function estimate(): Promise<StorageEstimateBytes> {
  try {
    const { usage, quota } = await navigator.storage.estimate();
    return { usageBytes: usage, quotaBytes: quota };
  } catch {
    return { usageBytes: undefined, quotaBytes: undefined };
  }
}

/** Missing in workers, for which this module is compiled as well. */
interface PagesOnly {
  persist?(): Promise<boolean>;
}

/**
 * Asks the browser not to remove what is stored. Firefox asks the user, the others decide by themselves: call it where a
 * download starts, on the page; workers cannot.
 * @returns whether it is persistent now; undefined where the browser cannot say
 */
export async function persist(): Promise<boolean | undefined> {
  try {
    const storage: StorageManager & PagesOnly = navigator.storage;
    return (await storage.persisted()) || (await storage.persist?.());
  } catch {
    return undefined;
  }
}
