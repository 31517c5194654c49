import type { DeviceBenchmark, DeviceReport } from '../../models/device.ts';
import { deviceKey } from '../../models/fit/run-history.ts';
import { toAlcoveError } from '../../platform/errors.ts';
import { readLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';
import { isFields } from '../../platform/untrusted-json.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';

/** In localStorage: it is read in the same turn as the device, so that the models' first fits count it. */
const KEY = 'alcove-benchmark';

/** Measures the speed of this device once, and stores it until device or browser change. */
export class DeviceBenchmarkRunner {
  readonly #state: StateStore<SessionState>;
  readonly #learn: (benchmark: DeviceBenchmark) => void;
  #running: Promise<void> | undefined;

  constructor(state: StateStore<SessionState>, learn: (benchmark: DeviceBenchmark) => void) {
    this.#state = state;
    this.#learn = learn;
  }

  recall(device: DeviceReport): void {
    const benchmark = readBenchmark(device);
    if (benchmark === undefined) return;
    this.#learn(benchmark);
    this.#state.set({ deviceCheck: 'measured' });
  }

  /** Measures in less than two seconds. @throws AlcoveError if it fails; the speed then stays an estimate */
  measure(): Promise<void> {
    this.#running ??= this.#measure().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #measure(): Promise<void> {
    const before = this.#state.state.deviceCheck;
    this.#state.set({ deviceCheck: 'measuring' });
    try {
      const { runBenchmark } = await import('../../engine/benchmark/run-benchmark.ts');
      const benchmark = await runBenchmark();
      const { device } = this.#state.state;
      // Where storage is forbidden or full the next visit measures again.
      if (device !== undefined) writeLocalSetting(KEY, { key: keyOf(device), benchmark });
      this.#learn(benchmark);
      this.#state.set({ deviceCheck: 'measured' });
    } catch (error) {
      this.#state.set({ deviceCheck: before });
      throw toAlcoveError(error);
    }
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
