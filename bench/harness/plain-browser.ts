import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { QUIET_FLAGS, requireChromium, WEBGPU_FLAGS } from '../../tools/find-chromium.ts';
import type { BenchServer } from './bench-server.ts';
import { newProfileFolder } from './browser.ts';
import { type BrowserProcess, browserProcesses, cpuTicks } from './processes.ts';

const SPIN_MS = 300;

/** A browser with fewer clock ticks (10 ms) in SPIN_MS counts as idle. */
const IDLE_TICKS = 2;

/** How long to wait for a busy browser. */
const SETTLE_TIMEOUT_MS = 15_000;

/**
 * One page in a Chromium without a debugger, with a profile on disk: developer tools cost the page memory and time, and in a
 * private window IndexedDB lives in memory.
 */
export class PlainBrowser {
  readonly profileFolder: string;
  /** The process of the page. */
  readonly rendererPid: number;
  readonly #child: ChildProcess;
  readonly #server: BenchServer;

  private constructor(server: BenchServer, profileFolder: string, child: ChildProcess, rendererPid: number) {
    this.#server = server;
    this.profileFolder = profileFolder;
    this.#child = child;
    this.rendererPid = rendererPid;
  }

  /** Opens one of bench/pages; resolves when the browser is idle. */
  static async open(server: BenchServer, pageName: string, profileFolder = newProfileFolder()): Promise<PlainBrowser> {
    server.mailbox.reset();
    const url = `${server.origin}/page/${pageName}?mail`;
    const flags = ['--headless', `--user-data-dir=${profileFolder}`, ...QUIET_FLAGS, ...WEBGPU_FLAGS];
    const child = spawn(requireChromium(), [...flags, url], { stdio: 'ignore' });
    try {
      await server.mailbox.ask({ type: 'spin', ms: 0 });
      await settled(profileFolder);
      const renderers = browserProcesses(profileFolder).filter(({ type }) => type === 'renderer');
      const before = renderers.map(({ pid }) => cpuTicks(pid));
      await server.mailbox.ask({ type: 'spin', ms: SPIN_MS });
      const used = renderers.map(({ pid }, index) => ({ pid, ticks: cpuTicks(pid) - (before[index] ?? 0) }));
      const busiest = used.sort((a, b) => b.ticks - a.ticks)[0];
      if (busiest === undefined) throw new Error('the browser has no renderer');
      return new PlainBrowser(server, profileFolder, child, busiest.pid);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Runs the page's benchmark; `options` must survive JSON. */
  async run<Result>(options: object): Promise<Result> {
    return (await this.#server.mailbox.ask({ type: 'run', options })) as Result;
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
}

/** Waits for what a browser does after its start. */
async function settled(profileFolder: string): Promise<void> {
  const deadline = performance.now() + SETTLE_TIMEOUT_MS;
  const ticks = () => browserProcesses(profileFolder).reduce((sum, { pid }) => sum + cpuTicks(pid), 0);
  for (let before = ticks(); performance.now() < deadline; ) {
    await sleep(SPIN_MS);
    const now = ticks();
    if (now - before < IDLE_TICKS) return;
    before = now;
  }
}

function signal(pid: number, name: 'SIGKILL' | 'SIGTERM'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended with another process.
  }
}
