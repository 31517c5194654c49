import type { DeviceBenchmark } from '../device.ts';
import type { DeviceRunHistory } from './run-history.ts';

/** What is known here besides the device itself. Whatever is missing makes an answer less sure, never an error. */
export interface FitInputs {
  readonly benchmark?: DeviceBenchmark | undefined;
  readonly outcomes?: DeviceRunHistory | undefined;
  /** What the browser still gives this site. */
  readonly freeBytes?: number | undefined;
  /** Of the last downloads. */
  readonly downloadBytesPerSecond?: number | undefined;
}
