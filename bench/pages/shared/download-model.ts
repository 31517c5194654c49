import type { Downloader } from '../../../src/download/downloader.ts';
import type { ModelRecord } from '../../../src/models/model-record.ts';

/** Downloads a model; resolves when it is complete. */
export function downloadModel(downloader: Downloader, record: ModelRecord): Promise<void> {
  return new Promise((resolve, reject) => {
    const unsubscribe = downloader.subscribe((modelId, status) => {
      if (modelId !== record.id) return;
      if (status.status === 'complete') resolve();
      else if (status.status === 'failed') reject(new Error(`${status.error.code}: ${status.error.message}`));
      else if (status.status === 'paused' || status.status === 'cancelled') reject(new Error(status.status));
      else return;
      unsubscribe();
    });
    downloader.start(record);
  });
}
