import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright';
import { FONTS_ENVIRONMENT, QUIET_FLAGS, requireChromium, WEBGPU_FLAGS } from '../../tools/find-chromium.ts';

export interface BenchBrowserOptions
  extends Pick<LaunchOptions, 'viewport' | 'deviceScaleFactor' | 'isMobile' | 'hasTouch'> {
  /** Default: a new profile. */
  readonly profileFolder?: string;
}

type LaunchOptions = NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>;

/** Chromium driven by Playwright, with a profile on disk. For downloads and memory see PlainBrowser. */
export class BenchBrowser {
  readonly profileFolder: string;
  readonly context: BrowserContext;

  private constructor(profileFolder: string, context: BrowserContext) {
    this.profileFolder = profileFolder;
    this.context = context;
  }

  static async start(options: BenchBrowserOptions = {}): Promise<BenchBrowser> {
    const { profileFolder = newProfileFolder(), ...screen } = options;
    const context = await chromium.launchPersistentContext(profileFolder, {
      ...screen,
      executablePath: requireChromium(),
      env: FONTS_ENVIRONMENT,
      args: [...QUIET_FLAGS, ...WEBGPU_FLAGS],
    });
    return new BenchBrowser(profileFolder, context);
  }

  async open(origin: string, pageName: string): Promise<Page> {
    const page = await this.context.newPage();
    page.on('pageerror', (error) => process.stderr.write(`${pageName}: ${error.message}\n`));
    await page.goto(`${origin}/page/${pageName}`);
    await page.waitForFunction(() => 'benchmark' in globalThis);
    return page;
  }

  async close(): Promise<void> {
    await this.context.close().catch(() => {});
  }

  /** Closes, and deletes the profile. */
  async dispose(): Promise<void> {
    await this.close();
    rmSync(this.profileFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

export function newProfileFolder(): string {
  return mkdtempSync(join(tmpdir(), 'alcove-bench-'));
}

export async function runBenchmark<Result>(page: Page, options: object): Promise<Result> {
  const outcome = await page.evaluate((given) => (globalThis as BenchGlobal).benchmark?.(given), options);
  return outcome as Result;
}

/**
 * For an init script: llama.cpp computes with one thread, as in a browser that shares no memory between workers. On a loaded
 * machine two threads wait for each other, and take many times as long as one.
 */
export function useOneThread(): void {
  Reflect.deleteProperty(globalThis, 'SharedArrayBuffer');
}

/** Flushes all writes to the disk, so that no run pays for the one before. */
export function flushDisk(): void {
  execFileSync('sync');
}

interface BenchGlobal {
  benchmark?: (options: object) => Promise<unknown>;
}
