import type { DownloadStatus } from '../../download/download-status.ts';
import type { Downloader, ImportedModel } from '../../download/downloader.ts';
import type { EngineProbe } from '../../engine/engine.ts';
import { hasNewLibrary } from '../../models/catalogue/new-library.ts';
import type { DeviceReport } from '../../models/device.ts';
import type { FitInputs } from '../../models/fit/fit-inputs.ts';
import type { Fit } from '../../models/fit/fit-verdict.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, fromWireError, toAlcoveError, toWireError } from '../../platform/errors.ts';
import { estimate, persist } from '../../storage/quota.ts';
import { findEvicted, forgetStored, rememberStored } from '../../storage/weights/stored-model-ids.ts';
import { type StoredModel, WeightStore } from '../../storage/weights/weight-store.ts';
import type { ModelEntry, SessionState, WeightsState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import { readHosts } from './allowed-hosts.ts';
import type { CustomEntry } from './custom-models.ts';
import type { DeviceBenchmarkRunner } from './device-benchmark.ts';
import type { FitCache } from './fit-cache.ts';
import type { RunHistoryFeed } from './run-history-feed.ts';

const UNKNOWN: Fit = { verdict: 'unknown' };
/** A script needs none. */
const NO_WEIGHTS: WeightsState = { status: 'stored', sizeBytes: 0, lastUsedAt: undefined };

/** The models: which the catalogue knows, which are stored or on their way, and which fit this device. */
export class ModelRegistry {
  readonly #state: StateStore<SessionState>;
  readonly #catalogueUrl: string;
  readonly #databaseName: string;
  /** Fetched at once, and not in the way of the first message. */
  readonly #downloader: Promise<Downloader>;
  readonly #downloads = new Map<string, DownloadStatus>();
  #store: Promise<WeightStore> | undefined;
  #records: readonly ModelRecord[] = [];
  #serverRecords: readonly ModelRecord[] = [];
  #stored: ReadonlyMap<string, StoredModel> = new Map();
  #evicted: ReadonlySet<string> = new Set();
  /** Undefined until its code has come. */
  #fits: FitCache | undefined;
  #check: DeviceBenchmarkRunner | undefined;
  #outcomes: RunHistoryFeed | undefined;
  #custom: readonly CustomEntry[] = [];

  constructor(state: StateStore<SessionState>, catalogueUrl: string, databaseName: string) {
    this.#state = state;
    this.#catalogueUrl = catalogueUrl;
    this.#databaseName = databaseName;
    this.#downloader = this.#openDownloader();
    // Who asks for a download is told.
    this.#downloader.catch(() => {});
  }

  /**
   * @throws AlcoveError `catalogue-invalid` or why it cannot be fetched. A store that cannot be read is no reason to
   *   fail: its models show as absent, and a download says what is wrong.
   */
  async start(probe: Promise<EngineProbe>): Promise<void> {
    const fits = this.#openFits();
    void Promise.all([probe, fits]).then(([{ device }]) => this.#setDevice(device));
    const [records] = await Promise.allSettled([this.#readCatalogue(), this.#readStore(), this.#readEstimate(), fits]);
    // A file on a disk is that of another device.
    if (records.status === 'fulfilled') this.#records = records.value.filter(({ source }) => source.kind !== 'disk');
    this.#publish();
    this.#selectInitial();
    this.#continueInterrupted();
    if (records.status === 'rejected' && this.#entries().length === 0) throw records.reason;
  }

  /** The models that the reader has added, from now on. */
  setCustom(entries: readonly CustomEntry[]): void {
    this.#custom = entries;
    this.#publish();
    this.#selectInitial();
  }

  /** Stores a model from files of this tab: how it fares is in the state, as with a download. */
  importFiles(imported: ImportedModel): void {
    void this.requestPersistence();
    this.#withDownloader(imported.plan.record.id, (downloader) => downloader.import(imported));
  }

  /** Drops what is stored of a model, or of its download. @throws AlcoveError `model-in-use` */
  async deleteWeights(modelId: string): Promise<void> {
    if (this.#downloads.has(modelId)) await (await this.#downloader).cancel(modelId);
    await this.delete(modelId);
  }

  dispose(): void {
    this.#outcomes?.dispose();
    this.#downloader.then((downloader) => downloader.dispose()).catch(() => {});
    this.#store?.then((store) => store.close()).catch(() => {});
  }

  /** What is new of this device: how fast it is, what came of running models on it. */
  learn(facts: FitInputs): void {
    if (this.#fits?.learn(facts)) this.#publish();
  }

  /** @throws AlcoveError as DeviceBenchmarkRunner.measure */
  async measureDevice(): Promise<void> {
    await this.#openFits();
    await this.#check?.measure();
  }

  /** The models of the reader's own servers, in place of those told before. */
  setServerModels(records: readonly ModelRecord[]): void {
    this.#serverRecords = records;
    this.#publish();
    const { selectedModelId, start } = this.#state.state;
    if (start !== 'ready') return;
    if (selectedModelId !== undefined && this.#record(selectedModelId) === undefined) {
      this.#state.set({ selectedModelId: undefined });
    }
    this.#selectInitial();
  }

  select(modelId: string): void {
    if (this.#record(modelId) !== undefined) this.#state.set({ selectedModelId: modelId });
  }

  /** @throws AlcoveError `model-unknown` */
  download(modelId: string): void {
    const record = this.#record(modelId);
    if (record === undefined) throw new AlcoveError('model-unknown', `no model is called ${modelId}`);
    // Where the user began it is where Firefox may ask them.
    void this.requestPersistence();
    this.#withDownloader(modelId, (downloader) => downloader.start(record));
  }

  async pause(modelId: string): Promise<void> {
    return (await this.#downloader).pause(modelId);
  }

  async cancel(modelId: string): Promise<void> {
    await (await this.#downloader).cancel(modelId);
    await this.#readStore();
    this.#publish();
  }

  /** @throws AlcoveError `model-in-use` */
  async delete(modelId: string): Promise<void> {
    await (await this.#openStore()).deleteModel(modelId);
    forgetStored(modelId);
    this.#downloads.delete(modelId);
    await Promise.all([this.#readStore(), this.#readEstimate()]);
    this.#publish();
  }

  /** @throws AlcoveError `model-damaged` */
  async verify(modelId: string): Promise<void> {
    try {
      await (await this.#downloader).verify(modelId);
    } finally {
      await this.#readStore();
      this.#publish();
    }
  }

  async markUsed(modelId: string): Promise<void> {
    await (await this.#openStore()).markUsed(modelId);
    await this.#readStore();
    this.#publish();
  }

  async requestPersistence(): Promise<boolean> {
    const persisted = await persist();
    this.#state.set({ storage: { ...this.#state.state.storage, persisted } });
    return persisted ?? false;
  }

  async #openDownloader(): Promise<Downloader> {
    const { Downloader } = await import('../../download/downloader.ts');
    const { huggingFaceUrl } = readHosts();
    const downloader = new Downloader({
      databaseName: this.#databaseName,
      baseUrl: this.#catalogueUrl,
      huggingFaceUrl,
    });
    downloader.subscribe((modelId, status) => this.#followDownload(modelId, status));
    return downloader;
  }

  /** Its script may not have come: then the download says so. */
  #withDownloader(modelId: string, work: (downloader: Downloader) => void): void {
    this.#downloader.then(work, () => {
      this.#followDownload(modelId, {
        status: 'failed',
        error: toWireError(new AlcoveError('offline', 'no downloader')),
      });
    });
  }

  async #openFits(): Promise<void> {
    const [{ FitCache }, { DeviceBenchmarkRunner }, { RunHistoryFeed }] = await Promise.all([
      import('./fit-cache.ts'),
      import('./device-benchmark.ts'),
      import('./run-history-feed.ts'),
    ]);
    this.#fits ??= new FitCache();
    const outcomeStore = this.#databaseName.replace(/-weights$/, '-outcomes');
    this.#outcomes ??= new RunHistoryFeed(this.#state, outcomeStore, (outcomes) => this.learn({ outcomes }));
    this.#check ??= new DeviceBenchmarkRunner(this.#state, (benchmark) => this.learn({ benchmark }));
  }

  async #readCatalogue(): Promise<readonly ModelRecord[]> {
    // Apart from the entry: a visit can begin to read its chats before.
    const { readCatalogue } = await import('./read-catalogue.ts');
    return readCatalogue(this.#catalogueUrl);
  }

  #openStore(): Promise<WeightStore> {
    this.#store ??= WeightStore.open(this.#databaseName).catch((error: unknown) => {
      this.#store = undefined;
      throw error;
    });
    return this.#store;
  }

  async #readStore(): Promise<void> {
    const models = await (await this.#openStore()).listModels();
    for (const model of models) if (model.complete) rememberStored(model.record.id);
    this.#stored = new Map(models.map((model) => [model.record.id, model]));
    this.#evicted = new Set(findEvicted(models));
  }

  async #readEstimate(): Promise<void> {
    const [{ usageBytes, quotaBytes }, persisted] = await Promise.all([
      estimate(),
      navigator.storage?.persisted().catch(() => undefined),
    ]);
    this.#state.set({ storage: { ...this.#state.state.storage, usageBytes, quotaBytes, persisted } });
    if (usageBytes !== undefined && quotaBytes !== undefined) this.#fits?.learn({ freeBytes: quotaBytes - usageBytes });
  }

  #setDevice(device: DeviceReport): void {
    this.#fits?.setDevice(device);
    this.#check?.recall(device);
    void this.#outcomes?.recall(device);
    this.#state.set({ device });
    this.#publish();
    this.#selectInitial();
  }

  /** The model used last that runs here, unless one is selected; one on a server only where there is no other. */
  #selectInitial(): void {
    if (this.#state.state.selectedModelId !== undefined) return;
    const ready = this.#state.state.models.filter(
      ({ weights, fit }) => weights.status === 'stored' && fit.verdict !== 'cannot-run',
    );
    const lastUsed = (entry: ModelEntry): number => this.#stored.get(entry.record.id)?.lastUsedAt ?? 0;
    const isHere = (entry: ModelEntry): number => (entry.record.source.kind === 'own-server' ? 0 : 1);
    const newest = ready.sort((a, b) => isHere(b) - isHere(a) || lastUsed(b) - lastUsed(a))[0];
    if (newest !== undefined) this.#state.set({ selectedModelId: newest.record.id });
  }

  /** Downloads that no one stopped go on: their tab was closed or killed. */
  #continueInterrupted(): void {
    for (const { record, complete, halt } of this.#stored.values()) {
      if (complete || halt !== undefined) continue;
      this.#withDownloader(record.id, (downloader) => downloader.start(record));
    }
  }

  #followDownload(modelId: string, status: DownloadStatus): void {
    const last = this.#downloads.get(modelId);
    const before = last?.status;
    if (status.status === 'complete' && last?.status === 'downloading' && last.bytesPerSecond !== undefined) {
      this.#fits?.learn({ downloadBytesPerSecond: last.bytesPerSecond });
    }
    this.#downloads.set(modelId, status);
    this.#publish();
    // The store has more to tell than the figures when a download has come to rest.
    if (status.status !== before && status.status !== 'planning' && status.status !== 'downloading') {
      void this.#settleDownload(modelId, status);
    }
  }

  async #settleDownload(modelId: string, status: DownloadStatus): Promise<void> {
    await Promise.allSettled([this.#readStore(), this.#readEstimate()]);
    // Why it failed may not be in the store: a full disk takes no note of it.
    const isExplained = status.status === 'failed' || (status.status === 'paused' && status.error !== undefined);
    if (this.#downloads.get(modelId) === status && !isExplained) this.#downloads.delete(modelId);
    this.#publish();
    if (status.status === 'complete') this.#selectInitial();
  }

  #record(modelId: string): ModelRecord | undefined {
    return this.#state.state.models.find(({ record }) => record.id === modelId)?.record;
  }

  #publish(): void {
    const models = this.#entries();
    this.#state.set({ models, recommended: this.#fits?.recommend(models) });
  }

  /** What the reader has added, the catalogue's models, then what is stored of others. */
  #entries(): ModelEntry[] {
    const custom = this.#custom.map(({ record, closed }): ModelEntry => {
      return { ...this.#entry(record, this.#diskState(record, closed)), isCustom: true };
    });
    const added = new Set(custom.map(({ record }) => record.id));
    const catalogue = this.#records.filter(({ id }) => !added.has(id));
    const listed = new Set([...added, ...catalogue.map(({ id }) => id)]);
    const others = [...this.#stored.values()].map(({ record }) => record).filter(({ id }) => !listed.has(id));
    return [...custom, ...[...this.#serverRecords, ...catalogue, ...others].map((record) => this.#entry(record))];
  }

  #entry(record: ModelRecord, absent?: WeightsState): ModelEntry {
    const weights =
      record.engine === 'scripted' || record.source.kind === 'own-server' ? NO_WEIGHTS : this.#weights(record);
    const isElsewhere = weights.status === 'absent' || weights.status === 'evicted';
    const shown = isElsewhere ? (absent ?? weights) : weights;
    return { record, fit: this.#fits?.of(record, shown.status === 'stored') ?? UNKNOWN, weights: shown };
  }

  /** @returns undefined for a model that is not on the disk */
  #diskState({ source, sizeBytes = 0 }: ModelRecord, closed: AlcoveError | undefined): WeightsState | undefined {
    if (source.kind !== 'disk') return undefined;
    if (closed !== undefined) return { status: 'closed', error: closed };
    return { status: 'stored', sizeBytes, lastUsedAt: undefined, isOnDisk: true };
  }

  #weights(record: ModelRecord): WeightsState {
    const modelId = record.id;
    const download = this.#downloads.get(modelId);
    const stored = this.#stored.get(modelId);
    if (download?.status === 'planning' || download?.status === 'downloading')
      return { status: 'downloading', download };
    if (download?.status === 'paused') return { status: 'paused', download };
    if (download?.status === 'failed') return { status: 'failed', error: toAlcoveError(fromWireError(download.error)) };
    if (stored?.complete) {
      const { sizeBytes, lastUsedAt, verifiedAt } = stored;
      const isOld = hasNewLibrary(stored.record, record);
      return { status: 'stored', sizeBytes, lastUsedAt, verifiedAt, ...(isOld && { hasNewLibrary: true }) };
    }
    if (stored !== undefined) {
      const figures = { loadedBytes: stored.storedBytes, totalBytes: stored.sizeBytes };
      const rest = { bytesPerSecond: undefined, secondsLeft: undefined, waitingForNetwork: false };
      const error = stored.halt?.error;
      return { status: 'paused', download: { status: 'paused', ...figures, ...rest, ...(error && { error }) } };
    }
    return this.#evicted.has(modelId) ? { status: 'evicted' } : { status: 'absent' };
  }
}
