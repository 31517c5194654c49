/** One thread of the processor's benchmark. */
import { secondsPerBarrier } from './barrier.ts';
import { DotKernel } from './dot-kernel.ts';
import { stolenFraction } from './stolen-time.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

function answer(message: ToThread): number {
  switch (message.type) {
    case 'echo':
      return 0;
    case 'spin':
      return stolenFraction(message.forMs);
    case 'dot':
      return new DotKernel(message.memory).operationsPerSecond(message.run);
    case 'barrier':
      return secondsPerBarrier(message.barrier, message.threadCount, message.isTimekeeper, message.forMs);
  }
}

addEventListener('message', ({ data }: MessageEvent<ToThread>) => {
  const reply: FromThread = { value: answer(data) };
  postMessage(reply);
});
