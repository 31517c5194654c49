import type { Page } from 'playwright';
import { BenchBrowser } from './harness/browser.ts';
import { figure } from './harness/figure.ts';
import { type LlamaModel, serveLargeGguf } from './harness/llama-models.ts';
import { browserProcesses, pssBytes } from './harness/processes.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';

const ELEMENTS = 5;
const TABS = 3;

/** Memory of all the browser's processes with one loaded model: for one element, and for five elements in each of three tabs. */
export const benchmark: Benchmark = async (bench) => {
  const model = await serveLargeGguf(bench);
  const catalogue = { version: 1, models: [model.record] };
  bench.server.addFile('host/catalogue.json', Buffer.from(JSON.stringify(catalogue)));
  for (const count of [1, ELEMENTS]) {
    const tag = `<alcove-chat model="${model.record.id}" catalogue="/host/catalogue.json"></alcove-chat>`.repeat(count);
    const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,">
      <script type="module" src="/app/embed/alcove-chat.js"></script>${tag}</html>`;
    bench.server.addFile(`host/${count}.html`, Buffer.from(html));
  }
  const memory = await bench.interleave({
    many: () => memoryBytes(bench, model, TABS, ELEMENTS),
    one: () => memoryBytes(bench, model, 1, 1),
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

async function memoryBytes(bench: Workbench, model: LlamaModel, tabs: number, elements: number): Promise<number> {
  const browser = await BenchBrowser.start();
  try {
    const pages: Page[] = [];
    for (let tab = 0; tab < tabs; tab++) {
      const page = await browser.context.newPage();
      await page.goto(`${bench.server.origin}/host/${elements}.html`);
      pages.push(page);
    }
    for (const page of pages) await page.evaluate(useAll, model.record.id);
    return browserProcesses(browser.profileFolder).reduce((sum, { pid }) => sum + pssBytes(pid), 0);
  } finally {
    await browser.dispose();
  }
}

/** Runs in the page: every element loads the model, which the first one downloads, and shows its chat. */
async function useAll(modelId: string): Promise<void> {
  await customElements.whenDefined('alcove-chat');
  document.addEventListener('alcove-download-consent', (event) => (event as unknown as { allow(): void }).allow());
  for (const element of document.querySelectorAll('alcove-chat')) {
    await (element as unknown as { load(model: string): Promise<void> }).load(modelId);
  }
}
