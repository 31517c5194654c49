import { type Browser, type BrowserContext, chromium, expect, type Page } from '@playwright/test';
import { freePort } from './free-port.ts';
import { launchOptions } from './test-browser.ts';

/** Playwright's own, which keep a tab in the background as lively as the one in view. */
const LIVELY_FLAGS = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/**
 * A browser that freezes tabs in the background, as phones and energy savers do. No tab freezes that is in view, and
 * Playwright lets each one of a browser that it has launched count as that; hence it launches this one and then connects to it.
 */
export class FreezingBrowser {
  readonly context: BrowserContext;
  readonly #browser: Browser;

  private constructor(browser: Browser, context: BrowserContext) {
    this.#browser = browser;
    this.context = context;
  }

  static async launch(): Promise<FreezingBrowser> {
    const { args = [], ...options } = launchOptions();
    const port = await freePort();
    const browser = await chromium.launch({
      ...options,
      args: [...args, `--remote-debugging-port=${port}`],
      ignoreDefaultArgs: LIVELY_FLAGS,
    });
    const connected = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
    const [context] = connected.contexts();
    if (context === undefined) throw new Error('The browser has no profile.');
    return new FreezingBrowser(browser, context);
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

declare global {
  /** What the page has heard of its own state: `freeze`, `resume`. */
  var testLifecycle: string[];
}

/** Freezes a tab that is not in view. Resolves when its page has heard of it. @returns lets the tab continue */
export async function freeze(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    globalThis.testLifecycle = [];
    for (const type of ['freeze', 'resume']) {
      document.addEventListener(type, () => globalThis.testLifecycle.push(type));
    }
  });
  // A frozen page still answers what it is asked from outside.
  const expectEvents = (...events: string[]) => expect.poll(() => page.evaluate(() => testLifecycle)).toEqual(events);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await expectEvents('freeze');
  return async () => {
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await expectEvents('freeze', 'resume');
  };
}
