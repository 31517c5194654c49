import { onTestFinished } from 'vitest';
import { WeightStore } from '../../storage/weights/weight-store.ts';
import type { DownloadOptions } from '../download-options.ts';
import type { DownloadStatus } from '../download-status.ts';
import { Downloader } from '../downloader.ts';

/** A tab as far as downloads go: a downloader, and all that it has told. Ended with its test. */
export class TestTab {
  readonly downloader: Downloader;
  readonly databaseName: string;
  /** The statuses told so far, oldest first. */
  readonly told: DownloadStatus[] = [];

  constructor(options: Partial<DownloadOptions> = {}) {
    this.databaseName = options.databaseName ?? `weights-${crypto.randomUUID()}`;
    this.downloader = new Downloader({
      baseUrl: location.href,
      databaseName: this.databaseName,
      firstRetryDelayMs: 5,
      longestRetryDelayMs: 20,
      retryLimit: 4,
      progressIntervalMs: 10,
      ...options,
    });
    this.downloader.subscribe((_, status) => this.told.push(status));
    onTestFinished(() => this.downloader.dispose());
  }

  /** The next status that fits, one told already included. */
  async until(modelId: string, fits: (status: DownloadStatus) => boolean): Promise<DownloadStatus> {
    const now = this.downloader.status(modelId);
    if (now !== undefined && fits(now)) return now;
    return new Promise((resolve) => {
      const unsubscribe = this.downloader.subscribe((id, status) => {
        if (id !== modelId || !fits(status)) return;
        unsubscribe();
        resolve(status);
      });
    });
  }

  rest(modelId: string): Promise<DownloadStatus> {
    return this.until(modelId, ({ status }) => status !== 'planning' && status !== 'downloading');
  }

  loaded(modelId: string, leastBytes: number): Promise<DownloadStatus> {
    return this.until(modelId, (status) => status.status === 'downloading' && status.loadedBytes >= leastBytes);
  }

  async store(): Promise<WeightStore> {
    const store = await WeightStore.open(this.databaseName);
    onTestFinished(() => store.close());
    return store;
  }
}
