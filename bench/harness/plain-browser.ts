import type { BenchServer } from './bench-server.ts';
import { PlainChromium } from './plain-chromium.ts';
import { cpuTicks } from './processes.ts';

const SPIN_MS = 300;

/** One page of bench/pages in a Chromium without a debugger, with a profile on disk; it takes orders by the mailbox. */
export class PlainBrowser extends PlainChromium {
  readonly #server: BenchServer;
  #rendererPid: number | undefined;

  private constructor(server: BenchServer, pageName: string, profileFolder: string | undefined) {
    super(`${server.origin}/page/${pageName}?mail`, profileFolder);
    this.#server = server;
  }

  /** Opens one of bench/pages; resolves when the browser is idle. */
  static async open(server: BenchServer, pageName: string, profileFolder?: string): Promise<PlainBrowser> {
    server.mailbox.reset();
    const browser = new PlainBrowser(server, pageName, profileFolder);
    try {
      await server.mailbox.ask({ type: 'spin', ms: 0 });
      await browser.settled();
      await browser.#findRenderer();
      return browser;
    } catch (error) {
      await browser.kill();
      throw error;
    }
  }

  /** The process of the page. */
  get rendererPid(): number {
    if (this.#rendererPid === undefined) throw new Error('the browser has no renderer');
    return this.#rendererPid;
  }

  /** Runs the page's benchmark; `options` must survive JSON. */
  async run<Result>(options: object): Promise<Result> {
    return (await this.#server.mailbox.ask({ type: 'run', options })) as Result;
  }

  /** The renderer that is busy while the page spins. */
  async #findRenderer(): Promise<void> {
    const renderers = this.processes().filter(({ type }) => type === 'renderer');
    const before = renderers.map(({ pid }) => cpuTicks(pid));
    await this.#server.mailbox.ask({ type: 'spin', ms: SPIN_MS });
    const used = renderers.map(({ pid }, index) => ({ pid, ticks: cpuTicks(pid) - (before[index] ?? 0) }));
    this.#rendererPid = used.sort((a, b) => b.ticks - a.ticks)[0]?.pid;
  }
}
