import type { Page } from '@playwright/test';
import { AlcovePage } from './support/alcove-page.ts';
import { expect, test } from './support/fixtures.ts';
import { FONTS, useFont } from './support/page-font.ts';

/** Chromium's own entry, which TypeScript's library does not have. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node: Node | null }[];
}

/** The sizes of what was painted as the largest so far, the sum of all shifts of the layout, and what moved. */
function readPaints(page: Page): Promise<{ largest: number[]; shift: number; moved: string[] }> {
  return page.evaluate(async () => {
    const read = (type: string): Promise<PerformanceEntry[]> =>
      new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries())).observe({ type, buffered: true });
        // A type without entries calls nobody.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve([])));
      });
    const largest = (await read('largest-contentful-paint')).map(
      (entry) => (entry as PerformanceEntry & { size: number }).size,
    );
    const shifts = (await read('layout-shift')) as LayoutShift[];
    return {
      largest,
      shift: shifts.reduce((sum, { value }) => sum + value, 0),
      moved: shifts.flatMap(({ sources }) =>
        sources.map(({ node }) => (node instanceof Element ? node.outerHTML : node?.textContent)?.slice(0, 200) ?? ''),
      ),
    };
  });
}

/** Lets the app's scripts pass only after the text of index.html has been painted, as on a slow line. */
async function holdScripts(page: Page): Promise<void> {
  await page.route('**/assets/*.js', async (route) => {
    await page.evaluate(async () => {
      const read = (): boolean => performance.getEntriesByName('first-contentful-paint').length > 0;
      while (!read()) await new Promise(requestAnimationFrame);
    });
    await route.continue();
  });
}

for (const [width, height] of [
  [412, 823],
  [1440, 900],
] as const) {
  test(`what is painted first at ${width} pixels stays where it is, in any font`, async ({ context, site }) => {
    for (const font of FONTS) {
      const page = await context.newPage();
      await page.setViewportSize({ width, height });
      await useFont(page, font);
      await holdScripts(page);
      await new AlcovePage(page, site.origin).open();
      await expect(page.getByRole('button', { name: 'All models' })).toBeVisible();
      const { largest, shift, moved } = await readPaints(page);
      expect(largest, `${font}: largest paints`).toHaveLength(1);
      expect(shift, `${font}: layout shift of ${moved.join(', ')}`).toBeLessThan(0.001);
      await page.close();
    }
  });
}

test('the first screen comes in at most 25 scripts, at most six of them before the composer', async ({ page, app }) => {
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname);
  });
  await app.open();
  await expect(page.getByRole('button', { name: 'All models' })).toBeVisible();
  // The last that comes without being asked for, once the page is idle.
  await expect.poll(() => scripts.some((path) => path.includes('/conversation-view-'))).toBe(true);
  // Those that stand in a line until the composer is there.
  const first = scripts.slice(0, scripts.findIndex((path) => path.includes('/app-')) + 1);
  expect(first.length).toBeLessThanOrEqual(6);
  expect(scripts.length).toBeLessThanOrEqual(25);
});
