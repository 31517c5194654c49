import { onTestFinished } from 'vitest';
import type { ModelRecord } from '../../models/model-record.ts';
import type { TabChannel } from '../../platform/tab-channel.ts';
import { type DownloadBroadcast, openDownloadChannel } from '../download-protocol.ts';
import type { DownloadStatus } from '../download-status.ts';

/** A tab with its own downloader and workers, in a frame. Removing it ends them as closing a tab does. */
export class FrameTab {
  readonly #frame = document.createElement('iframe');
  readonly #channel: TabChannel<DownloadBroadcast>;
  readonly #told: DownloadStatus[] = [];
  #onTold = (): void => {};

  constructor(databaseName: string, record: ModelRecord) {
    this.#channel = openDownloadChannel(databaseName, (news) => {
      if (news.type !== 'status') return;
      this.#told.push(news.status);
      this.#onTold();
    });
    const options = { databaseName, baseUrl: location.href, progressIntervalMs: 10, firstRetryDelayMs: 5 };
    this.#frame.srcdoc = `<script type="module">
      import { Downloader } from '/src/download/downloader.ts';
      new Downloader(${JSON.stringify(options)}).start(${JSON.stringify(record)});
    </script>`;
    document.body.append(this.#frame);
    onTestFinished(() => this.kill());
  }

  /** Waits for a status, one told already included. */
  async until(fits: (status: DownloadStatus) => boolean): Promise<DownloadStatus> {
    while (true) {
      const found = this.#told.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#onTold = resolve;
      });
    }
  }

  loaded(leastBytes: number): Promise<DownloadStatus> {
    return this.until((status) => status.status === 'downloading' && status.loadedBytes >= leastBytes);
  }

  kill(): void {
    this.#channel.close();
    this.#frame.remove();
  }
}
