import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { ADDRESS_BAR_PAGES } from '../../tools/find-chromium.ts';
import type { SiteServer } from './site-server.ts';
import { launchOptions } from './test-browser.ts';

const LIST = '<meta name="alcove-hub-pages" content="" />';

/** Serves the site's hub to these pages, as an operator does who edits dist/hub.html. */
export function serveHub(site: SiteServer, pages: string, frameAncestors?: string): string {
  const shipped = readFileSync(new URL('../../dist/hub.html', import.meta.url), 'utf8');
  const html = shipped.replace(LIST, `<meta name="alcove-hub-pages" content="${pages}" />`);
  if (html === shipped && pages !== '') throw new Error('hub.html has no list of pages.');
  site.route('/hub.html', (_, response) => {
    response.removeHeader('Content-Security-Policy');
    if (frameAncestors !== undefined) response.setHeader('Content-Security-Policy', frameAncestors);
    response.writeHead(200, { 'Content-Type': 'text/html', 'Cache-Control': 'no-cache' });
    response.end(html);
  });
  return `${site.origin}/hub.html`;
}

/**
 * A server's other origins: browsers take each for a site of its own, on which a frame from localhost is another site's. That
 * of two ports of localhost is not.
 */
export function otherSites({ origin }: SiteServer): { readonly a: string; readonly b: string } {
  const { port } = new URL(origin);
  return { a: `http://a.localhost:${port}`, b: `http://127.0.0.1:${port}` };
}

/** Chromium as users have it: a frame has a storage for each site around it, which Playwright switches off. */
const PARTITIONED = `--disable-features=${ADDRESS_BAR_PAGES.join(',')}`;

/** A browser that keeps the storage of each site's frames apart. */
export class PartitionedBrowser {
  readonly context: BrowserContext;
  readonly #profile: string;

  private constructor(context: BrowserContext, profile: string) {
    this.context = context;
    this.#profile = profile;
  }

  /**
   * @param granted a frame that the user has allowed to use the storage of its own origin on these sites. In the profile: the
   *   permission that the DevTools protocol sets is known to the page, and not to what opens the storage
   */
  static async launch(granted?: { frame: string; on: readonly string[] }): Promise<PartitionedBrowser> {
    const profile = await mkdtemp(join(tmpdir(), 'alcove-e2e-'));
    if (granted !== undefined) {
      const exceptions = granted.on.map((site) => [`${granted.frame},${site.replace(/:\d+$/, '')}`, { setting: 1 }]);
      const preferences = {
        profile: { content_settings: { exceptions: { storage_access: Object.fromEntries(exceptions) } } },
      };
      mkdirSync(join(profile, 'Default'));
      writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
    }
    const { args = [], ...options } = launchOptions();
    const context = await chromium.launchPersistentContext(profile, {
      ...options,
      args: [...args, PARTITIONED],
      serviceWorkers: 'block',
    });
    await context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedArrayBuffer'));
    return new PartitionedBrowser(context, profile);
  }

  async close(): Promise<void> {
    await this.context.close();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
