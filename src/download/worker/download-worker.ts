import { abortError } from '../../platform/errors.ts';
import { announceRequests } from '../../platform/requests.ts';
import { withLock } from '../../platform/web-locks.ts';
import { serveCalls } from '../../platform/worker-rpc.ts';
import { openWeightStore } from '../../storage/weights/open-weight-store.ts';
import { type DownloadMethods, writerLockName } from '../download-protocol.ts';
import { watchPolicy } from '../http.ts';
import { downloadModel, planModel } from './download-model.ts';
import { importModel } from './import-model.ts';
import { networkWake } from './retry.ts';

/** The worker of one download, import or verification. The page ends it after the task. */
const stop = new AbortController();
const { signal } = stop;
announceRequests();
watchPolicy();

serveCalls<DownloadMethods>({
  plan: ({ record, options }) =>
    withLock(writerLockName(options.databaseName, record.id), { signal }, () => planModel(record, options, signal)),
  download: ({ record, options, found }, { report }) =>
    withLock(writerLockName(options.databaseName, record.id), { signal }, () =>
      downloadModel(record, options, found, signal, report),
    ),
  import: ({ plan, blobs, options }, { report }) =>
    navigator.locks.request(writerLockName(options.databaseName, plan.record.id), { signal }, () =>
      importModel(plan, blobs, options, signal, report),
    ),
  verify: async ({ modelId, databaseName }, { report }) => {
    const store = await openWeightStore(databaseName);
    try {
      await store.verifyModel(modelId, { signal, onProgress: report });
      return 0;
    } finally {
      store.close();
    }
  },
  stop: () => {
    stop.abort(abortError());
  },
  wake: () => {
    networkWake.dispatchEvent(new Event('wake'));
  },
});
