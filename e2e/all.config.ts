import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** Also the tests in which web-llm is loaded again and again, which takes minutes on SwiftShader: `npm test -- --all`. */
export default defineConfig({ ...base, testIgnore: [] });
