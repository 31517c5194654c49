import { hasNewLibrary } from '../models/catalogue/new-library.ts';
import { isOfSource } from '../models/catalogue/same-source.ts';
import type { ModelRecord } from '../models/model-record.ts';
import { AlcoveError, abortError, isAbortError, toAlcoveError, toWireError } from '../platform/errors.ts';
import { sharedStorageOf } from '../platform/storage-access.ts';
import type { TabChannel } from '../platform/tab-channel.ts';
import { withLock } from '../platform/web-locks.ts';
import { openWeightStore } from '../storage/weights/open-weight-store.ts';
import { rememberStored } from '../storage/weights/stored-model-ids.ts';
import type { ModelPlan, PauseReason, StoredModel, WeightStore } from '../storage/weights/weight-store.ts';
import { DEFAULT_DOWNLOAD_OPTIONS, type DownloadOptions } from './download-options.ts';
import { type DownloadBroadcast, downloadLockName, openDownloadChannel } from './download-protocol.ts';
import { type DownloadFigures, type DownloadStatus, pausedStatus, pauseReasonFor } from './download-status.ts';
import { WorkerTask } from './worker-task.ts';

// For pages that load the store together with the downloader, in one script.
export { openWeightStore };

const NONE: ReadonlyMap<string, Blob> = new Map();

/** Few browsers have it. */
const openCrossOriginStorage = async () =>
  'crossOriginStorage' in navigator ? await import('../storage/weights/cross-origin-storage.ts') : undefined;

export type DownloadListener = (modelId: string, status: DownloadStatus) => void;

/** A model whose files this tab has: from a disk, or an archive. */
export interface ImportedModel {
  readonly plan: ModelPlan;
  /** By path. */
  readonly blobs: ReadonlyMap<string, Blob>;
}

/** This tab's part in the download of one model: it leads the download, or waits for the lock to take over. */
interface Part {
  readonly modelId: string;
  readonly record: ModelRecord | undefined;
  /** Files of this tab that are imported in place of a download. */
  readonly imported: ImportedModel | undefined;
  /** ms since the epoch: a pause after it applies to this part too. */
  readonly since: number;
  /** What this tab does once it has the lock; a pause or cancel from any tab changes it. */
  intent: 'run' | 'pause' | 'cancel';
  task: WorkerTask | undefined;
  /** The last status that the leading tab announced, while this tab waited for the lock. */
  lastHeard: DownloadStatus | undefined;
  done: Promise<void>;
}

/**
 * Downloads for all tabs of an origin: whichever holds a model's lock fetches it in a worker, the others follow, steer
 * and take over if it dies. On pages only. A failed download throws nothing here: its status reports it.
 */
export class Downloader {
  readonly #options: DownloadOptions;
  readonly #channel: TabChannel<DownloadBroadcast>;
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
   * Downloads a model, resumes an earlier download, or fetches only the library of a complete model whose record names a
   * newer one. Does nothing for a model that is complete or that a tab downloads already. Ask for persistent storage
   * (storage/quota.ts) as well.
   */
  start(record: ModelRecord): void {
    const part = this.#parts.get(record.id);
    if (part?.intent === 'run' && isSameRecord(part.record, record)) return;
    // A part that is being stopped, or is of an older record, ends first.
    if (part !== undefined) void part.done.then(() => this.start(record));
    else this.#join(record.id, record, 'run');
  }

  /**
   * Stores a model from files of this tab, with the same verification and status as a download. If the tab is closed,
   * another tab or the next visit continues over the network where the model has an address.
   */
  import(imported: ImportedModel): void {
    const { record } = imported.plan;
    const part = this.#parts.get(record.id);
    if (part?.intent === 'run' && part.imported?.plan === imported.plan) return;
    if (part !== undefined) void part.done.then(() => this.import(imported));
    else this.#join(record.id, record, 'run', imported);
  }

