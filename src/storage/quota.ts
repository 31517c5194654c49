export interface StorageEstimateBytes {
  readonly usageBytes: number | undefined;
  readonly quotaBytes: number | undefined;
}

/** Used and allowed bytes of this origin, where the browser reports them; often rounded, sometimes far too high. */
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
 * Asks the browser not to remove what is stored. Firefox asks the user, other browsers decide without: call it on the
 * page when a download starts; workers cannot.
 * @returns whether it is persistent now; undefined where the browser does not report it
 */
export async function persist(): Promise<boolean | undefined> {
  try {
    const storage: StorageManager & PagesOnly = navigator.storage;
    return (await storage.persisted()) || (await storage.persist?.());
  } catch {
    return undefined;
  }
}
