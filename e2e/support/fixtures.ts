import { type BrowserContext, test as base, expect, type LaunchOptions } from '@playwright/test';
import { AlcovePage } from './alcove-page.ts';
import { serveCatalogue, toyRecord } from './catalogues.ts';
import { type FaultServer, startFaultServer } from './fault-server.ts';
import { FreezingBrowser } from './freezing-browser.ts';
import { HuggingFaceHost } from './hugging-face-host.ts';
import { ModelHost } from './model-host.ts';
import { NetworkLog } from './network-log.ts';
import { SiteServer } from './site-server.ts';
import { DurableBrowser, launchOptions } from './test-browser.ts';

export { expect };

// So that requests of the service worker reach NetworkLog: https://playwright.dev/docs/service-workers
process.env['PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS'] = '1';

interface Fixtures {
  /** The built site, on an origin of this test's own. */
  readonly site: SiteServer;
  /** Fails the test after its end for a request that left the site's origin, or an error that nobody caught. */
  readonly network: NetworkLog;
  /** The app, not opened yet. */
  readonly app: AlcovePage;
  readonly durable: DurableSetting;
  /** A browser that freezes tabs in the background. */
  readonly freezing: BrowserContext;
  /**
   * Whether llama.cpp may use several threads in `page`; default: one. On two busy cores threads wait for each other: a
   * story that takes one thread a second has taken two of them 42 s.
   */
  readonly threads: boolean;
  /** Has the site offer a made-up model, and only it unless the toy is asked for too. */
  readonly offer: (shardBytes: readonly number[], options?: { withToy?: boolean }) => Promise<ModelHost>;
}

export interface SharedFixtures {
  readonly faultServer: FaultServer;
  readonly huggingFace: HuggingFaceHost;
  readonly launchOptions: LaunchOptions;
  /** Whether WebAssembly gets as fast as in a user's browser; default: it is compiled once and fast. */
  readonly optimizes: boolean;
}

/** A browser with a profile on the disk, for what must outlive it. */
interface DurableSetting {
  launch(): Promise<BrowserContext>;
  kill(): Promise<void>;
}

export const test = base.extend<Fixtures, SharedFixtures>({
  faultServer: [
    async ({}, use) => {
      const server = await startFaultServer();
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],

  huggingFace: [
    async ({ faultServer }, use) => {
      const host = await HuggingFaceHost.start(faultServer);
      await use(host);
      await host.close();
    },
    { scope: 'worker' },
  ],

  optimizes: [false, { option: true, scope: 'worker' }],

  launchOptions: [
    async ({ huggingFace, optimizes }, use) =>
      use(launchOptions({ resolverRules: huggingFace.resolverRules, optimizes })),
    { scope: 'worker' },
  ],

  site: async ({}, use) => {
    const site = await SiteServer.start();
    await use(site);
    await site.stop().catch(() => {});
  },

  network: [
    async ({ context, site }, use) => {
      const log = new NetworkLog(site.origin);
      log.watch(context);
      await use(log);
      expect(log.strays, 'requests that left the site').toEqual([]);
      expect(log.uncaught, 'errors that nobody caught').toEqual([]);
    },
    { auto: true },
  ],

  threads: [false, { option: true }],

  context: async ({ context, threads }, use) => {
    if (!threads) await withoutThreads(context);
    await use(context);
  },

  app: async ({ page, site }, use) => use(new AlcovePage(page, site.origin)),

  offer: async ({ faultServer, site }, use) =>
    use(async (shardBytes, { withToy = false } = {}) => {
      const host = await ModelHost.create(faultServer, site, { id: 'made-up', name: 'Made up', shardBytes });
      serveCatalogue(site, withToy ? [toyRecord(), host.record] : [host.record]);
      return host;
    }),

  freezing: async ({ network, threads }, use) => {
    const browser = await FreezingBrowser.launch();
    network.watch(browser.context);
    if (!threads) await withoutThreads(browser.context);
    await use(browser.context);
    await browser.close();
  },

  durable: async ({ network }, use) => {
    const browser = await DurableBrowser.create();
    await use({
      launch: async () => {
        const context = await browser.launch();
        network.watch(context);
        return context;
      },
      kill: () => browser.kill(),
    });
    await browser.dispose();
  },
});

/** As in a browser that shares no memory between workers. */
async function withoutThreads(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedArrayBuffer'));
}
