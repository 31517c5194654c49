import { expect, test } from './support/fixtures.ts';

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

test('on a phone Enter starts a new line and the button sends, unless the user wants it otherwise', async ({ app }) => {
  await app.open();
  await app.tryLlamaToy();
  await expect(app.composer).toHaveAttribute('enterkeyhint', 'enter');
  await app.composer.fill('What is two');
  await app.composer.press('Enter');
  await app.page.keyboard.type('plus two?');
  await app.page.getByRole('button', { name: 'Send' }).tap();
  await expect(app.questions).toContainText('What is two\nplus two?', { useInnerText: true });
  await app.expectIdle();
  await app.page.evaluate(() => {
    location.hash = 'settings';
  });
  await app.page.getByRole('group', { name: 'Enter key' }).getByText('Sends the message').tap();
  await app.page.evaluate(() => {
    location.hash = '';
  });
  await app.page.reload();
  await expect(app.composer).toHaveAttribute('enterkeyhint', 'send');
});

test('the actions of an answer are in one row on a phone, each of at least the touch target size', async ({ app }) => {
  await app.open();
  await app.tryLlamaToy();
  await app.ask('What is two plus two?', 'Two plus two is four.');
  await app.regenerate();
  await app.expectIdle();
  const answer = app.answers.last();
  await app.expectBranch(answer, '2/2');
  await expect(answer.getByRole('button', { name: 'Statistics' })).toBeVisible();
  const boxes = await answer
    .getByRole('button')
    .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().toJSON() as DOMRect));
  expect(boxes.length).toBeGreaterThan(6);
  expect(new Set(boxes.map(({ top }) => Math.round(top))).size).toBe(1);
  for (const { height, right } of boxes) {
    expect(height).toBeGreaterThanOrEqual(44);
    expect(right).toBeLessThanOrEqual(360);
  }
});
