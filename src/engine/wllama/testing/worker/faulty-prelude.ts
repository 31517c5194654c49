import '../../worker/inner-prelude.ts';

/** Faults of llama.cpp's own worker, which a test triggers from the page. */
export type Fault = 'close' | 'hang' | 'throw';

addEventListener('message', ({ data }: MessageEvent<{ readonly fault?: Fault }>) => {
  switch (data.fault) {
    case 'close':
      close();
      break;
    case 'hang':
      // Blocks endlessly, as an endless loop does, and leaves the core to other tests.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      break;
    case 'throw':
      throw new Error('thrown by the test');
  }
});
