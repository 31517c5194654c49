import type { DownloadStatus } from '../download/download-status.ts';
import type { Capabilities } from '../engine/engine.ts';
import type { Fit } from '../models/fit/fit-result.ts';
import type { ModelRecord } from '../models/model-record.ts';
import { AlcoveError, abortError } from '../platform/errors.ts';
import type { ModelSession } from '../session/model-session.ts';
import type { ModelEntry, WeightsState } from '../session/state/session-state.ts';
import { toApiError } from './api-error.ts';
import type { RequestOptions } from './request-options.ts';

/** A model of the catalogue, or one that the user has added. */
export interface AlcoveModel {
  readonly id: string;
  /** As its maker writes it. */
  readonly name: string;
  /** Everything that the catalogue says: licence, size, languages, abilities. */
  readonly record: ModelRecord;
  /** Whether it can run on this device, and how well, as estimated. */
  readonly fit: Fit;
  readonly weights: WeightsState;
  /** Whether its weights are stored, so that it can be asked. */
  readonly isDownloaded: boolean;
}

export interface DownloadProgress {
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /** Over the last seconds; undefined until it was measured. */
  readonly bytesPerSecond: number | undefined;
  /** True while all connections wait for the network to come back. */
  readonly waitingForNetwork: boolean;
}

export interface DownloadOptions extends RequestOptions {
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** `alcove.models` */
export class ApiModels {
  readonly #session: ModelSession;

  constructor(session: ModelSession) {
    this.#session = session;
  }

  /** All models of the catalogue and those that the user has added. @throws AlcoveApiError if there is no catalogue */
  async list(): Promise<readonly AlcoveModel[]> {
    return this.#do(async () => this.#session.state.models.map(toModel));
  }

  /** @throws AlcoveApiError `model_not_found` */
  async retrieve(id: string): Promise<AlcoveModel> {
    return this.#do(async () => toModel(this.#session.find(id)));
  }

  /** Whether a model can run on this device, before anything is downloaded. @throws AlcoveApiError `model_not_found` */
  async fit(id: string): Promise<Fit> {
    return (await this.retrieve(id)).fit;
  }

  /** What can be asked of a model: exact once it is loaded. @throws AlcoveApiError `model_not_found` */
  async capabilities(id: string): Promise<Capabilities> {
    return this.#do(() => this.#session.capabilities(id));
  }

  /**
   * Downloads a model, or resolves at once if it is stored. Ask the user first: it is up to gigabytes, under the licence in
   * the model's record. A download that was interrupted continues where it stopped.
   * @param options an abort of `signal` pauses the download and keeps its bytes
   * @throws AlcoveApiError; AbortError
   */
  async download(id: string, { signal, onProgress }: DownloadOptions = {}): Promise<void> {
    await this.#do(async () => {
      if (signal?.aborted) throw abortError();
      if (toModel(this.#session.find(id)).isDownloaded) return;
      const stored = this.#untilStored(id, signal, onProgress);
      await this.#session.models.download(id);
      await stored;
    });
  }

  /** Deletes the stored weights. @throws AlcoveApiError `model_not_found`, `model_in_use` while another tab has it loaded */
  async delete(id: string): Promise<void> {
    await this.#do(async () => {
      this.#session.find(id);
      await this.#session.delete(id);
    });
  }

  #untilStored(id: string, signal: AbortSignal | undefined, onProgress: DownloadOptions['onProgress']): Promise<void> {
    const done = Promise.withResolvers<void>();
    let hasBegun = false;
    const look = (): void => {
      const { weights } = this.#session.find(id);
      hasBegun ||= weights.status === 'downloading';
      if (weights.status === 'stored') done.resolve();
      else if (weights.status === 'downloading') report(weights.download, onProgress);
      else if (hasBegun && weights.status === 'failed') done.reject(weights.error);
      else if (hasBegun && weights.status === 'paused') done.reject(pauseError(weights.download));
      else if (hasBegun && weights.status === 'absent') done.reject(abortError());
    };
    const undo = this.#session.subscribe(look);
    const pause = (): void => {
      void this.#session.models.pause(id);
      done.reject(abortError());
    };
    signal?.addEventListener('abort', pause);
    return done.promise.finally(() => {
      undo();
      signal?.removeEventListener('abort', pause);
    });
  }

  async #do<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      await this.#session.start();
      return await work();
    } catch (error) {
      throw toApiError(error);
    }
  }
}

export function toModel({ record, fit, weights }: ModelEntry): AlcoveModel {
  return { id: record.id, name: record.name, record, fit, weights, isDownloaded: weights.status === 'stored' };
}

function report(status: DownloadStatus, onProgress: DownloadOptions['onProgress']): void {
  if (status.status !== 'downloading') return;
  const { loadedBytes, totalBytes, bytesPerSecond, waitingForNetwork } = status;
  onProgress?.({ loadedBytes, totalBytes, bytesPerSecond, waitingForNetwork });
}

/** A pause with an error is a failure; another one was asked for, in this tab or another. */
function pauseError({ error }: Extract<WeightsState, { status: 'paused' }>['download']): Error {
  return error === undefined ? abortError() : new AlcoveError(error.code, error.message, { data: error.data });
}
