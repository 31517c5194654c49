import type { Page } from '@playwright/test';

/** Stops the main thread of a page, as an endless loop or a frozen tab does; its workers continue. Resolves when it stands. */
export async function stopThread(page: Page): Promise<{ readonly resume: () => Promise<void> }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Debugger.enable');
  const paused = new Promise<void>((resolve) => session.once('Debugger.paused', () => resolve()));
  const evaluated = session.send('Runtime.evaluate', { expression: 'debugger' });
  await paused;
  return {
    resume: async () => {
      await session.send('Debugger.resume');
      await evaluated;
      await session.detach();
    },
  };
}
