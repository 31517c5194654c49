import { abortError, toWireError } from '../../platform/errors.ts';
import { announceRequests } from '../../platform/requests.ts';
import { WeightStore } from '../../storage/weights/weight-store.ts';
import { type DownloadCommand, type DownloadReport, writerLockName } from '../download-protocol.ts';
import { watchPolicy } from '../http.ts';
import { downloadModel } from './download-model.ts';
import { importModel } from './import-model.ts';
import { networkWake } from './retry.ts';

/** The worker of one download or verification; the page ends it after `end`. */
const stop = new AbortController();
announceRequests();
watchPolicy();

addEventListener('message', ({ data }: MessageEvent<DownloadCommand>) => {
  if (data.type === 'stop') stop.abort(abortError());
  else if (data.type === 'wake') networkWake.dispatchEvent(new Event('wake'));
  else {
    run(data)
      .then((totalBytes) => report({ type: 'end', totalBytes, error: undefined }))
      .catch((error) => report({ type: 'end', totalBytes: 0, error: toWireError(error) }));
  }
});

async function run(command: DownloadCommand & { type: 'download' | 'import' | 'verify' }): Promise<number> {
  const { signal } = stop;
  if (command.type === 'download') {
    const { record, options } = command;
    return navigator.locks.request(writerLockName(options.databaseName, record.id), { signal }, () =>
      downloadModel(record, options, signal, (figures) => report({ type: 'figures', figures })),
    );
  }
  if (command.type === 'import') {
    const { plan, blobs, options } = command;
    return navigator.locks.request(writerLockName(options.databaseName, plan.record.id), { signal }, () =>
      importModel(plan, blobs, options, signal, (figures) => report({ type: 'figures', figures })),
    );
  }
  const store = await WeightStore.open(command.databaseName);
  try {
    const onProgress = (checkedBytes: number): void => report({ type: 'checked', checkedBytes });
    await store.verifyModel(command.modelId, { signal, onProgress });
    return 0;
  } finally {
    store.close();
  }
}

function report(message: DownloadReport): void {
  postMessage(message);
}
