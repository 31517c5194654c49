import type { CDPSession, Page } from 'playwright';
import { AlcovePage } from '../e2e/support/alcove-page.ts';
import { storeChat } from '../e2e/support/store-chat.ts';
import { BenchBrowser, runBenchmark } from './harness/browser.ts';
import { figure } from './harness/figure.ts';
import type { Row } from './harness/row.ts';
import type { Benchmark, Workbench } from './harness/workbench.ts';
import { mixedMarkdown } from './pages/shared/mixed-markdown.ts';

/** Messages of the chat that is opened, and ms until it can be read. */
const SIZES = { 1000: 200, 10000: 400 } as const;
/** Characters of an answer: some 90 words; each fifth answer has a list, a table or code. */
const ANSWER_LENGTH = 500;
/** deep-chat renders all messages at once, which takes minutes for the longer chat. */
const PEER_LIMIT = 1_000;
const MEBIBYTE = 2 ** 20;

interface Opened {
  readonly ms: number;
  /** Growth of the page's heap, DOM included, from before the chat was opened to after it was closed. */
  readonly keptMiB: number;
}

/** From a click on a long chat in the list of the freshly loaded site until the chat's end is painted. */
export const benchmark: Benchmark = async (bench) => {
  const rows: Row[] = [];
  for (const [size, atMost] of Object.entries(SIZES)) {
    const count = Number(size);
    const opened: Opened[] = [];
    const peer: number[] = [];
    for (let round = 0; round < bench.rounds; round++) {
      const own = await openOurs(bench, count);
      opened.push(own);
      if (count <= PEER_LIMIT) peer.push(await openPeer(bench, count));
      bench.say(`round ${round + 1} ${count}: ${own.ms.toFixed(0)} ms, ${own.keptMiB.toFixed(2)} MiB kept`);
    }
    rows.push(
      {
        measure: `open a chat of ${count} messages`,
        ours: figure(
          'ms',
          opened.map(({ ms }) => ms),
        ),
        bar: { atMost },
      },
      ...(peer.length === 0
        ? []
        : [
            {
              measure: `open a chat of ${count} messages`,
              ours: figure(
                'ms',
                opened.map(({ ms }) => ms),
              ),
              peer: { name: 'deep-chat, handed it from memory', figure: figure('ms', peer) },
            },
          ]),
      {
        measure: `memory kept after closing a chat of ${count} messages`,
        ours: figure(
          'MiB',
          opened.map(({ keptMiB }) => keptMiB),
        ),
        bar: { atMost: 3 },
      },
    );
  }
  return rows;
};

function textsOf(count: number): string[] {
  const all = mixedMarkdown((count / 2) * ANSWER_LENGTH);
  return Array.from(
    { length: count / 2 },
    (_, index) =>
      `${all.slice(index * ANSWER_LENGTH, (index + 1) * ANSWER_LENGTH).trim()}\n\nThis was answer ${index}.`,
  );
}

async function openOurs({ server }: Workbench, count: number): Promise<Opened> {
  const browser = await BenchBrowser.start({ viewport: { width: 1200, height: 800 } });
  try {
    const page = await browser.context.newPage();
    const app = new AlcovePage(page, `${server.origin}/app`);
    await app.open();
    await storeChat(page, 'A short one', textsOf(4));
    await storeChat(page, 'A long one', textsOf(count), 'long');
    await page.reload();
    await app.expectOpen();
    // What has to be loaded once is loaded, and stays.
    await timeOpening(page, 'A short one', 'This was answer 1.');
    await page.getByRole('button', { name: 'New chat' }).first().click();
    const devtools = await browser.context.newCDPSession(page);
    const before = await heapMiB(devtools);
    const ms = await timeOpening(page, 'A long one', `This was answer ${count / 2 - 1}.`);
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await page.waitForTimeout(1_000);
    return { ms, keptMiB: (await heapMiB(devtools)) - before };
  } finally {
    await browser.dispose();
  }
}

async function openPeer({ server }: Workbench, count: number): Promise<number> {
  const browser = await BenchBrowser.start({ viewport: { width: 1200, height: 800 } });
  try {
    const page = await browser.open(server.origin, 'history-deep-chat');
    const texts = textsOf(count).flatMap((text) => ['Continue', text]);
    await runBenchmark<number>(page, { texts: texts.slice(0, 4) });
    return await runBenchmark<number>(page, { texts });
  } finally {
    await browser.dispose();
  }
}

/** ms from the click, as the browser has stamped it, to the task after the frame that shows the words. */
async function timeOpening(page: Page, title: string, words: string): Promise<number> {
  const watched = page.evaluate(watchFor, words);
  await page
    .getByRole('navigation', { name: 'Chats' })
    .getByRole('listitem')
    .filter({ hasText: title })
    .getByText(title)
    .click();
  return watched;
}

async function heapMiB(devtools: CDPSession): Promise<number> {
  // Twice: what the first leaves to finalizers goes with the second.
  for (let time = 0; time < 2; time++) await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize } = (await devtools.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    embedderHeapUsedSize?: number;
  };
  return (usedSize + (embedderHeapUsedSize ?? 0)) / MEBIBYTE;
}

/** Runs in the page. No function in here may have a name: tsx would wrap it in a helper that the page has not. */
function watchFor(words: string): Promise<number> {
  return new Promise((resolve) => {
    const state = { clickedAt: Number.NaN };
    document.addEventListener('click', (event) => Object.assign(state, { clickedAt: event.timeStamp }), {
      capture: true,
      once: true,
    });
    const steps: FrameRequestCallback[] = [];
    steps.push(() => {
      const view = document.querySelector('alcove-app')?.shadowRoot?.querySelector('alcove-chat-view');
      const messages = view?.shadowRoot
        ?.querySelector('alcove-conversation')
        ?.shadowRoot?.querySelectorAll('alcove-message');
      const last = messages?.[messages.length - 1]?.shadowRoot?.querySelector('alcove-markdown');
      const isShown = last?.shadowRoot?.querySelector('.formatted')?.textContent?.includes(words) === true;
      if (!isShown) for (const step of steps) requestAnimationFrame(step);
      else requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - state.clickedAt)));
    });
    for (const step of steps) requestAnimationFrame(step);
  });
}
