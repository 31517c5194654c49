import type { Page } from 'playwright';
import { AlcovePage } from '../e2e/support/alcove-page.ts';
import { BenchBrowser } from './harness/browser.ts';
import { figure } from './harness/figure.ts';
import type { Benchmark } from './harness/workbench.ts';

/** From the end of web-llm's worker in the middle of an answer to the next token, which llama.cpp generates. */
export const benchmark: Benchmark = async (bench) => {
  const values: number[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const browser = await BenchBrowser.start();
    try {
      const app = new AlcovePage(await browser.context.newPage(), `${bench.server.origin}/app`);
      await app.open();
      await app.tryBothToys();
      await app.send('Tell me a long story.');
      await app.expectAnswer('On day one the small boat');
      const next = nextTokenAfterChange(app.page);
      await killEngine(app.page);
      values.push(await next);
      bench.say(`round ${round + 1}: ${Math.round(values.at(-1) ?? 0)} ms`);
      await app.expectAnswer('The end.');
    } finally {
      await browser.dispose();
    }
  }
  return [
    {
      measure: 'from a crash to the next token, on the next backend',
      ours: figure('ms', values),
      bar: { atMost: 10_000 },
    },
  ];
};

/** @throws where web-llm does not run, because there is no backend to change from */
async function killEngine(page: Page): Promise<void> {
  const names = await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.name)));
  const worker = page.workers()[names.indexOf('alcove-webllm')];
  if (worker === undefined) throw new Error(`web-llm does not run, only ${names.join(', ')}`);
  // The worker ends before it can answer.
  void worker.evaluate(() => self.close()).catch(() => {});
}

/** @returns ms from now until the answer grows after the notice of the change has appeared */
async function nextTokenAfterChange(page: Page): Promise<number> {
  // tsx wraps functions in a helper that a page does not have.
  await page.evaluate('globalThis.__name = (made) => made');
  return page.evaluate(async () => {
    const startedAt = performance.now();
    const textIn = (node: Node): string =>
      [...((node instanceof Element && node.shadowRoot) || node).childNodes]
        .map((child) => (child instanceof Text ? child.data : textIn(child)))
        .join('');
    const find = (root: ParentNode, name: string): Element[] =>
      [...root.querySelectorAll('*')].flatMap((element) => [
        ...(element.localName === name ? [element] : []),
        ...(element.shadowRoot === null ? [] : find(element.shadowRoot, name)),
      ]);
    const noticeWords = (): string => find(document, 'alcove-backend-notice').map(textIn).join();
    const before = noticeWords();
    let lengthAtChange: number | undefined;
    for (;;) {
      await new Promise(requestAnimationFrame);
      const answer = find(document, 'alcove-markdown').at(-1);
      const length = answer === undefined ? 0 : textIn(answer).length;
      if (lengthAtChange === undefined && noticeWords() !== before) lengthAtChange = length;
      if (lengthAtChange !== undefined && length > lengthAtChange) return performance.now() - startedAt;
    }
  });
}
