import { figure } from './harness/figure.ts';
import { PlainBrowser } from './harness/plain-browser.ts';
import { PssSampler } from './harness/pss-sampler.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';

const PHOTOGRAPH = { width: 4_000, height: 3_000, url: '/photograph.jpg' };

/** Time and memory of preparing a photograph of 12 megapixels for a model, and of the browser's functions without ours. */
export const benchmark: Benchmark = async (bench) => {
  await servePhotograph(bench);
  const peaks: Record<Contender, number[]> = { ours: [], bare: [] };
  const measured = (contender: Contender) => async () => {
    const { ms, riseBytes } = await prepare(bench, contender);
    peaks[contender].push(riseBytes / 1e6);
    return ms;
  };
  const times = await bench.interleave({ ours: measured('ours'), bare: measured('bare') });
  const name = 'createImageBitmap, drawImage and convertToBlob';
  const counted = (values: readonly number[]) => figure('MB', values.slice(-bench.rounds));
  return [
    { measure: 'a picture of 12 megapixels, prepared', ours: figure('ms', times.ours), bar: { atMost: 300 } },
    {
      measure: 'a picture of 12 megapixels, prepared',
      ours: figure('ms', times.ours),
      peer: { name, figure: figure('ms', times.bare) },
      bar: { atMost: 1.2 },
    },
    { measure: 'its peak memory', ours: counted(peaks.ours), bar: { atMost: 150 } },
    { measure: 'its peak memory', ours: counted(peaks.ours), peer: { name, figure: counted(peaks.bare) } },
  ];
};

type Contender = 'ours' | 'bare';

async function servePhotograph({ server }: Workbench): Promise<void> {
  const browser = await PlainBrowser.open(server, 'picture');
  try {
    const { base64 } = await browser.run<{ base64: string }>({ action: 'make', ...PHOTOGRAPH });
    server.addFile(PHOTOGRAPH.url.slice(1), Buffer.from(base64, 'base64'));
  } finally {
    await browser.dispose();
  }
}

async function prepare({ server }: Workbench, action: Contender): Promise<{ ms: number; riseBytes: number }> {
  const browser = await PlainBrowser.open(server, 'picture');
  try {
    const sampler = new PssSampler(browser.processes().map(({ pid }) => pid));
    const { ms } = await browser.run<{ ms: number }>({ action, ...PHOTOGRAPH });
    sampler.stop();
    return { ms, riseBytes: sampler.riseBytes };
  } finally {
    await browser.dispose();
  }
}
