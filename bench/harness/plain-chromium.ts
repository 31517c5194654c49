import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { QUIET_FLAGS, requireChromium, WEBGPU_FLAGS } from '../../tools/find-chromium.ts';
import { newProfileFolder } from './browser.ts';
import { type BrowserProcess, browserProcesses, cpuTicks } from './processes.ts';

/** A browser with fewer clock ticks (10 ms) in SPIN_MS counts as idle. */
const SPIN_MS = 300;
const IDLE_TICKS = 2;

/** How long to wait for a busy browser. */
const SETTLE_TIMEOUT_MS = 15_000;

/**
 * A Chromium without a debugger, with a profile on disk: developer tools cost a page memory and time, and in a private window
 * IndexedDB lives in memory.
 */
export class PlainChromium {
  readonly profileFolder: string;
  readonly #child: ChildProcess;

  /** @param address of the page to open; headless Chromium takes one, and a page may open other tabs by itself */
  constructor(address: string, profileFolder = newProfileFolder()) {
    const own = ['--headless', '--disable-popup-blocking', `--user-data-dir=${profileFolder}`];
    this.profileFolder = profileFolder;
    this.#child = spawn(requireChromium(), [...own, ...QUIET_FLAGS, ...WEBGPU_FLAGS, address], { stdio: 'ignore' });
  }

  processes(): BrowserProcess[] {
    return browserProcesses(this.profileFolder);
  }

  /** Kills every process at once, as a crash does. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL', () => true);
  }

  async close(): Promise<void> {
    await this.#end('SIGTERM', ({ type }) => type === 'browser');
  }

  /** Closes, and deletes the profile. */
  async dispose(): Promise<void> {
    await this.close();
    rmSync(this.profileFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  async #end(name: 'SIGKILL' | 'SIGTERM', choose: (candidate: BrowserProcess) => boolean): Promise<void> {
    const all = this.processes();
    for (const { pid } of all.filter(choose)) signal(pid, name);
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    while (all.some(({ pid }) => existsSync(`/proc/${pid}`))) await sleep(20);
  }

  /** Waits until the browser is idle, 15 s at most: it has work of its own after its start. */
  async settled(): Promise<void> {
    const deadline = performance.now() + SETTLE_TIMEOUT_MS;
    const ticks = () => this.processes().reduce((sum, { pid }) => sum + cpuTicks(pid), 0);
    for (let before = ticks(); performance.now() < deadline; ) {
      await sleep(SPIN_MS);
      const now = ticks();
      if (now - before < IDLE_TICKS) return;
      before = now;
    }
  }
}

function signal(pid: number, name: 'SIGKILL' | 'SIGTERM'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended with another process.
  }
}
