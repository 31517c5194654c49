import { secondsPerBarrier } from './barrier.ts';
import { DotKernel } from './dot-kernel.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

function answer(message: ToThread): number {
  switch (message.type) {
    case 'echo':
      return 0;
    case 'dot':
      return new DotKernel(message.memory).operationsPerSecond(message.run);
    case 'meet':
      return secondsPerBarrier(message.place, message.threadCount, message.isFirst, message.forMs);
  }
}

addEventListener('message', ({ data }: MessageEvent<ToThread>) => {
  const reply: FromThread = { value: answer(data) };
  postMessage(reply);
});
