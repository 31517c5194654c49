import { AlcovePage } from './support/alcove-page.ts';
import { startChatFaults } from './support/chat-faults.ts';
import { crash } from './support/crash.ts';
import { expect, test } from './support/fixtures.ts';

const QUESTION = 'Tell me a long story.';

let server: Awaited<ReturnType<typeof startChatFaults>>;

test.beforeAll(async () => {
  server = await startChatFaults();
});
test.afterAll(() => server.close());

test.beforeEach(({ network }) => network.allow(server.origin));

/**
 * Begins an answer that has no end, so that it is left while it is written, and has the page put down with every frame
 * what it shows of it.
 */
async function beginStory(app: AlcovePage): Promise<void> {
  await app.allowHost(server.origin);
  await app.open();
  await app.addServer(`${server.origin}/endless`);
  await app.send(QUESTION);
  await app.expectAnswer('On day 1 ');
  await app.shownText.evaluate((text) => {
    let drawn = '';
    const record = (): void => {
      // What stood there in the frame before has been painted since; what stands there now has not.
      localStorage.setItem('test-shown', drawn);
      drawn = text.shadowRoot?.textContent?.trim() ?? '';
      requestAnimationFrame(record);
    };
    record();
  });
  await expect.poll(() => app.page.evaluate(() => localStorage.getItem('test-shown'))).toContain('On day 2 ');
}

function shownText(app: AlcovePage): Promise<string> {
  return app.shownText.evaluate((text) => text.shadowRoot?.textContent?.trim() ?? '');
}

/** All that was shown is there again, as an answer that was stopped. */
async function expectKept(app: AlcovePage, shown?: string): Promise<void> {
  const last = shown ?? (await app.page.evaluate(() => localStorage.getItem('test-shown'))) ?? '';
  await app.openChat(QUESTION);
  await expect(app.answers.last().getByText('Stopped. The answer so far is kept.')).toBeVisible();
  expect(last).toContain('On day 2');
  // Text is drawn a frame after what stands below it.
  await expect.poll(async () => (await shownText(app)).slice(0, last.length)).toBe(last);
}

test('leaving the page during an answer loses no text that it showed', async ({ app, page }) => {
  await beginStory(app);
  await page.goto('about:blank');
  await app.open();
  await expectKept(app);
});

test('closing the tab during an answer loses no text that it showed', async ({ app, context, page, site }) => {
  await beginStory(app);
  await page.close({ runBeforeUnload: false });
  const next = new AlcovePage(await context.newPage(), site.origin);
  await next.open();
  await expectKept(next);
});

test('a tab crash during an answer loses no text that it showed, also for another open tab', async ({
  app,
  context,
  page,
  site,
}) => {
  const other = new AlcovePage(await context.newPage(), site.origin);
  await other.open();
  await page.bringToFront();
  await beginStory(app);
  await crash(page);
  await expectKept(other);
});

test('killing the browser during an answer loses no text that it showed', async ({ durable, site }) => {
  const before = new AlcovePage(await (await durable.launch()).newPage(), site.origin);
  await beginStory(before);
  const shown = await shownText(before);
  await durable.kill();
  const after = new AlcovePage(await (await durable.launch()).newPage(), site.origin);
  await after.open();
  await expectKept(after, shown);
});
