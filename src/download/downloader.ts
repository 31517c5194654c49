import { hasNewLibrary } from '../models/catalogue/new-library.ts';
import type { ModelRecord } from '../models/model-record.ts';
import { AlcoveError, isAbortError, toAlcoveError, toWireError } from '../platform/errors.ts';
import { rememberStored } from '../storage/weights/stored-model-ids.ts';
import { type ModelPlan, type PauseReason, type StoredModel, WeightStore } from '../storage/weights/weight-store.ts';
import { DEFAULT_DOWNLOAD_OPTIONS, type DownloadOptions } from './download-options.ts';
import { type DownloadBroadcast, downloadLockName, openDownloadChannel } from './download-protocol.ts';
import { type DownloadFigures, type DownloadStatus, pausedStatus, pauseReasonFor } from './download-status.ts';
import { WorkerTask } from './worker-task.ts';

export type DownloadListener = (modelId: string, status: DownloadStatus) => void;

/** A model whose files this tab has: from a disk, or an archive. */
export interface ImportedModel {
  readonly plan: ModelPlan;
  /** By path. */
  readonly blobs: ReadonlyMap<string, Blob>;
}

/** This tab's part in the download of one model: it leads it, or waits for the lock to take over. */
interface Part {
  readonly modelId: string;
  readonly record: ModelRecord | undefined;
  /** Files of this tab to bring the model from, in place of the network. */
  readonly imported: ImportedModel | undefined;
  /** ms since the epoch: a halt after it was meant for this part too. */
  readonly since: number;
  /** What is to be done with the lock; a pause or cancel from any tab changes it. */
  intent: 'run' | 'pause' | 'cancel';
  task: WorkerTask | undefined;
  /** How the tab that led said that it ended, before this one had its turn. */
  heard: DownloadStatus | undefined;
  done: Promise<void>;
}

/**
 * Downloads for all tabs of an origin: whichever holds a model's lock fetches it in a worker, the others follow, steer
 * and take over if it dies. On pages only. Nothing here throws for a failed download: its status tells.
 */
export class Downloader {
  readonly #options: DownloadOptions;
  readonly #channel: BroadcastChannel;
  readonly #parts = new Map<string, Part>();
  readonly #statuses = new Map<string, DownloadStatus>();
  readonly #listeners = new Set<DownloadListener>();
  readonly #disposal = new AbortController();
  #store: Promise<WeightStore> | undefined;

