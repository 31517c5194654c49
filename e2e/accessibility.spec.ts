import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type axe from 'axe-core';
import { expect, test } from './support/fixtures.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** More stops than any page has. */
const MOST_STOPS = 80;

interface Stop {
  readonly name: string;
  /** It is in view and something shows that it has the focus. */
  readonly isSeen: boolean;
}

/** What has the focus, through all shadow roots. */
function focused(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    if (!(at instanceof HTMLElement) || at === document.body) return { name: '', isSeen: false };
    const name = at.ariaLabel ?? at.closest('label')?.textContent ?? at.textContent ?? '';
    const { top, bottom, left, right } = at.getBoundingClientRect();
    const isInView = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
    // The field of the composer leaves the ring to its frame, a radio button to its label.
    const frames = [at, at.closest('label'), at.closest('form'), at.closest('.field')];
    const hasRing = frames.some((frame) => {
      if (frame === null) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(frame);
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
    });
    return { name: name.trim().replace(/\s+/g, ' '), isSeen: isInView && hasRing };
  });
}

/** Goes on with Tab until it is at the control of this name; every stop on the way has to be seen. */
async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press(key);
    const at = await focused(page);
    if (at.name !== '') expect(at.isSeen, `the focus on “${at.name}” is seen`).toBe(true);
    passed.push(at.name);
    if (typeof name === 'string' ? at.name === name : name.test(at.name)) return;
  }
  throw new Error(`${key} never came to ${name}, only to: ${passed.join(' | ')}`);
}

async function expectNoViolations(page: Page, where: string): Promise<void> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe: engine } = globalThis as unknown as { axe: typeof axe };
    const results = await engine.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
    });
    return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
  expect(violations, where).toEqual([]);
}

// The first two steps of the walk in docs/accessibility.md; the others are tested by src/ui/shortcuts.test.ts and its neighbours.
test('the keyboard alone leads from the first page to an answer, and neither page has a violation', async ({
  app,
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await app.open();
  await expectNoViolations(page, 'the first page');

  await test.step('from the first page to a model', async () => {
    await expect(app.downloadButton('Toy, to try the app')).toBeVisible();
    await tabTo(page, /^Download · 7/);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'What would you like to know?' })).toBeVisible();
  });

  await test.step('a question and its answer', async () => {
    await page.keyboard.press('/');
    await expect(app.composer).toBeFocused();
    await page.keyboard.type('What is the capital of France?');
    await page.keyboard.press('Enter');
    await app.expectAnswer('The capital of France is Paris.');
    await app.expectIdle();
    await expect(app.composer).toBeFocused();
    await expectNoViolations(page, 'a chat');
  });
});
