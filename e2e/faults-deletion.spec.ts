/** What the user deletes stays deleted, also while another tab answers in it. */
import { AlcovePage } from './support/alcove-page.ts';
import { startChatFaults } from './support/chat-faults.ts';
import { expect, test } from './support/fixtures.ts';

const QUESTION = 'Tell me a long story.';

let server: Awaited<ReturnType<typeof startChatFaults>>;

test.beforeAll(async () => {
  server = await startChatFaults();
});
test.afterAll(() => server.close());

test.beforeEach(({ network }) => network.allow(server.origin));

test('what one tab deletes stays deleted while another one answers in it, one chat or all', async ({
  app,
  context,
  site,
}) => {
  await app.allowHost(server.origin);
  await app.open();
  await app.addServer(`${server.origin}/endless`);
  const other = new AlcovePage(await context.newPage(), site.origin);
  await other.open();

  const answer = async (): Promise<void> => {
    await app.page.bringToFront();
    await app.send(QUESTION);
    await app.expectAnswer('On day 2 ');
    await other.page.bringToFront();
    await expect(other.chats).toHaveCount(1);
  };
  const expectStopped = async (): Promise<void> => {
    await app.page.bringToFront();
    await expect(app.questions).toHaveCount(0);
    await expect(app.chats).toHaveCount(0);
    await app.expectIdle();
  };

  await test.step('one chat', async () => {
    await answer();
    await other.deleteChat(QUESTION);
    await expectStopped();
  });
  await test.step('all chats', async () => {
    await answer();
    await other.openSettings();
    const button = other.page.getByRole('button', { name: 'Delete all chats' });
    await button.click();
    await button.click();
    await expect(other.page.getByText('1 chat was deleted.')).toBeVisible();
    await expectStopped();
  });
  await app.page.close();
  await other.page.reload();
  await other.expectOpen();
  await expect(other.chats).toHaveCount(0);
});
