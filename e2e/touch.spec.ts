import { expect, test } from './support/fixtures.ts';

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

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
