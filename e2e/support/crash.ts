import type { Page } from '@playwright/test';

/** Ends the page's process, as a browser does that runs out of memory. */
export async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const session = await page.context().newCDPSession(page);
  // A page that is gone gives no answer.
  void session.send('Page.crash').catch(() => {});
  await crashed;
}
