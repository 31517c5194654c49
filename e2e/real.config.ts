import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** Real weights through the built site: `npm run test:real`. */
export default defineConfig({ ...base, testMatch: '**/*.real.ts', outputDir: 'results-real', timeout: 420_000 });
