import { AlcovePage } from '../e2e/support/alcove-page.ts';
import { BenchBrowser } from './harness/browser.ts';
import { figure } from './harness/figure.ts';
import type { Benchmark } from './harness/workbench.ts';

/** Requests of the page, its workers and its service worker during a chat once the model is ready. Alcove promises none. */
export const benchmark: Benchmark = async (bench) => {
  const { origin } = bench.server;
  const browser = await BenchBrowser.start();
  try {
    const elsewhere: string[] = [];
    browser.context.on('request', (request) => {
      if (!request.url().startsWith(origin)) elsewhere.push(request.url());
    });
    const page = await browser.context.newPage();
    const app = new AlcovePage(page, `${origin}/app`);
    await app.open();
    await app.tryToy();
    // The first answer loads the model; meanwhile the service worker caches the app.
    await app.ask('What is the capital of France?', 'The capital of France is Paris.');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    bench.server.forget();
    elsewhere.length = 0;
    await app.ask('What colour is the sky?', 'The sky is blue.');
    await app.newChat();
    await app.send('Show me markdown.');
    await app.expectAnswer('the page');
    const seen = [...bench.server.served.map(({ path }) => path), ...elsewhere];
    for (const url of seen) bench.say(url);
    return [{ measure: 'requests after "ready", two answers', ours: figure('', [seen.length]), bar: { atMost: 0 } }];
  } finally {
    await browser.dispose();
  }
};
