import { DownloadContenders, GIGABIT, LANES } from './harness/download-contenders.ts';
import { figure } from './harness/figure.ts';
import type { Benchmark } from './harness/workbench.ts';

/** Speed of a verified and stored download over 1 Gbit/s, beside a bare fetch that drops the bytes. */
export const benchmark: Benchmark = async (bench) => {
  const contenders = await DownloadContenders.serve(bench);
  bench.server.setSpeed(GIGABIT);
  const starts: number[] = [];
  const speeds = await bench.interleave({
    ours: contenders.speed(contenders.ours, (startMs) => starts.push(startMs)),
    lanes: contenders.speed(contenders.bareFetch(LANES)),
    single: contenders.speed(contenders.bareFetch(1)),
  });
  const row = (peer: 'lanes' | 'single', name: string) => ({
    measure: 'download, 1 Gbit/s',
    ours: figure('MB/s', speeds.ours),
    peer: { name, figure: figure('MB/s', speeds[peer]) },
    bar: { atLeast: 0.9 },
  });
  return [
    row('lanes', `bare fetch, ${LANES} lanes`),
    row('single', 'bare fetch, 1 lane'),
    { measure: 'from the click to the first request', ours: figure('ms', starts) },
  ];
};
