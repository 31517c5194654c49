import type { DownloadStatus } from '../../download/download-status.ts';
import type { Downloader, ImportedModel } from '../../download/downloader.ts';
import type { Sampling } from '../../engine/engine.ts';
import { hasNewLibrary } from '../../models/catalogue/new-library.ts';
import { isOfSource } from '../../models/catalogue/same-source.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, fromWireError, toAlcoveError, toWireError } from '../../platform/errors.ts';
import { findEvicted, forgetStored, rememberStored } from '../../storage/weights/stored-model-ids.ts';
import type { StoredModel, WeightStore } from '../../storage/weights/weight-store.ts';
import type { WeightsState } from '../state/session-state.ts';

export interface StoredWeightsEvents {
  /** Called when the result of `stateOf` has changed for some models. */
  onChange(): void;
  /** Called when the store has grown or shrunk, so that free space can be estimated again; not for each piece of a download. */
  onStored(): Promise<void>;
  /** Called with the rate of a complete download. */
  onRate(bytesPerSecond: number): void;
  /** Called when a download is complete and its model can be loaded. */
  onComplete(): void;
}

/** Knows which weights are stored or being downloaded, in any tab; downloads and deletes them. */
export class StoredWeights {
  readonly #databaseName: string;
  readonly #events: StoredWeightsEvents;
  /** Fetched at once, but the first message does not wait for it. */
  readonly #downloader: Promise<Downloader>;
  readonly #downloads = new Map<string, DownloadStatus>();
  #store: Promise<WeightStore> | undefined;
  #stored: ReadonlyMap<string, StoredModel> = new Map();
  #evicted: ReadonlySet<string> = new Set();

  /** @param catalogueUrl relative addresses of weights are resolved against it */
  constructor(databaseName: string, catalogueUrl: string, events: StoredWeightsEvents) {
    this.#databaseName = databaseName;
    this.#events = events;
    this.#downloader = this.#openDownloader(catalogueUrl);
    // The next download reports the error.
    this.#downloader.catch(() => {});
  }

