import type { DotRun } from './dot-kernel.ts';

/** To a thread of the benchmark. Each is answered once. */
export type ToThread =
  | { readonly type: 'echo' }
  | { readonly type: 'dot'; readonly memory: WebAssembly.Memory; readonly run: DotRun }
  | {
      readonly type: 'meet';
      readonly place: Int32Array;
      readonly threadCount: number;
      readonly isFirst: boolean;
      readonly forMs: number;
    };

/** `value`: operations a second of `dot`, seconds of `meet`. */
export interface FromThread {
  readonly value: number;
}
