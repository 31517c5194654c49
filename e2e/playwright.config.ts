import { defineConfig } from '@playwright/test';
import { FONTS_ENVIRONMENT, QUIET_FLAGS, requireChromium, WEBGPU_FLAGS } from '../tools/find-chromium.ts';

/**
 * Drives the built site (`npm run build` first). Two tests at a time, each in a browser of its own: most of their time they
 * wait for files, frames and timers. `npm test -- --all` runs all, `npm test` what quick.config.ts leaves.
 */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: 'results',
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  // A model compiles its shaders in some 5 s on SwiftShader; a loaded machine takes several times that.
  timeout: 240_000,
  // Limits for what never comes, not for what is slow: a model loads in two seconds, and in twenty on a loaded machine.
  expect: { timeout: 30_000 },
  use: {
    browserName: 'chromium',
    // It fetches 33 MB at each first visit, and each test is one: what concerns it asks for it.
    serviceWorkers: 'block',
    headless: true,
    actionTimeout: 30_000,
    screenshot: 'only-on-failure',
    video: 'off',
    trace: 'off',
    launchOptions: {
      executablePath: requireChromium(),
      env: FONTS_ENVIRONMENT,
      args: [...QUIET_FLAGS, ...WEBGPU_FLAGS],
    },
  },
});
