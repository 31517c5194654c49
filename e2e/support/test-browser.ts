import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type LaunchOptions, type Page } from '@playwright/test';
import {
  FAST_COMPILE_FLAG,
  FONTS_ENVIRONMENT,
  QUIET_FLAGS,
  requireChromium,
  SOFTWARE_DRAWING_FLAGS,
  WEBGPU_FLAGS,
} from '../../tools/find-chromium.ts';

export interface TestBrowserOptions {
  /** False: as a browser without WebGPU. */
  readonly webgpu?: boolean;
  /** True: WebAssembly gets as fast as in a user's browser, for real models. */
  readonly optimizes?: boolean;
  /** Host rules before the one that finds nothing but this machine. */
  readonly resolverRules?: string;
}

/** Chromium that finds no host but this machine and those named. */
export function launchOptions(options: TestBrowserOptions = {}): LaunchOptions {
  const rules = [
    options.resolverRules,
    'MAP * ~NOTFOUND',
    'EXCLUDE localhost',
    'EXCLUDE *.localhost',
    'EXCLUDE 127.0.0.1',
  ];
  return {
    executablePath: requireChromium(),
    env: FONTS_ENVIRONMENT,
    args: [
      ...QUIET_FLAGS,
      ...SOFTWARE_DRAWING_FLAGS,
      ...(options.optimizes ? [] : [FAST_COMPILE_FLAG]),
      ...(options.webgpu === false ? [] : WEBGPU_FLAGS),
      '--ignore-certificate-errors',
      `--host-resolver-rules=${rules.filter((rule) => rule !== undefined).join(',')}`,
    ],
  };
}

/** A browser with a profile that outlives it: what is stored is on the disk, and a killed browser can come back. */
export class DurableBrowser {
  readonly #profile: string;
  #context: BrowserContext | undefined;

  private constructor(profile: string) {
    this.#profile = profile;
  }

  static async create(): Promise<DurableBrowser> {
    return new DurableBrowser(await mkdtemp(join(tmpdir(), 'alcove-e2e-')));
  }

  async launch(): Promise<BrowserContext> {
    this.#context = await chromium.launchPersistentContext(this.#profile, launchOptions());
    return this.#context;
  }

  /** Ends the browser as a power switch would: SIGKILL, no farewell to any tab. */
  async kill(): Promise<void> {
    const browser = this.#context?.browser();
    if (!browser || this.#context === undefined) throw new Error('The browser does not run.');
    const closed = this.#context.waitForEvent('close');
    process.kill(await processId(browser), 'SIGKILL');
    await closed;
    this.#context = undefined;
  }

  async dispose(): Promise<void> {
    await this.#context?.close();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function processId(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const main = processInfo.find(({ type }) => type === 'browser');
  if (main === undefined) throw new Error('The browser does not tell its process.');
  return main.id;
}

/** Limits what the page's origin may store from now on; undefined: the browser's own limit again. */
export async function overrideQuota(page: Page, quotaBytes: number | undefined): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send('Storage.overrideQuotaForOrigin', {
    origin,
    ...(quotaBytes !== undefined && { quotaSize: quotaBytes }),
  });
  // The override ends with its session: kept open for as long as the page lives.
}

/**
 * Limits the space of an origin before the app is opened: Chromium reads the quota at the first write and then counts for
 * itself, so that it would notice a later limit too late.
 */
export async function limitSpace(page: Page, origin: string, freeBytes: number): Promise<void> {
  await page.goto(`${origin}/manifest.webmanifest`);
  await overrideQuota(page, freeBytes);
}

/** As after a reader's yes, or in a browser that trusts the site: what the page asks to be kept is kept. */
export async function allowPersistence(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { browserContextId } = (await session.send('Target.getTargetInfo')).targetInfo;
  await session.send('Browser.grantPermissions', {
    origin: new URL(page.url()).origin,
    permissions: ['durableStorage'],
    ...(browserContextId !== undefined && { browserContextId }),
  });
}

/** As the user's "clear site data", or the browser's eviction: databases and caches go while the page runs. */
export async function clearSiteData(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(page.url());
  const storageTypes = 'indexeddb,cache_storage,service_workers';
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes });
  await session.detach();
}

/** Ends the GPU's process, as a driver's crash does. */
export async function crashGpuProcess(browser: Browser): Promise<void> {
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess');
  await session.detach();
}
