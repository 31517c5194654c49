import type { Page } from 'playwright';
import type { ModelRecord } from '../src/models/model-record.ts';
import { BenchBrowser, useOneThread } from './harness/browser.ts';
import { figure } from './harness/figure.ts';
import { serveSmolLm2, serveToyGguf } from './harness/llama-models.ts';
import { toyRecord } from './harness/records.ts';
import type { Row } from './harness/row.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';

const WAIT_LIMIT_MS = 300_000;

const QUESTION = 'Tell me a long story.';

interface Gap {
  /** From the close of the tab to the next piece of the answer. */
  readonly gapMs: number;
  /** From the close of the tab to the beginning of the load in the tab that took over. */
  readonly takeOverMs: number;
  /** How long the engine took to load the model in the tab that took over. */
  readonly loadMs: number;
  /** From the question to the first piece of its answer, by an engine that has loaded the model and written nothing yet. */
  readonly coldMs: number;
}

/**
 * Two tabs with one engine: that of the engine is closed while the other one is answered. An engine needs its time for the load,
 * and again for the first token after it: web-llm compiles shaders, llama.cpp reads the prompt again. The same answer had
 * waited for that first token too, before the tab was closed; what is left of the gap without both is Alcove's.
 */
export const benchmark: Benchmark = async (bench) => {
  const toy = await toyRecord(await bench.serveToy('hf/toy/resolve/main/'));
  return [
    ...(await rowsOf(bench, 'web-llm, toy on SwiftShader', toy)),
    ...(await rowsOf(bench, 'llama.cpp, toy', (await serveToyGguf(bench)).record)),
    ...(await rowsOf(bench, 'llama.cpp, SmolLM2 135M', (await serveSmolLm2(bench)).record)),
  ];
};

async function rowsOf(bench: Workbench, name: string, record: ModelRecord): Promise<Row[]> {
  bench.server.addFile('host/catalogue.json', Buffer.from(JSON.stringify({ version: 1, models: [record] })));
  const tag = `<alcove-chat model="${record.id}" catalogue="/host/catalogue.json" history="none"></alcove-chat>`;
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><link rel="icon" href="data:,">
    <script type="module" src="/app/embed/alcove-chat.js"></script>${tag}</html>`;
  bench.server.addFile('host/one.html', Buffer.from(html));
  const gaps: Gap[] = [];
  for (let round = -1; round < bench.rounds; round++) {
    const gap = await closeTab(bench, record);
    if (round >= 0) gaps.push(gap);
    const shown = Object.entries(gap).map(([key, ms]) => `${key} ${ms.toFixed(0)}`);
    bench.say(`${name}, ${round < 0 ? 'warm-up' : `round ${round + 1}`}: ${shown.join(', ')}`);
  }
  const row = (what: string, read: (gap: Gap) => number): Row => ({
    measure: `${name}, tab of the engine closed: ${what}`,
    ours: figure('ms', gaps.map(read)),
  });
  return [
    row('to the next token', ({ gapMs }) => gapMs),
    row('the engine’s own part, load and first token', ({ loadMs, coldMs }) => loadMs + coldMs),
    {
      ...row(
        'to the next token, without the engine’s own part',
        ({ gapMs, loadMs, coldMs }) => gapMs - loadMs - coldMs,
      ),
      bar: { atMost: 3000 },
    },
    row('to the next token, without the load', ({ gapMs, loadMs }) => gapMs - loadMs),
    row('until another tab loads', ({ takeOverMs }) => takeOverMs),
  ];
}

async function closeTab(bench: Workbench, { id }: ModelRecord): Promise<Gap> {
  const browser = await BenchBrowser.start();
  // Limits for what never comes: a loaded machine takes minutes for what an idle one does in seconds.
  browser.context.setDefaultTimeout(WAIT_LIMIT_MS);
  await browser.context.addInitScript(useOneThread);
  try {
    const owner = await open(browser, bench);
    await owner.evaluate(loadFirst, id);
    const other = await open(browser, bench);
    // Joins the engine, so that the answer waits for nothing else.
    await other.evaluate(loadFirst, id);
    await other.exposeFunction('closeOwner', () => owner.close());
    await other.evaluate(askAndWatch, QUESTION);
    await other.waitForFunction(() => (Reflect.get(globalThis, 'watch') as Watch).nextAt > 0);
    const watch = await other.evaluate(() => Reflect.get(globalThis, 'watch') as Watch);
    const kept = await other.evaluate(exportChat);
    // An engine that cannot continue a text begins again, and the text so far is a branch of the chat.
    if (!kept.includes(JSON.stringify(watch.before).slice(1, -1))) throw new Error('the text of the answer was lost');
    return {
      gapMs: watch.nextAt - watch.closedAt,
      takeOverMs: watch.loadingAt - watch.closedAt,
      loadMs: watch.loadedAt - watch.loadingAt,
      coldMs: watch.firstAt - watch.askedAt,
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
    if (watch.content.length > 20 && watch.closedAt === 0) {
      watch.closedAt = performance.now();
      // At once: the toy on llama.cpp writes its whole answer in a second.
      (Reflect.get(globalThis, 'closeOwner') as () => void)();
    }
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

async function exportChat(): Promise<string> {
  const chat = document.querySelector('alcove-chat') as unknown as { stop(): Promise<void>; export(): Promise<Blob> };
  await chat.stop();
  return (await chat.export()).text();
}
