/** Messages between the benchmark's worker and its threads. */
import type { DotRun } from './dot-kernel.ts';

/** A thread answers each message once. */
export type ToThread =
  | { readonly type: 'echo' }
  | { readonly type: 'spin'; readonly forMs: number }
  | { readonly type: 'dot'; readonly memory: WebAssembly.Memory; readonly run: DotRun }
  | {
      readonly type: 'barrier';
      readonly barrier: Int32Array;
      readonly threadCount: number;
      readonly isTimekeeper: boolean;
      readonly forMs: number;
    };

export interface FromThread {
  /** `dot`: operations per second. `barrier`: seconds per pass. `spin`: the share of time stolen. `echo`: 0. */
  readonly value: number;
}
