/** Limits and timings of downloads. */
export interface DownloadOptions {
  /** Against which the catalogue's relative addresses are resolved. */
  readonly baseUrl: string;
  /** A mirror of Hugging Face with the same paths. */
  readonly huggingFaceUrl: string;
  readonly databaseName: string;
  /** Download slots: files that are fetched at the same time. */
  readonly slotCount: number;
  /** Chunks of 4 MiB in memory at the same time: being filled, hashed and written. At least one more than slots. */
  readonly bufferCount: number;
  /** A connection that sends nothing for so long is closed and tried again. */
  readonly stallTimeoutMs: number;
  /** The wait before the first retry; it doubles up to the longest. Each is shortened by up to half at random. */
  readonly firstRetryDelayMs: number;
  readonly longestRetryDelayMs: number;
  /** Retries without a new byte, after which the download pauses. */
  readonly retryLimit: number;
  readonly progressIntervalMs: number;
}

/** These retries wait some nine minutes for a lost connection; time in which the browser reports itself offline does not count. */
export const DEFAULT_DOWNLOAD_OPTIONS = {
  huggingFaceUrl: 'https://huggingface.co',
  databaseName: 'alcove-weights',
  // In 51 to 58 MiB of the page's process (npm run bench -- download-memory); web-llm fetches 4 files at a time, too.
  slotCount: 4,
  bufferCount: 6,
  stallTimeoutMs: 30_000,
  firstRetryDelayMs: 500,
  longestRetryDelayMs: 30_000,
  retryLimit: 20,
  progressIntervalMs: 200,
} as const satisfies Partial<DownloadOptions>;
