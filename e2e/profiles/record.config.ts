import { defineConfig } from '@playwright/test';
import base from '../playwright.config.ts';

/**
 * Records the profile of the checked-out version (`npm run build` first):
 * `npx playwright test --config e2e/profiles/record.config.ts`.
 */
export default defineConfig({
  ...base,
  testDir: '.',
  testMatch: 'record-profile.ts',
  outputDir: '../results',
  timeout: 600_000,
});
