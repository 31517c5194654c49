import { setTimeout as sleep } from 'node:timers/promises';
import { DOWNLOAD_MIB, DownloadContenders, LANES } from './harness/download-contenders.ts';
import { figure } from './harness/figure.ts';
import { PlainBrowser } from './harness/plain-browser.ts';
import { MIB } from './harness/synthetic-model.ts';
import type { Benchmark } from './harness/workbench.ts';

/**
 * 250 Mbit/s, with which the browser keeps up. On a faster link the server would count megabytes that wait in socket buffers
 * and never reach the browser.
 */
const LINK_BYTES_PER_SECOND = 31_250_000;

/** Bytes sent twice when the browser is killed half way through a download and started again. */
export const benchmark: Benchmark = async (bench) => {
  const contenders = await DownloadContenders.serve(bench);
  const { pageName, options } = contenders.ours;
  const { server } = bench;
  server.setSpeed(LINK_BYTES_PER_SECOND);
  const again: number[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const killed = await PlainBrowser.open(server, pageName);
    server.forget();
    killed.run(options).catch(() => {
      // The page ends with its browser.
    });
    while (contenders.sentBytes() < (DOWNLOAD_MIB / 2) * MIB) await sleep(2);
    await killed.kill();
    const browser = await PlainBrowser.open(server, pageName, killed.profileFolder);
    try {
      const { bytes } = await browser.run<{ bytes: number }>(options);
      if (bytes !== DOWNLOAD_MIB * MIB) throw new Error(`after the restart ${bytes} bytes are stored`);
    } finally {
      await browser.dispose();
    }
    again.push(contenders.sentBytes() / MIB - DOWNLOAD_MIB);
    bench.say(`round ${round + 1}: ${again.at(-1)?.toFixed(2)} MiB fetched again`);
  }
  return [
    {
      measure: `fetched again after a kill at 50 %, ${LANES} requests at a time`,
      ours: figure('MiB', again),
      bar: { atMost: 4 * LANES },
    },
  ];
};
