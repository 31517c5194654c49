import type { DeviceBenchmark } from '../device.ts';
import type { DeviceRunHistory } from './run-history.ts';

/** What is known besides the device report. A missing input makes the fit less certain, never an error. */
export interface FitInputs {
  readonly benchmark?: DeviceBenchmark | undefined;
  readonly history?: DeviceRunHistory | undefined;
  /** Storage that the browser still grants this site. */
  readonly freeBytes?: number | undefined;
  /** Rate of the last downloads. */
  readonly downloadBytesPerSecond?: number | undefined;
  /** Tokens that the user wants the model to read at once. */
  readonly contextWindow?: number | undefined;
}
