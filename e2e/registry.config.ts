import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/**
 * Installs bundlers and frameworks of hundreds of MB from npm: `npm run test:bundlers`, which is not part of `npm test`. One
 * after another, for the disk's sake.
 */
export default defineConfig({ ...base, testMatch: '**/*.registry.ts', testIgnore: [], workers: 1, timeout: 600_000 });
