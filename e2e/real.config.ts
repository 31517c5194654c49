import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';
import type { SharedFixtures } from './support/fixtures.ts';

/** Real weights through the built site: `npm run test:real`. One at a time: a real model takes all cores. */
export default defineConfig<object, Pick<SharedFixtures, 'optimizes'>>({
  ...base,
  testMatch: '**/*.real.ts',
  outputDir: 'results-real',
  workers: 1,
  timeout: 420_000,
  use: { ...base.use, optimizes: true },
});
