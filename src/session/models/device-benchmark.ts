import { type DeviceBenchmark, type DeviceReport, wasUnderLoad } from '../../models/device.ts';
import { deviceKey } from '../../models/fit/run-history.ts';
import { toAlcoveError } from '../../platform/errors.ts';
import { readLocalSetting, writeLocalSetting } from '../../platform/local-setting.ts';
import { isFields } from '../../platform/untrusted-json.ts';
import { whenIdle } from '../../platform/when-idle.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';

/** In localStorage: it is read in the same turn as the device, so that the models' first fits count it. */
const KEY = 'alcove-benchmark';

export interface DeviceBenchmarkOptions {
  readonly state: StateStore<SessionState>;
  /** Takes the figures into the fits. */
  readonly learn: (benchmark: DeviceBenchmark) => void;
  /** Ends a wait for an idle device. */
  readonly disposed: AbortSignal;
  readonly run?: () => Promise<DeviceBenchmark>;
}

/**
 * Measures the speed of this device, and stores it until device or browser change. What was measured while the device was busy
 * is measured again, once a visit, when it is idle.
 */
export class DeviceBenchmarkRunner {
  readonly #options: DeviceBenchmarkOptions;
  #running: Promise<void> | undefined;
  #isAgainPlanned = false;

  constructor(options: DeviceBenchmarkOptions) {
    this.#options = options;
  }

  recall(device: DeviceReport): void {
    const benchmark = readBenchmark(device);
    if (benchmark === undefined) return;
    this.#publish(benchmark);
    if (wasUnderLoad(benchmark)) this.#planAgain();
  }

  /** Measures in less than two seconds. @throws AlcoveError if it fails; the speed then stays an estimate */
  measure(): Promise<void> {
    this.#running ??= this.#measure().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #measure(): Promise<void> {
    const { state, run = runInWorker } = this.#options;
    const { deviceCheck: before, benchmark: known } = state.state;
    state.set({ deviceCheck: 'measuring' });
    try {
      const measured = withOwnLoad(await run(), isBusy(state.state));
      // Load only ever makes a device look slower than it is.
      const isWorse = known !== undefined && wasUnderLoad(measured) && !wasUnderLoad(known);
      const benchmark = isWorse ? known : measured;
      const { device } = state.state;
      // Where storage is forbidden or full the next visit measures again.
      if (device !== undefined) writeLocalSetting(KEY, { key: keyOf(device), benchmark });
      this.#publish(benchmark);
      if (wasUnderLoad(benchmark)) this.#planAgain();
    } catch (error) {
      state.set({ deviceCheck: before });
      throw toAlcoveError(error);
    }
  }

  #publish(benchmark: DeviceBenchmark): void {
    this.#options.learn(benchmark);
    this.#options.state.set({ deviceCheck: 'measured', benchmark });
  }

  /** Once a visit: a device that is busy all day is measured by its user's click. */
  #planAgain(): void {
    if (this.#isAgainPlanned) return;
    this.#isAgainPlanned = true;
    const { state, disposed } = this.#options;
    const measureIfIdle = (): void => {
      if (disposed.aborted || isBusy(state.state)) return;
      undo();
      whenIdle(() => !disposed.aborted && this.measure().catch(() => {}));
    };
    const undo = state.subscribe(measureIfIdle);
    disposed.addEventListener('abort', undo);
    measureIfIdle();
  }
}

async function runInWorker(): Promise<DeviceBenchmark> {
  const { runBenchmark } = await import('../../engine/benchmark/run-benchmark.ts');
  return await runBenchmark();
}

/** Whether the app itself uses the device: an answer, a load or a download. */
function isBusy({ start, generation, engine, models }: SessionState): boolean {
  return (
    start === 'starting' ||
    generation.status !== 'idle' ||
    engine.status === 'loading' ||
    models.some(({ weights }) => weights.status === 'downloading')
  );
}

/** An answer may run on the graphics card, which the processor's figures do not show. */
function withOwnLoad(benchmark: DeviceBenchmark, isBusyItself: boolean): DeviceBenchmark {
  return isBusyItself ? { ...benchmark, cpu: { ...benchmark.cpu, stolenFraction: 1 } } : benchmark;
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
