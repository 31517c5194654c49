import { runBenchmark } from '../../engine/benchmark/run-benchmark.ts';
import { type DeviceBenchmark, wasUnderLoad } from '../../models/device.ts';
import { toAlcoveError } from '../../platform/errors.ts';
import { whenIdle } from '../../platform/when-idle.ts';
import type { SessionState } from '../state/session-state.ts';
import type { StateStore } from '../state/state-store.ts';

export interface MeasurerOptions {
  readonly state: StateStore<SessionState>;
  /** Publishes and stores what was measured. */
  readonly keep: (benchmark: DeviceBenchmark) => void;
  /** Ends a wait for an idle device. */
  readonly disposed: AbortSignal;
  readonly run?: (() => Promise<DeviceBenchmark>) | undefined;
}

/** Measures this device. What was measured while it was busy is measured again, once a visit, when it is idle. */
export class DeviceMeasurer {
  readonly #options: MeasurerOptions;
  #running: Promise<void> | undefined;
  #isAgainPlanned = false;

  constructor(options: MeasurerOptions) {
    this.#options = options;
  }

  /** Measures in less than two seconds. @throws AlcoveError if it fails; the speed then stays an estimate */
  measure(): Promise<void> {
    this.#running ??= this.#measure().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #measure(): Promise<void> {
    const { state, keep, run = runBenchmark } = this.#options;
    const { deviceCheck: before, benchmark: known } = state.state;
    state.set({ deviceCheck: 'measuring' });
    try {
      const measured = withOwnLoad(await run(), isBusy(state.state));
      // Load only ever makes a device look slower than it is.
      const isWorse = known !== undefined && wasUnderLoad(measured) && !wasUnderLoad(known);
      const benchmark = isWorse ? known : measured;
      keep(benchmark);
      if (wasUnderLoad(benchmark)) this.measureWhenIdle();
    } catch (error) {
      state.set({ deviceCheck: before });
      throw toAlcoveError(error);
    }
  }

  /** Once a visit: a device that is busy all day is measured by its user's click. */
  measureWhenIdle(): void {
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