  async read(): Promise<void> {
    const models = await (await this.#openStore()).listModels();
    for (const model of models) if (model.complete) rememberStored(model.record.id, this.#databaseName);
    this.#stored = new Map(models.map((model) => [model.record.id, model]));
    this.#evicted = new Set(findEvicted(models, this.#databaseName));
  }

  get records(): readonly ModelRecord[] {
    return [...this.#stored.values()].map(({ record }) => record);
  }

  /** Date.now() of the model's last answer; 0 if there is none. */
  lastUsedAt(modelId: string): number {
    return this.#stored.get(modelId)?.lastUsedAt ?? 0;
  }

  /** See storedSampling. */
  async sampling(modelId: string): Promise<Sampling | undefined> {
    const { storedSampling } = await import('./stored-sampling.ts');
    return storedSampling(await this.#openStore(), modelId);
  }

  stateOf(record: ModelRecord): WeightsState {
    const download = this.#downloads.get(record.id);
    const held = this.#stored.get(record.id);
    const stored = held !== undefined && isOfSource(held, record) ? held : undefined;
    if (download?.status === 'planning' || download?.status === 'downloading')
      return { status: 'downloading', download };
    if (download?.status === 'paused') return { status: 'paused', download };
    if (download?.status === 'failed') return { status: 'failed', error: toAlcoveError(fromWireError(download.error)) };
    if (stored?.complete) {
      const { sizeBytes, lastUsedAt, verifiedAt, verifiedAgainst } = stored;
      const isOld = hasNewLibrary(stored.record, record);
      return {
        status: 'stored',
        sizeBytes,
        lastUsedAt,
        verifiedAt,
        ...(isOld && { hasNewLibrary: true }),
        ...(verifiedAgainst === 'archive' && { isOnlySelfVerified: true }),
      };
    }
    // The store is being read again: until then it would say that nothing, or only a part, is there.
    if (download?.status === 'complete') return { status: 'downloading', download: { status: 'planning' } };
    if (stored !== undefined) {
      const figures = { loadedBytes: stored.storedBytes, totalBytes: stored.sizeBytes };
      const rest = { bytesPerSecond: undefined, secondsLeft: undefined, waitingForNetwork: false };
      const error = stored.pauseReason?.error;
      return { status: 'paused', download: { status: 'paused', ...figures, ...rest, ...(error && { error }) } };
    }
    return this.#evicted.has(record.id) ? { status: 'evicted' } : { status: 'absent' };
  }

  download(record: ModelRecord): void {
    this.#withDownloader(record.id, (downloader) => downloader.start(record));
  }

  /** Stores a model from files of this tab, with progress and failure like a download's. */
  import(imported: ImportedModel): void {
    this.#withDownloader(imported.plan.record.id, (downloader) => downloader.import(imported));
  }

  /** Resumes the downloads that the user has not paused: their tab was closed or killed. */
  resumeInterrupted(): void {
    for (const { record, complete, pauseReason } of this.#stored.values()) {
      if (!complete && pauseReason === undefined) this.download(record);
    }
  }

  async pause(modelId: string): Promise<void> {
    await (await this.#downloader).pause(modelId);
  }

  async cancel(modelId: string): Promise<void> {
    await (await this.#downloader).cancel(modelId);
    await this.read();
    this.#events.onChange();
  }

  async delete(modelId: string): Promise<void> {
    await (await this.#openStore()).deleteModel(modelId);
    forgetStored(modelId, this.#databaseName);
    this.#downloads.delete(modelId);
    await Promise.all([this.read(), this.#events.onStored()]);
    this.#events.onChange();
  }

  /** Ends a model's download and deletes the stored bytes. @throws AlcoveError `model-in-use` */
  async drop(modelId: string): Promise<void> {
    if (this.#downloads.has(modelId)) await (await this.#downloader).cancel(modelId);
    await this.delete(modelId);
  }

  async verify(modelId: string): Promise<void> {
    try {
      await (await this.#downloader).verify(modelId);
    } finally {
      await this.read();
      this.#events.onChange();
    }
  }

  async markUsed(modelId: string): Promise<void> {
    await (await this.#openStore()).markUsed(modelId);
    await this.read();
    this.#events.onChange();
  }

  dispose(): void {
    this.#downloader.then((downloader) => downloader.dispose()).catch(() => {});
    this.#store?.then((store) => store.close()).catch(() => {});
  }

  async #openDownloader(baseUrl: string): Promise<Downloader> {
    const [{ Downloader }, { readHosts }] = await Promise.all([
      import('../../download/downloader.ts'),
      import('./allowed-hosts.ts'),
    ]);
    const { huggingFaceUrl } = readHosts();
    const downloader = new Downloader({ databaseName: this.#databaseName, baseUrl, huggingFaceUrl });
    downloader.subscribe((modelId, status) => this.#followDownload(modelId, status));
    return downloader;
  }

  /** Reports the download as failed because offline if the downloader's code cannot be fetched. */
  #withDownloader(modelId: string, work: (downloader: Downloader) => void): void {
    this.#downloader.then(work, () => {
      this.#followDownload(modelId, {
        status: 'failed',
        error: toWireError(new AlcoveError('offline', 'no downloader')),
      });
    });
  }

  #openStore(): Promise<WeightStore> {
    // Fetched with the downloader, apart from the entry.
    this.#store ??= openStore(this.#databaseName).catch((error: unknown) => {
      this.#store = undefined;
      throw error;
    });
    return this.#store;
  }

  #followDownload(modelId: string, status: DownloadStatus): void {
    const last = this.#downloads.get(modelId);
    this.#downloads.set(modelId, status);
    if (status.status === 'complete' && last?.status === 'downloading' && last.bytesPerSecond !== undefined) {
      this.#events.onRate(last.bytesPerSecond);
    }
    this.#events.onChange();
    // Once a download has ended, the store has the exact figures.
    if (status.status !== last?.status && status.status !== 'planning' && status.status !== 'downloading') {
      void this.#settleDownload(modelId, status);
    }
  }

  async #settleDownload(modelId: string, status: DownloadStatus): Promise<void> {
    await Promise.allSettled([this.read(), this.#events.onStored()]);
    // The store may not know the error: a full disk takes no note of it.
    const isExplained = status.status === 'failed' || (status.status === 'paused' && status.error !== undefined);
    if (this.#downloads.get(modelId) === status && !isExplained) this.#downloads.delete(modelId);
    this.#events.onChange();
    if (status.status === 'complete') this.#events.onComplete();
  }
}

async function openStore(name: string): Promise<WeightStore> {
  const { openWeightStore } = await import('../../download/downloader.ts');
  return openWeightStore(name);
}
