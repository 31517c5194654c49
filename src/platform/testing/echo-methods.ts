/** Methods of the worker that tests of worker-rpc.ts call. */
export interface EchoMethods {
  readonly echo: { readonly input: unknown; readonly output: unknown };
  /** Reports each number from 1 to the input. */
  readonly count: { readonly input: number; readonly progress: number; readonly output: string };
  readonly fill: { readonly input: Uint8Array<ArrayBuffer>; readonly output: Uint8Array<ArrayBuffer> };
  readonly fail: { readonly input: undefined; readonly output: undefined };
  /** Throws outside of any call. */
  readonly crash: { readonly input: undefined; readonly output: undefined };
  readonly never: { readonly input: undefined; readonly output: undefined };
}
