import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import type axe from 'axe-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 AA, and axe-core's own best practices. */
const ALL: axe.RunOptions['runOnly'] = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Look {
  readonly title: string;
  readonly scheme: 'light' | 'dark';
  readonly contrast: '' | 'more';
  readonly direction: 'ltr' | 'rtl';
  /** What can be another way than in the first look. */
  readonly rules: axe.RunOptions['runOnly'];
}

const COLOURS: axe.RunOptions['runOnly'] = { type: 'rule', values: ['color-contrast'] };

const LOOKS: readonly Look[] = [
  { title: 'dark, high contrast', scheme: 'dark', contrast: 'more', direction: 'ltr', rules: COLOURS },
  { title: 'light, high contrast', scheme: 'light', contrast: 'more', direction: 'ltr', rules: COLOURS },
  { title: 'dark', scheme: 'dark', contrast: '', direction: 'ltr', rules: COLOURS },
  {
    title: 'right to left',
    scheme: 'light',
    contrast: '',
    direction: 'rtl',
    rules: { type: 'rule', values: ['target-size', 'scrollable-region-focusable'] },
  },
  { title: 'light', scheme: 'light', contrast: '', direction: 'ltr', rules: ALL },
];

/**
 * Looks at what is on the screen in light and dark, high contrast, and right to left. What counts is a violation that
 * stays: while axe-core reads the page, a part of it may be rendered again.
 */
export async function expectNoViolations(page: Page, where: string): Promise<void> {
  await page.evaluate(AXE);
  for (const { title, scheme, contrast, direction, rules } of LOOKS) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    const violations = () =>
      page.evaluate(
        async (look) => {
          document.documentElement.dataset['contrast'] = look.contrast;
          document.documentElement.dir = look.direction;
          const { axe: engine } = globalThis as unknown as { axe: typeof axe };
          const options = { resultTypes: ['violations' as const], ...(look.rules && { runOnly: look.rules }) };
          const results = await engine.run(options);
          return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
        },
        { contrast, direction, rules },
      );
    await expect.poll(violations, `${where}, ${title}`).toEqual([]);
  }
}
