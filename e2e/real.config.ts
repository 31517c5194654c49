import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** Real weights through the built site: `npm run test:real`. One at a time: a real model takes all cores. */
export default defineConfig({
  ...base,
  testMatch: '**/*.real.ts',
  outputDir: 'results-real',
  workers: 1,
  timeout: 420_000,
});