  constructor(options: Partial<DownloadOptions> & Pick<DownloadOptions, 'baseUrl'>) {
    this.#options = { ...DEFAULT_DOWNLOAD_OPTIONS, ...options };
    this.#channel = openDownloadChannel(this.#options.databaseName, (news) => this.#hear(news));
    this.#tell({ type: 'hello' });
    addEventListener('online', () => this.#wake(), { signal: this.#disposal.signal });
  }

  /**
   * Downloads a model, goes on where an earlier download stopped, or fetches the library alone of a complete model whose
   * record names a newer one. Does nothing more for a model that is complete or that a tab downloads already. Ask for
   * persistent storage (storage/quota.ts) beside it.
   */
  start(record: ModelRecord): void {
    const part = this.#parts.get(record.id);
    if (part?.intent === 'run') return;
    // One that is being stopped ends first.
    if (part !== undefined) void part.done.then(() => this.start(record));
    else this.#join(record.id, record, 'run');
  }

  /**
   * Stores a model from files of this tab, verified as a download is, its status told in the same way. If the tab is
   * closed, another one, or the next visit, goes on over the network where the model has an address.
   */
  import(imported: ImportedModel): void {
    const { record } = imported.plan;
    const part = this.#parts.get(record.id);
    if (part?.intent === 'run') return;
    if (part !== undefined) void part.done.then(() => this.import(imported));
    else this.#join(record.id, record, 'run', imported);
  }

  /** Goes on with what is stored. @throws AlcoveError `model-missing` when nothing is */
  async resume(modelId: string): Promise<void> {
    const model = await (await this.#openStore()).getModel(modelId);
    if (model === undefined) throw new AlcoveError('model-missing', `no download of ${modelId} was begun`);
    this.start(model.record);
  }

  /** Stops a download in whichever tab it runs and keeps its bytes. Resolves when this tab knows that it stands. */
  async pause(modelId: string): Promise<void> {
    this.#tell({ type: 'pause', modelId });
    await this.#steer(modelId, 'pause');
  }

  /**
   * Stops a download in whichever tab it runs and drops its bytes; a complete model stays.
   */
  async cancel(modelId: string): Promise<void> {
    this.#tell({ type: 'cancel', modelId });
    await this.#steer(modelId, 'cancel');
    // Where this tab had no part in it, or its part ended just before.
    const status = this.#statuses.get(modelId)?.status;
    if (status !== 'cancelled' && status !== 'complete') await this.#join(modelId, undefined, 'cancel').done;
  }

  /** Undefined for a model that nobody has downloaded since this tab is open; the store knows about those. */
  status(modelId: string): DownloadStatus | undefined {
    return this.#statuses.get(modelId);
  }

  /** Calls back at most some five times a second for each model. Returns its undo. */
  subscribe(listener: DownloadListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** WeightStore.verifyModel off the page's thread. */
  async verify(
    modelId: string,
    options: { signal?: AbortSignal; onProgress?: (checkedBytes: number) => void } = {},
  ): Promise<void> {
    const { databaseName } = this.#options;
    const task = new WorkerTask('verify', { modelId, databaseName }, (checkedBytes) =>
      options.onProgress?.(checkedBytes),
    );
    const kill = (): void => task.kill();
    options.signal?.addEventListener('abort', kill);
    if (options.signal?.aborted) kill();
    try {
      await task.done;
    } finally {
      options.signal?.removeEventListener('abort', kill);
    }
  }

  /** Leaves the downloads to other tabs, if there are any. */
  dispose(): void {
    this.#disposal.abort();
    this.#channel.close();
    this.#listeners.clear();
    for (const part of this.#parts.values()) part.task?.kill();
    this.#store?.then((store) => store.close()).catch(() => {});
  }

  #join(modelId: string, record: ModelRecord | undefined, intent: Part['intent'], imported?: ImportedModel): Part {
    const part: Part = {
      modelId,
      record,
      imported,
      since: Date.now(),
      intent,
      task: undefined,
      heard: undefined,
      done: Promise.resolve(),
    };
    this.#parts.set(modelId, part);
    const { signal } = this.#disposal;
    part.done = navigator.locks
      .request(downloadLockName(this.#options.databaseName, modelId), { signal }, () => this.#lead(part))
      .catch((error: unknown) => {
        // Only a disposal ends the wait for a lock.
        if (!isAbortError(error)) throw error;
      })
      .finally(() => this.#parts.delete(modelId));
    return part;
  }

  async #steer(modelId: string, intent: 'pause' | 'cancel'): Promise<void> {
    const part = this.#parts.get(modelId);
    if (part === undefined) return;
    part.intent = intent;
    part.task?.stop();
    await part.done;
  }

  /** With the lock held: does what is left to do, or finds that another tab has done it. */
  async #lead(part: Part): Promise<void> {
    const { modelId } = part;
    try {
      const store = await this.#openStore();
      const model = await store.getModel(modelId);
      if (model?.complete && !isOutdated(model, part))
        this.#note(modelId, { status: 'complete', totalBytes: model.sizeBytes });
      else if (part.intent === 'cancel') await this.#drop(store, part);
      else if (part.intent === 'pause') await this.#halt(store, part, model, pauseReasonFor(undefined, model));
      else if (model?.halt !== undefined && model.halt.at > part.since)
        this.#note(modelId, pausedStatus(model.halt, model));
      else if (model === undefined && part.heard !== undefined) this.#note(modelId, part.heard);
      else if (part.record !== undefined) await this.#run(store, part, part.record);
    } catch (error) {
      if (this.#disposal.signal.aborted) return;
      this.#announce(part, { status: 'failed', error: toWireError(error) });
    }
  }

  async #run(store: WeightStore, part: Part, record: ModelRecord): Promise<void> {
    this.#announce(part, { status: 'planning' });
    const options = this.#options;
    const onFigures = (figures: DownloadFigures): void => this.#announce(part, { status: 'downloading', ...figures });
    part.task =
      part.imported === undefined
        ? new WorkerTask('download', { record, options }, onFigures)
        : new WorkerTask('import', { ...part.imported, options }, onFigures);
    try {
      const totalBytes = await part.task.done;
      rememberStored(record.id);
      this.#announce(part, { status: 'complete', totalBytes });
    } catch (error) {
      if (this.#disposal.signal.aborted) return;
      if (part.intent === 'cancel') return await this.#drop(store, part);
      const model = await store.getModel(record.id);
      const cause = part.intent === 'pause' && isAbortError(error) ? undefined : toAlcoveError(error);
      await this.#halt(store, part, model, pauseReasonFor(cause, model));
    } finally {
      part.task = undefined;
    }
  }

  async #halt(store: WeightStore, part: Part, model: StoredModel | undefined, halt: PauseReason): Promise<void> {
    // A store that fails is often what brought us here: the halt is told all the same.
    await store.setHalt(part.modelId, halt).catch(() => {});
    this.#announce(part, pausedStatus(halt, model));
  }

  async #drop(store: WeightStore, part: Part): Promise<void> {
    await store.deleteModel(part.modelId);
    this.#announce(part, { status: 'cancelled' });
  }

  #openStore(): Promise<WeightStore> {
    this.#store ??= WeightStore.open(this.#options.databaseName).catch((error) => {
      this.#store = undefined;
      throw error;
    });
    return this.#store;
  }

  #hear(news: DownloadBroadcast): void {
    if (news.type === 'hello') {
      for (const part of this.#parts.values()) {
        const status = this.#statuses.get(part.modelId);
        if (part.task !== undefined && status !== undefined) this.#announce(part, status);
      }
    } else if (news.type === 'status') {
      this.#note(news.modelId, news.status);
      const isRunning = news.status.status === 'planning' || news.status.status === 'downloading';
      const part = this.#parts.get(news.modelId);
      if (part !== undefined) part.heard = isRunning ? undefined : news.status;
      else if (isRunning) this.#join(news.modelId, news.record, 'run');
    } else {
      void this.#steer(news.modelId, news.type);
    }
  }

  /** For every tab. */
  #announce(part: Part, status: DownloadStatus): void {
    this.#note(part.modelId, status);
    this.#tell({ type: 'status', modelId: part.modelId, status, record: part.record });
  }

  /** For this tab: the others hear of it, or find it out by themselves. */
  #note(modelId: string, status: DownloadStatus): void {
    this.#statuses.set(modelId, Object.freeze(status));
    for (const listener of this.#listeners) listener(modelId, status);
  }

  #tell(news: DownloadBroadcast): void {
    if (!this.#disposal.signal.aborted) this.#channel.postMessage(news);
  }

  #wake(): void {
    for (const part of this.#parts.values()) part.task?.wake();
  }
}

/** What this part is there for is more than what is stored. */
function isOutdated(model: StoredModel, { intent, record }: Part): boolean {
  return intent === 'run' && record !== undefined && hasNewLibrary(model.record, record);
}
