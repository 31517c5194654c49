import type { BrowserContext, Page } from '@playwright/test';
import prompts from '../tools/toy-model/prompts.json' with { type: 'json' };
import { agree, takenOver } from './support/embedded.ts';
import { expect, test } from './support/fixtures.ts';
import { HeldEngine } from './support/held-engine.ts';
import { SiteServer } from './support/site-server.ts';

const ELEMENT = '<alcove-chat model="toy-f32-GGUF" history="none"></alcove-chat>';

const STORY = prompts.find(({ skill }) => skill === 'story')?.answer;

const BEGINNING = 'On day one the small boat';

/** What a host page can call of an element. */
interface ChatElement extends Element {
  load(): Promise<void>;
  send(text: string): Promise<{ readonly content: string; readonly status: string }>;
}

let host: SiteServer;

test.beforeEach(async ({ network }) => {
  host = await SiteServer.start({ headers: false });
  network.allow(host.origin);
});

test.afterEach(() => host.stop());

/** Another tab of the host's origin, with so many elements. */
async function openTab(context: BrowserContext, site: SiteServer, elements = 1): Promise<Page> {
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>
    <script type="module" src="${site.origin}/embed/alcove-chat.js"></script></head><body>${ELEMENT.repeat(elements)}</body></html>`;
  host.serve('/', html, 'text/html');
  const page = await context.newPage();
  await page.goto(host.origin);
  await page.waitForFunction(() => customElements.get('alcove-chat') !== undefined);
  return page;
}

/** Downloads the model with the first element of a tab. */
async function download(page: Page): Promise<void> {
  const chat = page.locator('alcove-chat').first();
  await agree(chat);
  await takenOver(chat);
}

/** Loads the model with each element of a tab, one after the other. */
function loadEach(page: Page): Promise<void> {
  return page.evaluate(async () => {
    for (const chat of document.querySelectorAll('alcove-chat')) await (chat as unknown as ChatElement).load();
  });
}

/** Counts the engines that the tabs of a context start from now on. A worker of llama.cpp loads one model, once. */
async function countLoads(context: BrowserContext): Promise<() => Promise<number>> {
  await context.addInitScript(() => {
    const seen = { loads: 0 };
    Object.assign(globalThis, { seen });
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        if (options?.name === 'alcove-wllama') seen.loads += 1;
      }
    };
  });
  return async () => {
    const counts = context.pages().map((page) => page.evaluate(() => Reflect.get(globalThis, 'seen').loads as number));
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  };
}

test('five elements in each of three tabs share one download, one engine and one load', async ({ context, site }) => {
  const loads = await countLoads(context);
  const tabs = [await openTab(context, site, 5), await openTab(context, site, 5), await openTab(context, site, 5)];
  await tabs[0]?.bringToFront();
  if (tabs[0] !== undefined) await download(tabs[0]);
  expect(await loads()).toBe(0);
  for (const tab of tabs) await loadEach(tab);
  expect(await loads()).toBe(1);
  // The last element of the last tab, which is not the one that runs the engine.
  const answer = tabs[2]?.evaluate((question) => {
    const last = [...document.querySelectorAll('alcove-chat')].at(-1) as unknown as ChatElement;
    return last.send(question);
  }, 'What is the capital of France?');
  expect(await answer).toMatchObject({ content: 'The capital of France is Paris.', status: 'complete' });
  expect(await loads()).toBe(1);
  expect(site.requests.filter((path) => path.endsWith('.gguf'))).toHaveLength(1);
});

test('an answer continues without a gap when the tab that runs its engine is closed', async ({ context, site }) => {
  const owner = await openTab(context, site);
  await download(owner);
  await loadEach(owner);
  const other = await openTab(context, site);
  const engine = await HeldEngine.at(owner, new RegExp(BEGINNING));
  await other.evaluate(() => {
    const contents: string[] = [];
    document.addEventListener('alcove-delta', (event) => contents.push(Reflect.get(event, 'content') as string));
    const answer = (document.querySelector('alcove-chat') as unknown as ChatElement).send('Tell me a long story.');
    Object.assign(globalThis, { contents, answer });
  });
  await engine.reached();
  await expect(other.locator('article[part~="assistant"]')).toContainText(BEGINNING);
  await owner.close();
  const { answer, contents } = await other.evaluate(async () => ({
    answer: await (Reflect.get(globalThis, 'answer') as ReturnType<ChatElement['send']>),
    contents: Reflect.get(globalThis, 'contents') as string[],
  }));
  expect(answer).toMatchObject({ content: STORY, status: 'complete' });
  // At no time was there less of it, or something else.
  expect(contents.filter((content, at) => !content.startsWith(contents[at - 1] ?? ''))).toEqual([]);
});
