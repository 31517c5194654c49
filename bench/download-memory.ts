import { type Contender, DownloadContenders } from './harness/download-contenders.ts';
import { figure } from './harness/figure.ts';
import { PssSampler } from './harness/pss-sampler.ts';
import { MIB } from './harness/synthetic-model.ts';
import type { Benchmark } from './harness/workbench.ts';

/** Peak memory (PSS) of the page's process while it downloads 256 MiB, above that before the download. */
export const benchmark: Benchmark = async (bench) => {
  const contenders = await DownloadContenders.serve(bench);
  const peak = (contender: Contender, processes: 'renderer' | 'all') => async () => {
    let sampler: PssSampler | undefined;
    await contenders.run(contender, (browser) => {
      const pids = processes === 'renderer' ? [browser.rendererPid] : browser.processes().map(({ pid }) => pid);
      const watching = new PssSampler(pids);
      sampler = watching;
      return () => watching.stop();
    });
    return (sampler?.riseBytes ?? Number.NaN) / MIB;
  };
  const peaks = await bench.interleave({
    ours: peak(contenders.ours, 'renderer'),
    cache: peak(contenders.cache, 'renderer'),
    indexeddb: peak(contenders.indexeddb, 'renderer'),
    oursInAll: peak(contenders.ours, 'all'),
    cacheInAll: peak(contenders.cache, 'all'),
  });
  const measure = 'memory while downloading, renderer';
  const ours = figure('MiB', peaks.ours);
  return [
    { measure, ours, bar: { atMost: 64 } },
    { measure, ours, peer: { name: 'web-llm "cache"', figure: figure('MiB', peaks.cache) } },
    { measure, ours, peer: { name: 'web-llm "indexeddb"', figure: figure('MiB', peaks.indexeddb) } },
    {
      measure: 'memory while downloading, whole browser',
      ours: figure('MiB', peaks.oursInAll),
      peer: { name: 'web-llm "cache"', figure: figure('MiB', peaks.cacheInAll) },
    },
  ];
};
