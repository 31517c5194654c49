import { playwright } from '@vitest/browser-playwright';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig, type UserWorkspaceConfig } from 'vitest/config';
import { builtFileUrls } from './tools/built-files-plugin.ts';
import { cssPlugin } from './tools/css-plugin.ts';
import {
  FAST_COMPILE_FLAG,
  FONTS_ENVIRONMENT,
  findChromium,
  QUIET_FLAGS,
  SHARED_MEMORY_FLAG,
  SOFTWARE_DRAWING_FLAGS,
  WEBGPU_FLAGS,
} from './tools/find-chromium.ts';
import { htmlPlugin } from './tools/html-plugin.ts';
import { iconPlugin } from './tools/icon-plugin.ts';
import './tools/map-group-by.ts';
import {
  assetName,
  BUILD_TARGET,
  CHUNK_GROUPS,
  embedEntry,
  RESOLVE_OPTIONS,
  WORKER_OPTIONS,
} from './tools/vite-options.ts';
import { watPlugin } from './tools/wat-plugin.ts';

/** Relative to the scripts in assets/. */
const CATALOGUE_PATH = '../catalogue.json';

/** Tests that take minutes: web-llm on SwiftShader, many loads. `npm run test:engines`. */
const SLOW_TESTS = ['src/**/*.{engines,wgpu}.test.ts'];

/** Tests on servers that take 7 GB of programs. `npm run test:servers`. */
const SERVER_TESTS = ['src/**/*.servers.test.ts'];

/** A new object for each project: Vitest writes the project's name into it. */
const inBrowser = (): NonNullable<UserWorkspaceConfig['test']> => ({
  // A limit for hanging tests, not for slow ones: SwiftShader is slow on a busy machine.
  testTimeout: 60_000,
  expect: { poll: { timeout: 15_000 } },
  setupFiles: ['./src/platform/testing/long-waits.ts'],
  globalSetup: ['./e2e/support/vitest-fault-server.ts', './e2e/support/vitest-chat-servers.ts'],
  browser: {
    enabled: true,
    headless: true,
    screenshotFailures: false,
    provider: playwright({
      launchOptions: {
        ...executable(),
        args: [...QUIET_FLAGS, ...SOFTWARE_DRAWING_FLAGS, ...WEBGPU_FLAGS, SHARED_MEMORY_FLAG, FAST_COMPILE_FLAG],
        env: FONTS_ENVIRONMENT,
      },
    }),
    instances: [{ browser: 'chromium' }],
  },
});

export default defineConfig(({ command }) => ({
  // Relative, so that the site works under any path.
  base: './',
  build: {
    target: BUILD_TARGET,
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    // No links in the head of a page that embeds the element: its chunks import little that is not there already.
    // The browsers that the site is for need no polyfill of the links.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_, files, { hostType }) => (hostType === 'html' ? files : []),
    },
    rolldownOptions: {
      input: { index: 'index.html', hub: 'hub.html', 'alcove-chat': 'src/embed/define.ts' },
      preserveEntrySignatures: 'exports-only',
      output: {
        assetFileNames: (asset) => `assets/${assetName(asset)}`,
        codeSplitting: { groups: CHUNK_GROUPS },
      },
    },
  },
  resolve: RESOLVE_OPTIONS,
  worker: { ...WORKER_OPTIONS, plugins: () => [watPlugin(), builtFileUrls(CATALOGUE_PATH)] },
  // Named, because one that is found only when a lazy import runs reloads the page, and the test in it.
  optimizeDeps: {
    include: [
      'lit',
      '@lit/context',
      '@lit/localize',
      'axe-core',
      'lit/decorators.js',
      'lit/directive.js',
      'lit/directives/live.js',
      'lit/directives/repeat.js',
      'idb',
      'idb-keyval',
      '@cfworker/json-schema',
      '@huggingface/gguf',
      '@mcp-b/webmcp-polyfill',
      'age-encryption',
      'hash-wasm',
      'marked',
      'katex',
      'katex/contrib/mhchem',
      'highlight.js/lib/core',
      'htmlparser2',
      'mammoth',
      'pdfjs-dist/legacy/build/pdf.mjs',
      'pdfjs-dist/legacy/build/pdf.worker.mjs',
      'fast-check',
      '@mlc-ai/web-llm',
      '@wllama/wllama/esm/index.js',
      'openai',
      'openai/helpers/zod',
      'ai',
      '@ai-sdk/openai-compatible',
      'zod',
    ],
  },
  plugins: [
    watPlugin(),
    cssPlugin(),
    htmlPlugin(),
    iconPlugin(),
    builtFileUrls(command === 'build' ? CATALOGUE_PATH : '/catalogue.json'),
    ...(command === 'build' ? [embedEntry(), serviceWorker()] : []),
  ],
  test: {
    projects: [
      {
        extends: true,
        // Two pages of one browser: most tests wait for frames, timers and IndexedDB rather than compute.
        test: {
          ...inBrowser(),
          name: 'page',
          include: ['src/**/*.test.ts'],
          exclude: [...SLOW_TESTS, ...SERVER_TESTS],
          maxWorkers: 2,
        },
      },
      { extends: true, test: { ...inBrowser(), name: 'engines', include: SLOW_TESTS } },
      {
        extends: true,
        // As above, for what hangs: one test reads every file of the project.
        test: { name: 'tools', environment: 'node', include: ['tools/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          ...inBrowser(),
          name: 'servers',
          include: SERVER_TESTS,
          globalSetup: './e2e/support/vitest-real-servers.ts',
        },
      },
    ],
  },
}));

function serviceWorker(): ReturnType<typeof VitePWA> {
  return VitePWA({
    strategies: 'injectManifest',
    srcDir: 'src/sw',
    filename: 'service-worker.ts',
    // Both are ours: public/manifest.webmanifest, src/session/service-worker-client.ts.
    manifest: false,
    injectRegister: false,
    injectManifest: {
      rollupFormat: 'iife',
      globPatterns: ['**/*.{html,js,css,json,webmanifest,svg,png,wasm,woff2}'],
      // The list of a hub's pages must take effect at once, so its page always comes from the host.
      // Weights belong to the weight store; the element on other sites has no service worker.
      globIgnores: ['hub.html', 'models/**', 'catalogue-pins.json', 'embed/**', '.vite/**', '**/*.map'],
      dontCacheBustURLsMatching: /^assets\//,
      // llama.cpp's compatible build is 18.8 MB.
      maximumFileSizeToCacheInBytes: 20 * 1024 * 1024,
    },
  });
}

function executable(): { executablePath?: string } {
  const executablePath = findChromium();
  return executablePath === undefined ? {} : { executablePath };
}
