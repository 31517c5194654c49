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
