import { Downloader } from '../../src/download/downloader.ts';
import type { ModelRecord } from '../../src/models/model-record.ts';
import { WeightStore } from '../../src/storage/weights/weight-store.ts';
import { downloadModel } from './shared/download-model.ts';
import { offer } from './shared/offer.ts';

export interface AlcoveDownloadOptions {
  readonly record: ModelRecord;
}

const databaseName = 'bench-weights';

/**
 * Our download as the page sees it: from the first progress, when the workers run and the plan is made, to the status that
 * all is verified and stored. The peers' clocks also start when their workers run.
 */
offer(async ({ record }: AlcoveDownloadOptions) => {
  const downloader = new Downloader({ databaseName, baseUrl: location.href });
  const calledAt = performance.now();
  let startedAt: number | undefined;
  downloader.subscribe((_, { status }) => {
    if (status === 'downloading') startedAt ??= performance.now();
  });
  await downloadModel(downloader, record);
  const ms = performance.now() - (startedAt ?? calledAt);
  const startMs = (startedAt ?? calledAt) - calledAt;
  const store = await WeightStore.open(databaseName);
  const model = await store.getModel(record.id);
  store.close();
  downloader.dispose();
  return { ms, startMs, bytes: model?.complete === true ? model.storedBytes : 0 };
});
