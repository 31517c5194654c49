import type { EngineProbe } from '../../engine/engine.ts';
import type { DeviceReport } from '../../models/device.ts';
import type { FitInputs } from '../../models/fit/fit-inputs.ts';
import type { Fit } from '../../models/fit/fit-result.ts';
import { isExternal, type ModelRecord } from '../../models/model-record.ts';
import type { AlcoveError } from '../../platform/errors.ts';
import { estimate } from '../../storage/quota.ts';
import { findModel } from '../state/find-model.ts';
import { readLater } from '../state/read-later.ts';
import type { ModelEntry, SessionState, WeightsState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';
import type { CustomEntry } from './custom-models.ts';
import type { DeviceBenchmarkRunner } from './device-benchmark.ts';
import type { FitCache } from './fit-cache.ts';
import { readLastModel } from './last-model.ts';
import type { CatalogueModels } from './read-catalogue.ts';
import type { RunHistoryFeed } from './run-history-feed.ts';
import { StoredWeights } from './stored-weights.ts';

const UNKNOWN: Fit = { status: 'unknown' };
/** The weights of a model that needs no download. */
const NO_WEIGHTS: WeightsState = { status: 'stored', sizeBytes: 0, lastUsedAt: undefined };

export interface ModelRegistryOptions {
  readonly state: StateStore<SessionState>;
  readonly catalogueUrl: string;
  readonly isForeignCatalogue: boolean;
  readonly weightsName: string;
  readonly runHistoryName: string;
  readonly databasePrefix: string;
}

/** Chromium's estimate of what is stored follows a deletion of 100 MB within a few seconds. */
const ESTIMATE_AGAIN_MS = 5_000;

/** Publishes `state.models`: records of the catalogue and of the user, with the state of their weights and their fit. */
export class ModelRegistry {
  readonly weights: StoredWeights;
  readonly #state: StateStore<SessionState>;
  readonly #options: ModelRegistryOptions;
  #catalogue: CatalogueModels = { records: [], ready: new Set() };
  #serverRecords: readonly ModelRecord[] = [];
  #browserModel: ModelRecord | undefined;
  #custom: readonly CustomEntry[] = [];
  /** Undefined until its code has been fetched. */
  #fits: FitCache | undefined;
  #benchmark: DeviceBenchmarkRunner | undefined;
  #isOffered: (record: ModelRecord) => boolean = () => true;
  #runHistory: RunHistoryFeed | undefined;
  /** Whether all models have been listed: of the catalogue, of the user, of servers. */
  #isComplete = false;
  readonly #disposed = new AbortController();

  constructor(options: ModelRegistryOptions) {
    this.#state = options.state;
    this.#options = options;
    this.weights = new StoredWeights(options.weightsName, options.catalogueUrl, {
      onChange: () => this.#publish(),
      onStored: () => {
        // The browser frees the space some time after a deletion.
        setTimeout(() => void this.#readEstimate(), ESTIMATE_AGAIN_MS);
        return this.#readEstimate();
      },
      onRate: (downloadBytesPerSecond) => void this.#fits?.learn({ downloadBytesPerSecond }),
      onComplete: () => this.#selectInitial(),
    });
  }

  /**
   * Reads the catalogue and the store. If the store cannot be read, its models are shown as absent and a download reports
   * the error.
   * @throws AlcoveError `catalogue-invalid`, or why the catalogue cannot be fetched
   */
  async start(probe: Promise<EngineProbe>): Promise<void> {
    const fits = this.#openFits();
    void Promise.all([probe, fits]).then(([{ device }]) => this.#setDevice(device));
    const reading = this.#readCatalogue();
    const [catalogue, stored] = await Promise.allSettled([reading, this.weights.read(), this.#readEstimate(), fits]);
    if (stored.status === 'rejected') readLater(stored.reason, () => this.#readStored(), this.#disposed.signal);
    if (catalogue.status === 'fulfilled') this.#catalogue = catalogue.value;
    this.#publish();
    this.#selectInitial();
    this.weights.resumeInterrupted();
    if (catalogue.status === 'rejected' && this.#entries().length === 0) throw catalogue.reason;
  }

  async #readStored(): Promise<void> {
    await this.weights.read();
    this.#publish();
    this.#selectInitial();
    this.weights.resumeInterrupted();
  }

  setCustom(entries: readonly CustomEntry[]): void {
    this.#custom = entries;
    this.#publish();
    this.#selectInitial();
  }

  /** Publishes only the models that are offered; undefined offers all. */
  offer(isOffered: ((record: ModelRecord) => boolean) | undefined): void {
    this.#isOffered = isOffered ?? (() => true);
    if (this.#state.state.start === 'ready') this.#publishAndSelect();
  }

  setServerModels(records: readonly ModelRecord[]): void {
    this.#serverRecords = records;
    if (this.#state.state.start === 'ready') this.#publishAndSelect();
    else this.#publish();
  }

  /** @param isChosen whether the user has chosen it before: it is never selected by itself */
  setBrowserModel(record: ModelRecord, isChosen: boolean): void {
    this.#browserModel = record;
    this.#publish();
    if (isChosen && this.#isOffered(record)) this.#state.set({ selectedModelId: record.id });
  }

  /** Publishes the models, and selects another one if the selected one is gone. */
  #publishAndSelect(): void {
    this.#publish();
    const { selectedModelId } = this.#state.state;
    if (findModel(this.#state.state, selectedModelId) === undefined) this.#state.set({ selectedModelId: undefined });
    this.#selectInitial();
  }

  async chooseContextWindow(modelId: string, tokens: number | undefined): Promise<void> {
    await this.#openFits();
    this.#fits?.chooseContextWindow(modelId, tokens);
  }

  async measureDevice(): Promise<void> {
    await this.#openFits();
    await this.#benchmark?.measure();
  }

  dispose(): void {
    this.#disposed.abort();
    this.#runHistory?.dispose();
    this.weights.dispose();
  }

  /** Computes all fits again with new facts, such as this device's speed or its run history. */
  #learn(facts: FitInputs): void {
    if (this.#fits?.learn(facts)) this.#publish();
  }

  async #openFits(): Promise<void> {
    const { DeviceBenchmarkRunner, FitCache, RunHistoryFeed } = await import('./catalogue-and-fits.ts');
    const { runHistoryName, databasePrefix } = this.#options;
    const disposed = this.#disposed.signal;
    this.#fits ??= new FitCache({ databasePrefix, disposed, onChange: () => this.#publish() });
    this.#runHistory ??= new RunHistoryFeed(this.#state, runHistoryName, (history) => this.#learn({ history }));
    this.#benchmark ??= new DeviceBenchmarkRunner({
      state: this.#state,
      learn: (benchmark) => this.#learn({ benchmark }),
      disposed,
    });
  }

  async #readCatalogue(): Promise<CatalogueModels> {
    // Not in the entry, so that the chats are read before it comes.
    const { readCatalogue } = await import('./catalogue-and-fits.ts');
    return readCatalogue(this.#options.catalogueUrl, this.#options.isForeignCatalogue);
  }

  async #readEstimate(): Promise<void> {
    if (this.#disposed.signal.aborted) return;
    const [{ usageBytes, quotaBytes }, persisted] = await Promise.all([
      estimate(),
      navigator.storage?.persisted().catch(() => undefined),
    ]);
    this.#state.set({ storage: { ...this.#state.state.storage, usageBytes, quotaBytes, persisted } });
    if (usageBytes !== undefined && quotaBytes !== undefined) this.#fits?.learn({ freeBytes: quotaBytes - usageBytes });
  }

  #setDevice(device: DeviceReport): void {
    this.#fits?.setDevice(device);
    this.#benchmark?.recall(device);
    void this.#runHistory?.recall(device);
    this.#state.set({ device });
    this.#publish();
    this.#selectInitial();
  }

  /** Call it once all models have been listed, or cannot be: a last model that is not among them is gone. */
  complete(): void {
    this.#isComplete = true;
    this.#selectInitial();
  }

  /**
   * Unless a model is selected, selects the last one, also if its file has to be opened again. If it is gone, the one used
   * last that runs here, and one on a server only if there is no other; never the toy in place of another model.
   */
  #selectInitial(): void {
    const { selectedModelId, models } = this.#state.state;
    if (selectedModelId !== undefined) return;
    const lastId = readLastModel(this.#options.databasePrefix);
    const last = findModel(this.#state.state, lastId);
    if (last?.weights.status === 'stored' || last?.weights.status === 'closed') {
      this.#state.set({ selectedModelId: lastId });
      return;
    }
    if (lastId !== undefined && last === undefined && !this.#isComplete) return;
    const ready = models.filter(
      ({ record, weights, fit }) =>
        weights.status === 'stored' &&
        fit.status !== 'cannot-run' &&
        record.source.kind !== 'browser' &&
        (lastId === undefined || record.purpose !== 'toy'),
    );
    const lastUsed = ({ record }: ModelEntry): number => this.weights.lastUsedAt(record.id);
    const isHere = ({ record }: ModelEntry): number => (record.source.kind === 'custom-server' ? 0 : 1);
    const newest = ready.sort((a, b) => isHere(b) - isHere(a) || lastUsed(b) - lastUsed(a))[0];
    if (newest !== undefined) this.#state.set({ selectedModelId: newest.record.id });
  }

  #publish(): void {
    const models = this.#entries();
    this.#state.set({ models, recommended: this.#fits?.recommend(models) });
  }

  /** The user's models, those of servers, the browser's own, the catalogue's, then others of which something is stored. */
  #entries(): ModelEntry[] {
    const custom = this.#custom.map(({ record, closed }): ModelEntry => {
      return { ...this.#entry(record, diskState(record, closed)), isCustom: true };
    });
    const added = new Set(custom.map(({ record }) => record.id));
    const catalogue = this.#catalogue.records.filter(({ id }) => !added.has(id));
    const listed = new Set([...added, ...catalogue.map(({ id }) => id)]);
    const others = this.weights.records.filter(({ id }) => !listed.has(id));
    const external = [...this.#serverRecords, ...(this.#browserModel === undefined ? [] : [this.#browserModel])];
    const all = [...custom, ...[...external, ...catalogue, ...others].map((record) => this.#entry(record))];
    return all.filter(({ record }) => this.#isOffered(record));
  }

  /** @param absent the state of a model of which the store has nothing */
  #entry(record: ModelRecord, absent?: WeightsState): ModelEntry {
    const isReady = isExternal(record) || this.#catalogue.ready.has(record);
    const weights = isReady ? NO_WEIGHTS : this.weights.stateOf(record);
    const isElsewhere = weights.status === 'absent' || weights.status === 'evicted';
    const shown = isElsewhere ? (absent ?? weights) : weights;
    return { record, fit: this.#fits?.of(record, shown.status === 'stored') ?? UNKNOWN, weights: shown };
  }
}

/** @returns undefined for a model that is not on the disk */
function diskState({ source, sizeBytes = 0 }: ModelRecord, closed: AlcoveError | undefined): WeightsState | undefined {
  if (source.kind !== 'disk') return undefined;
  if (closed !== undefined) return { status: 'closed', error: closed };
  return { status: 'stored', sizeBytes, lastUsedAt: undefined, isOnDisk: true };
}
