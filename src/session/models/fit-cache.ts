import { type Fitted, recommend } from '../../models/catalogue/recommend.ts';
import { completeDevice, type DeviceBenchmark, type DeviceReport } from '../../models/device.ts';
import { fitModel } from '../../models/fit/fit.ts';
import type { FitInputs } from '../../models/fit/fit-inputs.ts';
import type { Fit } from '../../models/fit/fit-result.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { readLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';
import { ContextWindows, type ContextWindowsOptions } from './context-windows.ts';

/** In localStorage, which can be read at once: every fit waits for it. */
const RATE_KEY = 'alcove-download-rate';

/** Computes how each model fits this device, and again when more is known about the device. */
export class FitCache {
  #device: DeviceReport | undefined;
  #facts: FitInputs = { downloadBytesPerSecond: readRate() };
  readonly #windows: ContextWindows;
  readonly #absent = new Map<ModelRecord, Fit>();
  readonly #stored = new Map<ModelRecord, Fit>();

  readonly #publish: () => void;

  /** @param options `onChange` is called when a context window was chosen, here or in another tab */
  constructor(options: ContextWindowsOptions) {
    const { onChange } = options;
    this.#publish = () => {
      this.#forget();
      onChange();
    };
    this.#windows = new ContextWindows({ ...options, onChange: this.#publish });
  }

  /** @param isStored a stored model needs no more disk space */
  of(record: ModelRecord, isStored: boolean): Fit {
    const fits = isStored ? this.#stored : this.#absent;
    const known = fits.get(record);
    if (known !== undefined) return known;
    const contextWindow = this.#windows.of(record.id);
    const facts = { ...this.#facts, contextWindow, ...(isStored && { freeBytes: undefined }) };
    const fit = fitModel(record, this.#device, facts);
    fits.set(record, fit);
    return fit;
  }

  /** Ids of the recommended models, the best first. Undefined while the device is not known. */
  recommend(entries: readonly Fitted[]): readonly string[] | undefined {
    if (this.#device === undefined) return undefined;
    const { first, second } = recommend(entries);
    return [first, second].flatMap((entry) => entry?.record.id ?? []);
  }

  setDevice(device: DeviceReport): void {
    this.#device = completeDevice(device);
    this.#forget();
  }

  /** Takes new facts about the device. @returns whether they change anything */
  learn(facts: FitInputs): boolean {
    const before = this.#facts;
    const isNew = (Object.keys(facts) as (keyof FitInputs)[]).some((name) => !Object.is(facts[name], before[name]));
    if (!isNew) return false;
    this.#facts = { ...before, ...facts };
    this.#forget();
    if (facts.downloadBytesPerSecond !== undefined)
      writeLocalSetting(RATE_KEY, Math.round(facts.downloadBytesPerSecond));
    return true;
  }

  /** @param tokens undefined for what fits comfortably */
  chooseContextWindow(modelId: string, tokens: number | undefined): void {
    this.#windows.choose(modelId, tokens);
    this.#publish();
  }

  #forget(): void {
    this.#absent.clear();
    this.#stored.clear();
  }

  get benchmark(): DeviceBenchmark | undefined {
    return this.#facts.benchmark;
  }
}

function readRate(): number | undefined {
  const rate = Number(readLocalSetting(RATE_KEY));
  return rate > 0 && Number.isFinite(rate) ? rate : undefined;
}
