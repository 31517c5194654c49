import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** What `npm test` runs: each part of Alcove at work. `npm test -- --all` runs all. */
export default defineConfig({
  ...base,
  testIgnore: [
    // Loads web-llm again and again, which takes minutes on SwiftShader.
    '**/*.wgpu.spec.ts',
    // Each fault, hostile input, and earlier or odd states.
    '**/faults-*.spec.ts',
    '**/{add-model-states,bad-input,earlier-profile,no-webgpu,self-test,service-worker}.spec.ts',
    // Each bundler, and each kind of page that embeds the element; embed.spec.ts and embed-page.spec.ts remain.
    '**/{bundlers,embed-layout,embed-policy,embed-storage,embed-tabs,embed-twice}.spec.ts',
  ],
});
