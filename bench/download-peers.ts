import { DownloadContenders } from './harness/download-contenders.ts';
import { figure } from './harness/figure.ts';
import type { Benchmark } from './harness/workbench.ts';

/** Downloads as fast as this machine can, verified and stored, beside web-llm's own two caches, which hash nothing. */
export const benchmark: Benchmark = async (bench) => {
  const contenders = await DownloadContenders.serve(bench);
  const speeds = await bench.interleave({
    ours: contenders.speed(contenders.ours),
    cache: contenders.speed(contenders.cache),
    indexeddb: contenders.speed(contenders.indexeddb),
  });
  return (['cache', 'indexeddb'] as const).map((backend) => ({
    measure: 'download, unshaped',
    ours: figure('MB/s', speeds.ours),
    peer: { name: `web-llm "${backend}"`, figure: figure('MB/s', speeds[backend]) },
    bar: { atLeast: 1 },
  }));
};
