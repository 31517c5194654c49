import { expect, type Page, test } from '@playwright/test';
import { SHELL_LOCK_PREFIX } from '../src/platform/shell-protocol.ts';
import { SiteCopy } from './support/site-copy.ts';
import { SiteServer } from './support/site-server.ts';

test.use({ serviceWorkers: 'allow' });

let copy: SiteCopy;
let site: SiteServer;

test.afterEach(async () => {
  await site.stop().catch(() => {});
  copy.dispose();
});

test.describe('on a host that sends no headers', () => {
  test.beforeEach(async () => {
    copy = new SiteCopy();
    site = await SiteServer.start({ root: copy.root, headers: false });
  });

  test('the second visit is isolated and needs no network', async ({ page }) => {
    await install(page, `${site.origin}/`);
    await page.reload();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await site.stop();
    await page.reload();
    await expect(page).toHaveTitle(/Alcove/);
    await page.goto(`${site.origin}/?from=elsewhere#there`);
    await expect(page).toHaveTitle(/Alcove/);
  });

  test('the catalogue and the engine are cached, weights are not, and a Range request reaches the host', async ({
    page,
  }) => {
    await install(page, `${site.origin}/`);
    await page.reload();
    const kept = await keptPaths(page);
    expect(kept).toContain('/catalogue.json');
    expect(kept.filter((path) => path.startsWith('/models/'))).toEqual([]);
    const range = await page.evaluate(async () => {
      const response = await fetch('models/toy/library.wasm', { headers: { Range: 'bytes=4-9' } });
      return { status: response.status, length: (await response.arrayBuffer()).byteLength };
    });
    expect(range).toEqual({ status: 206, length: 6 });
    expect(site.requests).toContain('/models/toy/library.wasm');
  });

  test('a catalogue that changed on its host is used at the visit after the next', async ({ page }) => {
    await install(page, `${site.origin}/`);
    site.serve('/catalogue.json', '{"version":1,"models":"changed"}', 'application/json');
    await page.reload();
    await expect.poll(() => catalogueText(page)).toContain('changed');
    await site.stop();
    expect(await catalogueText(page)).toContain('changed');
  });

  test('a web page that comes in the place of the catalogue is not kept, nor one that was kept before', async ({
    page,
  }) => {
    await install(page, `${site.origin}/`);
    const signIn = '<!doctype html><title>Sign in</title>';
    site.serve('/catalogue.json', signIn, 'text/html');
    const asked = (): number => site.requests.filter((path) => path === '/catalogue.json').length;
    const before = asked();
    await page.reload();
    await expect.poll(asked).toBeGreaterThan(before);
    // As an earlier version of the app has kept it.
    await page.evaluate(async (text) => {
      const cache = await caches.open(`alcove-catalogue ${location.origin}/`);
      await cache.put(`${location.origin}/catalogue.json`, new Response(text));
    }, signIn);
    expect(await catalogueText(page)).toContain('"version"');
    await site.stop();
    await page.reload();
    expect(await catalogueText(page)).toContain('"version"');
    await expect(page.getByText('The list of models cannot be read')).toHaveCount(0);
  });

  test('a new version waits until the user accepts it, and an old tab keeps its files', async ({ page, context }) => {
    await install(page, `${site.origin}/`);
    await page.reload();
    const next = page.locator('html[data-next]');
    const [oldScript = ''] = await shellScripts(page);
    const oldTab = await context.newPage();
    await oldTab.goto(`${site.origin}/`);

    copy.deployNext();
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update();
    });
    await expect.poll(() => isNextWaiting(page)).toBe(true);
    await page.reload();
    await expect(next).toHaveCount(0);

    await applyUpdate(page);
    await page.reload();
    await expect(next).toHaveCount(1);
    await expect.poll(async () => (await shellScripts(page)).length, 'a page of each version').toBe(2);
    expect(await oldTab.evaluate(async (url) => (await fetch(url, { cache: 'no-store' })).status, oldScript)).toBe(200);

    await oldTab.close();
    await page.reload();
    await expect.poll(() => keptPaths(page)).not.toContain(new URL(oldScript).pathname);
  });
});

test('the requests of the service worker itself are in the ledger', async ({ page }) => {
  copy = new SiteCopy();
  site = await SiteServer.start({ root: copy.root });
  await install(page, `${site.origin}/`);
  await page.getByRole('button', { name: 'On this device' }).click();
  const cached = await keptPaths(page);
  const listed = async (): Promise<number> => {
    const sum = await page.locator('alcove-ledger summary').first().textContent();
    return Number(/([\d,]+) requests/.exec(sum ?? '')?.[1]?.replace(',', ''));
  };
  await expect.poll(listed).toBeGreaterThan(cached.length);
});

test('the second visit works offline under a sub-path of the host', async ({ page }) => {
  copy = new SiteCopy('some/where');
  site = await SiteServer.start({ root: copy.root });
  await install(page, `${site.origin}/some/where/`);
  await site.stop();
  await page.reload();
  await expect(page).toHaveTitle(/Alcove/);
});

async function install(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.evaluate(() => navigator.serviceWorker.ready);
}

async function keptPaths(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const paths: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) paths.push(new URL(request.url).pathname);
    }
    return paths;
  });
}

/** The scripts that open pages have told the service worker they run, each once. */
async function shellScripts(page: Page): Promise<string[]> {
  const names = await page.evaluate(async () => ((await navigator.locks.query()).held ?? []).map(({ name }) => name));
  const scripts = names.filter((name) => name?.startsWith(SHELL_LOCK_PREFIX));
  return [...new Set(scripts)].map((name) => name?.slice(SHELL_LOCK_PREFIX.length) ?? '');
}

function catalogueText(page: Page): Promise<string> {
  return page.evaluate(async () => (await fetch('catalogue.json')).text());
}

function isNextWaiting(page: Page): Promise<boolean> {
  return page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null);
}

/** As the app does when the user agrees. */
async function applyUpdate(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { waiting } = await navigator.serviceWorker.ready;
    waiting?.postMessage({ type: 'alcove-apply-update' });
  });
  await expect.poll(() => isNextWaiting(page)).toBe(false);
}
