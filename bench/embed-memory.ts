import { setTimeout as sleep } from 'node:timers/promises';
import { figure } from './harness/figure.ts';
import { type LlamaModel, serveLargeGguf } from './harness/llama-models.ts';
import { PlainChromium } from './harness/plain-chromium.ts';
import { pssBytes } from './harness/processes.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';

const ELEMENTS = 5;
const TABS = 3;

/** How long a page may take to download and load the model: a limit for what never comes. */
const WAIT_LIMIT_MS = 300_000;

/** Asked for by a page when all its elements have loaded the model; with the reason behind it if one has not. */
const DONE = 'host/done';

/** Memory of all the browser's processes with one loaded model: for one element, and for five elements in each of three tabs. */
export const benchmark: Benchmark = async (bench) => {
  const model = await serveLargeGguf(bench);
  bench.server.addFile('host/catalogue.json', Buffer.from(JSON.stringify({ version: 1, models: [model.record] })));
  bench.server.addFile(DONE, Buffer.from(''));
  for (const [name, tabs, elements] of [
    ['one', 1, 1],
    ['many', TABS, ELEMENTS],
    ['tab', 1, ELEMENTS],
  ] as const) {
    bench.server.addFile(`host/${name}.html`, Buffer.from(hostPage(model, tabs, elements)));
  }
  const memory = await bench.interleave({
    many: () => memoryBytes(bench, 'many', TABS),
    one: () => memoryBytes(bench, 'one', 1),
  });
  const mb = (values: readonly number[]) =>
    figure(
      'MB',
      values.map((bytes) => bytes / 1e6),
    );
  return [
    {
      measure: `one model, ${ELEMENTS} elements in each of ${TABS} tabs: memory`,
      ours: mb(memory.many),
      peer: { name: 'one element', figure: mb(memory.one) },
      bar: { atMost: 1.1 },
    },
  ];
};

/** Every element, all in view, loads the model, which the first one downloads. Then the page opens the other tabs. */
function hostPage({ record }: LlamaModel, tabs: number, elements: number): string {
  const tag = `<alcove-chat model="${record.id}" catalogue="/host/catalogue.json"></alcove-chat>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,">
    <style>body { display: grid; grid-template-columns: repeat(${elements}, 1fr) }</style>
    <script type="module" src="/app/embed/alcove-chat.js"></script>${tag.repeat(elements)}
    <script type="module">
      document.addEventListener('alcove-download-consent', (event) => event.allow());
      await customElements.whenDefined('alcove-chat');
      try {
        for (const chat of document.querySelectorAll('alcove-chat')) await chat.load();
        await fetch('/${DONE}');
      } catch (error) {
        await fetch('/${DONE}/' + encodeURIComponent(error));
      }
      for (let tab = 1; tab < ${tabs}; tab++) open('/host/tab.html', '_blank', 'noopener');
    </script></html>`;
}

async function memoryBytes({ server }: Workbench, page: string, tabs: number): Promise<number> {
  server.forget();
  const browser = new PlainChromium(`${server.origin}/host/${page}.html`);
  try {
    for (const until = performance.now() + WAIT_LIMIT_MS; ; await sleep(100)) {
      const ends = server.served.filter(({ path }) => path.startsWith(DONE));
      const failed = ends.find(({ path }) => path !== DONE);
      if (failed !== undefined) throw new Error(failed.path);
      if (ends.length === tabs) break;
      if (performance.now() > until) throw new Error(`${ends.length} of ${tabs} tabs have loaded the model`);
    }
    await browser.settled();
    return browser.processes().reduce((sum, { pid }) => sum + pssBytes(pid), 0);
  } finally {
    await browser.dispose();
  }
}
