import type { Page } from 'playwright';
import { BenchBrowser, useOneThread } from './harness/browser.ts';
import { figure } from './harness/figure.ts';
import { type LlamaModel, serveSmolLm2 } from './harness/llama-models.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';

const WAIT_LIMIT_MS = 300_000;

const QUESTION = 'Tell me a long story about the sea.';

interface Gap {
  /** From the question to the first piece of its answer, by a loaded model. */
  readonly firstMs: number;
  /** From the close of the tab to the next piece of the answer. */
  readonly gapMs: number;
  /** From the close of the tab to the beginning of the load in the tab that took over. */
  readonly takeOverMs: number;
  /** How long the engine took to load the model in the tab that took over. */
  readonly loadMs: number;
  readonly keptText: boolean;
}

/** Two tabs with one engine: that of the engine is closed while the other one is answered. */
export const benchmark: Benchmark = async (bench) => {
  const model = await serveSmolLm2(bench);
  bench.server.addFile('host/catalogue.json', Buffer.from(JSON.stringify({ version: 1, models: [model.record] })));
  const tag = `<alcove-chat model="${model.record.id}" catalogue="/host/catalogue.json" history="none"></alcove-chat>`;
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,">
    <script type="module" src="/app/embed/alcove-chat.js"></script>${tag}</html>`;
  bench.server.addFile('host/one.html', Buffer.from(html));
  const gaps: Gap[] = [];
  for (let round = -1; round < bench.rounds; round++) {
    const gap = await closeTab(bench, model);
    if (round >= 0) gaps.push(gap);
    bench.say(`${round < 0 ? 'warm-up' : `round ${round + 1}`}: ${JSON.stringify(gap)}`);
    if (!gap.keptText) throw new Error('the text of the answer was lost');
  }
  const ms = (read: (gap: Gap) => number) => figure('ms', gaps.map(read));
  const measure = 'tab of the engine closed: to the next token, without the load';
  const ours = ms(({ gapMs, loadMs }) => gapMs - loadMs);
  return [
    { measure, ours, bar: { atMost: 3000 } },
    // Most of it is the prompt, which the new engine has to read again.
    { measure, ours, peer: { name: 'first token of the answer', figure: ms(({ firstMs }) => firstMs) } },
    { measure: 'tab of the engine closed: until another tab loads', ours: ms(({ takeOverMs }) => takeOverMs) },
    { measure: 'tab of the engine closed: the load', ours: ms(({ loadMs }) => loadMs) },
  ];
};

async function closeTab(bench: Workbench, { record }: LlamaModel): Promise<Gap> {
  const browser = await BenchBrowser.start();
  // Limits for what never comes: a loaded machine takes minutes for what an idle one does in seconds.
  browser.context.setDefaultTimeout(WAIT_LIMIT_MS);
  await browser.context.addInitScript(useOneThread);
  try {
    const owner = await open(browser, bench);
    await owner.evaluate(loadFirst, record.id);
    const other = await open(browser, bench);
    await other.evaluate(askAndWatch, QUESTION);
    await other.waitForFunction(() => (Reflect.get(globalThis, 'watch') as Watch).content.length > 20);
    await other.evaluate(() => Object.assign(Reflect.get(globalThis, 'watch'), { closedAt: performance.now() }));
    await owner.close();
    await other.waitForFunction(() => (Reflect.get(globalThis, 'watch') as Watch).nextAt > 0);
    const watch = await other.evaluate(() => Reflect.get(globalThis, 'watch') as Watch);
    return {
      firstMs: watch.firstAt - watch.askedAt,
      takeOverMs: watch.loadingAt - watch.closedAt,
      gapMs: watch.nextAt - watch.closedAt,
      loadMs: watch.loadedAt - watch.loadingAt,
      keptText: watch.content.startsWith(watch.before),
    };
  } finally {
    await browser.dispose();
  }
}

interface Watch {
  content: string;
  /** The text when the load began. */
  before: string;
  askedAt: number;
  firstAt: number;
  closedAt: number;
  loadingAt: number;
  loadedAt: number;
  nextAt: number;
}

async function open(browser: BenchBrowser, { server }: Workbench): Promise<Page> {
  const page = await browser.context.newPage();
  await page.goto(`${server.origin}/host/one.html`);
  await page.evaluate(() => customElements.whenDefined('alcove-chat').then(() => {}));
  return page;
}

async function loadFirst(modelId: string): Promise<void> {
  document.addEventListener('alcove-download-consent', (event) => (event as unknown as { allow(): void }).allow());
  const chat = document.querySelector('alcove-chat') as unknown as { load(model: string): Promise<void> };
  await chat.load(modelId);
}

async function askAndWatch(question: string): Promise<void> {
  const times = { askedAt: performance.now(), firstAt: 0, closedAt: 0, loadingAt: 0, loadedAt: 0, nextAt: 0 };
  const watch: Watch = { content: '', before: '', ...times };
  Object.assign(globalThis, { watch });
  document.addEventListener('alcove-delta', (event) => {
    watch.content = (event as unknown as { content: string }).content;
    if (watch.firstAt === 0) watch.firstAt = performance.now();
    if (watch.loadedAt > 0 && watch.nextAt === 0) watch.nextAt = performance.now();
  });
  document.addEventListener('alcove-progress', () => {
    if (watch.closedAt === 0) return;
    watch.loadedAt = performance.now();
    if (watch.loadingAt > 0) return;
    watch.loadingAt = watch.loadedAt;
    watch.before = watch.content;
  });
  const chat = document.querySelector('alcove-chat') as unknown as { send(text: string): Promise<unknown> };
  void chat.send(question);
}
