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
}
