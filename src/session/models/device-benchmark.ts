import { type DeviceBenchmark, type DeviceReport, wasUnderLoad } from '../../models/device.ts';
import { deviceKey } from '../../models/fit/run-history.ts';
import { readLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';
import { isFields } from '../../platform/untrusted-json.ts';
import type { DeviceMeasurer, MeasurerOptions } from './measure-device.ts';

/** In localStorage: it is read in the same turn as the device, so that the models' first fits count it. */
const KEY = 'alcove-benchmark';

export interface DeviceBenchmarkOptions extends Omit<MeasurerOptions, 'keep'> {
  /** Takes the figures into the fits. */
  readonly learn: (benchmark: DeviceBenchmark) => void;
}

/** Measures the speed of this device, and stores it until device or browser change. */
export class DeviceBenchmarkRunner {
  readonly #options: DeviceBenchmarkOptions;
  #measurer: Promise<DeviceMeasurer> | undefined;

  constructor(options: DeviceBenchmarkOptions) {
    this.#options = options;
  }

  recall(device: DeviceReport): void {
    const benchmark = readBenchmark(device);
    if (benchmark === undefined) return;
    this.#publish(benchmark);
    // Offline it stays as it is.
    if (wasUnderLoad(benchmark))
      this.#open().then(
        (measurer) => measurer.measureWhenIdle(),
        () => {},
      );
  }

  /** Measures in less than two seconds. @throws AlcoveError if it fails; the speed then stays an estimate */
  async measure(): Promise<void> {
    await (await this.#open()).measure();
  }

  #open(): Promise<DeviceMeasurer> {
    const keep = (benchmark: DeviceBenchmark): void => {
      const { device } = this.#options.state.state;
      // Where storage is forbidden or full the next visit measures again.
      if (device !== undefined) writeLocalSetting(KEY, { key: keyOf(device), benchmark });
      this.#publish(benchmark);
    };
    this.#measurer ??= import('./measure-device.ts').then(
      (module) => new module.DeviceMeasurer({ ...this.#options, keep }),
    );
    return this.#measurer;
  }

  #publish(benchmark: DeviceBenchmark): void {
    this.#options.learn(benchmark);
    this.#options.state.set({ deviceCheck: 'measured', benchmark });
  }
}

function keyOf(device: DeviceReport): string {
  return deviceKey(device, navigator.userAgent, {});
}

function readBenchmark(device: DeviceReport): DeviceBenchmark | undefined {
  const stored = readLocalSetting(KEY);
  if (!isFields(stored) || stored['key'] !== keyOf(device)) return undefined;
  const benchmark = withBarrierSeconds(stored['benchmark']);
  return isBenchmark(benchmark) ? benchmark : undefined;
}

const GPU_FIGURES = ['bytesPerSecond', 'weightsPerSecond', 'secondsPerDispatch', 'secondsPerRoundTrip'];
const CPU_FIGURES = ['operationsPerSecond', 'bytesPerSecond', 'secondsPerMessage'];
const THREAD_FIGURES = [...CPU_FIGURES, 'count', 'secondsPerBarrier'];

/** Version 0.1.0 before December 2026 stored the barrier's time as `secondsPerMeeting`. */
function withBarrierSeconds(benchmark: unknown): unknown {
  if (!isFields(benchmark) || !isFields(benchmark['cpu'])) return benchmark;
  const { threads } = benchmark['cpu'];
  if (!isFields(threads)) return benchmark;
  const { secondsPerMeeting, ...others } = threads;
  return { ...benchmark, cpu: { ...benchmark['cpu'], threads: { secondsPerBarrier: secondsPerMeeting, ...others } } };
}

/** Whether all figures are there and positive: the fit of every model depends on them. */
function isBenchmark(value: unknown): value is DeviceBenchmark {
  if (!isFields(value)) return false;
  const { cpu, gpu } = value;
  if (!isFields(cpu) || !hasFigures(cpu, CPU_FIGURES)) return false;
  return isAbsentOr(cpu['threads'], THREAD_FIGURES) && isAbsentOr(gpu, GPU_FIGURES);
}

function isAbsentOr(value: unknown, names: readonly string[]): boolean {
  return value === undefined || (isFields(value) && hasFigures(value, names));
}

function hasFigures(value: Record<string, unknown>, names: readonly string[]): boolean {
  return names.every((name) => isPositive(value[name]));
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