  /** Resumes a stored download. @throws AlcoveError `model-missing` when there is none */
  async resume(modelId: string): Promise<void> {
    const model = await (await this.#openStore()).getModel(modelId);
    if (model === undefined) throw new AlcoveError('model-missing', `there is no download of ${modelId}`);
    this.start(model.record);
  }

  /** Stops a download in whichever tab it runs and keeps its bytes. Resolves when this tab knows that it has stopped. */
  async pause(modelId: string): Promise<void> {
    this.#tell({ type: 'pause', modelId });
    await this.#steer(modelId, 'pause');
  }

  /** Stops a download in whichever tab it runs and drops its bytes; a complete model stays. */
  async cancel(modelId: string): Promise<void> {
    this.#tell({ type: 'cancel', modelId });
    await this.#steer(modelId, 'cancel');
    // Where this tab had no part in it, or its part ended just before.
    const status = this.#statuses.get(modelId)?.status;
    if (status !== 'cancelled' && status !== 'complete') await this.#join(modelId, undefined, 'cancel').done;
  }

  /** Undefined for a model that no tab has downloaded since this one was opened; the store knows about those. */
  status(modelId: string): DownloadStatus | undefined {
    return this.#statuses.get(modelId);
  }

  /** Calls back at most five times a second for each model. Returns a function that unsubscribes. */
  subscribe(listener: DownloadListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Runs WeightStore.verifyModel off the page's thread. */
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
      lastHeard: undefined,
      done: Promise.resolve(),
    };
    this.#parts.set(modelId, part);
    const { signal } = this.#disposal;
    const { databaseName } = this.#options;
    const locks = sharedStorageOf(databaseName)?.locks;
    part.done = withLock(downloadLockName(databaseName, modelId), { signal }, () => this.#lead(part), locks)
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

  /** Called with the lock held. Does what is left to do, or finds that another tab has done it. */
  async #lead(part: Part): Promise<void> {
    const { modelId } = part;
    try {
      const store = await this.#openStore();
      const model = await store.getModel(modelId);
      if (model?.complete && !isOutdated(model, part))
        this.#note(modelId, { status: 'complete', totalBytes: model.sizeBytes });
      else if (part.intent === 'cancel') await this.#drop(store, part);
      else if (part.intent === 'pause') await this.#pause(store, part, model, pauseReasonFor(undefined, model));
      else if (model?.pauseReason !== undefined && model.pauseReason.at > part.since)
        this.#note(modelId, pausedStatus(model.pauseReason, model));
      else if (model === undefined && part.lastHeard !== undefined) this.#note(modelId, part.lastHeard);
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
    try {
      const found = part.imported === undefined ? await this.#findFiles(part, record) : NONE;
      const task =
        part.imported === undefined
          ? new WorkerTask('download', { record, options, found }, onFigures)
          : new WorkerTask('import', { ...part.imported, options }, onFigures);
      part.task = task;
      const totalBytes = await task.done;
      rememberStored(record.id, this.#options.databaseName);
      this.#announce(part, { status: 'complete', totalBytes });
      if (part.imported === undefined) void this.#offer(store, record.id, found);
    } catch (error) {
      if (this.#disposal.signal.aborted) return;
      if (part.intent === 'cancel') return await this.#drop(store, part);
      const model = await store.getModel(record.id);
      const cause = part.intent === 'pause' && isAbortError(error) ? undefined : toAlcoveError(error);
      await this.#pause(store, part, model, pauseReasonFor(cause, model));
    } finally {
      part.task = undefined;
    }
  }

  /** The files that other sites have stored here. Only a page can ask the browser for them. */
  async #findFiles(part: Part, record: ModelRecord): Promise<ReadonlyMap<string, Blob>> {
    const storage = await openCrossOriginStorage();
    if (storage?.hasCrossOriginStorage() !== true) return NONE;
    const planning = new WorkerTask('plan', { record, options: this.#options }, () => {});
    part.task = planning;
    const found = await storage.findFiles(await planning.done);
    // Paused or cancelled while the browser asked the user.
    if (part.intent !== 'run') throw abortError();
    return found;
  }

  /** Offers the files of a downloaded model to other sites, if the user has agreed. A failure concerns only them. */
  async #offer(store: WeightStore, modelId: string, found: ReadonlyMap<string, Blob>): Promise<void> {
    try {
      const storage = await openCrossOriginStorage();
      if (storage?.offersModels() !== true) return;
      const { files = [] } = (await store.getModel(modelId)) ?? {};
      for (const { path, sha256 } of files) {
        const file = sha256 === undefined || found.has(sha256) ? undefined : await store.readFile(modelId, path);
        if (file !== undefined && sha256 !== undefined) await storage.offerFile(sha256, file);
      }
    } catch {
      // Refused, or no space for a second copy.
    }
  }

  async #pause(store: WeightStore, part: Part, model: StoredModel | undefined, reason: PauseReason): Promise<void> {
    // A failing store is often the reason: the status is announced even so.
    await store.setPauseReason(part.modelId, reason).catch(() => {});
    this.#announce(part, pausedStatus(reason, model));
  }

  async #drop(store: WeightStore, part: Part): Promise<void> {
    await store.deleteModel(part.modelId);
    this.#announce(part, { status: 'cancelled' });
  }

  #openStore(): Promise<WeightStore> {
    this.#store ??= openWeightStore(this.#options.databaseName).catch((error) => {
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
      if (part !== undefined) part.lastHeard = isRunning ? undefined : news.status;
      else if (isRunning) this.#join(news.modelId, news.record, 'run');
    } else {
      void this.#steer(news.modelId, news.type);
    }
  }

  #announce(part: Part, status: DownloadStatus): void {
    this.#note(part.modelId, status);
    this.#tell({ type: 'status', modelId: part.modelId, status, record: part.record });
  }

  /** Publishes a status in this tab only: the other tabs have received it, or find it out themselves. */
  #note(modelId: string, status: DownloadStatus): void {
    this.#statuses.set(modelId, Object.freeze(status));
    for (const listener of this.#listeners) listener(modelId, status);
  }

  #tell(news: DownloadBroadcast): void {
    if (!this.#disposal.signal.aborted) this.#channel.post(news);
  }

  #wake(): void {
    for (const part of this.#parts.values()) part.task?.wake();
  }
}

function isSameRecord(one: ModelRecord | undefined, other: ModelRecord): boolean {
  return JSON.stringify(one?.source) === JSON.stringify(other.source);
}

/** Whether the record names a newer library than the complete model has. */
function isOutdated(model: StoredModel, { intent, record, imported }: Part): boolean {
  if (intent !== 'run' || record === undefined) return false;
  if (!isOfSource(model, record)) return true;
  return imported === undefined ? hasNewLibrary(model.record, record) : !holdsFilesOf(imported.plan, model);
}

/** Whether each planned file is stored with its hash, where it has one. */
function holdsFilesOf({ files }: ModelPlan, stored: StoredModel): boolean {
  return files.every(({ path, sha256 }) => {
    const file = stored.files.find((one) => one.path === path);
    return file !== undefined && (sha256 === undefined || file.sha256 === sha256);
  });
}
