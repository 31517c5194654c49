import { accessSync, constants } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The path of a Chromium to test with: `ALCOVE_CHROMIUM` if it is set, else the system's, else the one that Playwright
 * installed. Undefined when there is none.
 */
export function findChromium(): string | undefined {
  const named = process.env['ALCOVE_CHROMIUM'];
  if (named !== undefined) return named;
  return [...CANDIDATES, chromium.executablePath()].find(isExecutable);
}

/** As findChromium, for callers that need one. @throws Error that says how to get one */
export function requireChromium(): string {
  const path = findChromium();
  if (path === undefined) {
    throw new Error('No Chromium found. Install one (Debian: apt-get install chromium) or set ALCOVE_CHROMIUM to it.');
  }
  return path;
}

/** What headless Chromium needs to offer WebGPU on a machine without a graphics card (SwiftShader). */
export const WEBGPU_FLAGS = ['--enable-unsafe-webgpu', '--ignore-gpu-blocklist'] as const;

/** Shared memory, which WebAssembly threads need, without a page that is cross-origin isolated. */
export const SHARED_MEMORY_FLAG = '--enable-features=SharedArrayBuffer';

/**
 * With these each window loads two pages of the address bar's, for a second of processor time: longer than many a test takes.
 * Named by Chromium 156; a version that does not know them ignores them.
 */
export const ADDRESS_BAR_PAGES = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'] as const;

/** What Playwright switches off (1.65): Chromium takes the last list of a command line alone. */
export const PLAYWRIGHT_FEATURES_OFF = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
] as const;

/** For every test browser: run as root in a container, and ask nothing of the network by itself. */
export const QUIET_FLAGS = [
  `--disable-features=${[...ADDRESS_BAR_PAGES, ...PLAYWRIGHT_FEATURES_OFF].join(',')}`,
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
] as const;

/**
 * For tests, which look at no pixels. Debian's Chromium asks for a graphics card to draw its pages, which SwiftShader plays
 * on the processor.
 */
export const SOFTWARE_DRAWING_FLAGS = ['--disable-gpu-rasterization', '--disable-gpu-compositing'] as const;

/**
 * Compiles WebAssembly once and fast, and does not optimize it: llama.cpp is 10 MB at every load, and a toy writes ten words.
 * Not for a real model.
 */
export const FAST_COMPILE_FLAG = '--js-flags=--liftoff-only';

/**
 * The environment of every test browser: text is laid out in the fonts that fonts.conf names, so that a test which
 * measures a layout gives the same result on every machine with Linux. Elsewhere the system's own fonts remain.
 */
export const FONTS_ENVIRONMENT = {
  ...process.env,
  FONTCONFIG_FILE: fileURLToPath(new URL('fonts.conf', import.meta.url)),
};

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
