import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { agree, use } from './support/embedded.ts';
import { talkToToy } from './support/example-page.ts';
import { expect, test } from './support/fixtures.ts';
import { SiteServer } from './support/site-server.ts';

const LIB = fileURLToPath(new URL('../lib', import.meta.url));

test('a page without a bundler takes the package from another origin, formulas too, and a second copy does no harm', async ({
  site,
  page,
  network,
}) => {
  const copies = [await SiteServer.start({ root: LIB }), await SiteServer.start({ root: LIB })];
  const host = await SiteServer.start({ headers: false });
  const scripts = copies.map(({ origin }) => `<script type="module" src="${origin}/define.js"></script>`).join('');
  const chatTag = `<alcove-chat model="toy-f32-GGUF" storage="memory" catalogue="${site.origin}/catalogue.json"></alcove-chat>`;
  host.serve('/', `<!doctype html><title>Host</title>${scripts}${chatTag}`, 'text/html');
  network.allow(host.origin, ...copies.map(({ origin }) => origin));
  await page.goto(host.origin);
  const chat = page.locator('alcove-chat');
  await use(chat);
  await expect(chat.getByRole('button', { name: /^Download/ })).toBeVisible();
  await chat.evaluate((element) => {
    Object.assign(element, {
      messages: [
        { role: 'user', content: 'Energy?' },
        { role: 'assistant', content: '$$E = mc^2$$' },
      ],
    });
  });
  await expect(chat.locator('.katex .mathnormal').first()).toHaveCSS('font-family', /AlcoveKaTeX/);
  await page.waitForFunction(() =>
    [...document.fonts].some(({ family, status }) => family.includes('AlcoveKaTeX_Math') && status === 'loaded'),
  );
  await Promise.all([host, ...copies].map((server) => server.stop()));
});

test('one script from a CDN, with its hash, loads the element, and no module that was changed', async ({
  site,
  page,
  network,
}) => {
  const cdn = await SiteServer.start({ root: LIB });
  const host = await SiteServer.start({ headers: false });
  network.allow(host.origin, cdn.origin);
  const hashes = JSON.parse(readFileSync(join(LIB, 'integrity.json'), 'utf8')) as Record<string, string>;
  const script = `<script type="module" crossorigin nonce="n" integrity="${hashes['./cdn.js']}" src="${cdn.origin}/cdn.js"></script>`;
  const html = `<!doctype html><title>Host</title>${script}<alcove-chat model="toy-f32-GGUF" catalogue="${site.origin}/catalogue.json"></alcove-chat>`;
  host.route('/', (_, response) => {
    // The nonce is for the import map; modules are allowed by their host.
    const policy = `script-src 'nonce-n' ${cdn.origin} 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types alcove alcove-cdn lit-html`;
    response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': policy });
    response.end(html);
  });
  await page.goto(host.origin);
  const chat = page.locator('alcove-chat');
  const download = chat.getByRole('button', { name: /^Download/ });
  await use(chat);
  await expect(download).toBeVisible();

  const gate = readdirSync(LIB).find((name) => name.startsWith('model-gate-')) ?? '';
  cdn.serve(`/${gate}`, `document.title = 'Changed'; ${readFileSync(join(LIB, gate), 'utf8')}`, 'text/javascript');
  const refused = page.waitForEvent('console', (message) => message.text().includes(`${cdn.origin}/${gate}`));
  await page.goto(`${host.origin}/?again`);
  await use(chat);
  await refused;
  await expect(page).toHaveTitle('Host');
  await expect(download).not.toBeVisible();

  cdn.serve('/define.js', `document.title = 'Changed';`, 'text/javascript');
  const reported = page.waitForEvent('console', (message) => /its modules did not load/.test(message.text()));
  await page.goto(`${host.origin}/?again`);
  await reported;
  await expect(page).toHaveTitle('Host');
  await Promise.all([host, cdn].map((server) => server.stop()));
});

test('the example with an import map answers', async ({ site, page, network }) => {
  const example = readFileSync(new URL('../examples/import-map.html', import.meta.url), 'utf8');
  const host = await SiteServer.start({ root: join(LIB, '..'), headers: false });
  host.serve('/', example.replace('SmolLM2-360M-Instruct-Q8_0-GGUF', 'toy-f32-GGUF'), 'text/html');
  network.allow(host.origin);
  await page.goto(host.origin);
  await talkToToy(page, site);
  await host.stop();
});

test('in a frame without an origin of its own the package answers from memory', async ({ site, page, network }) => {
  const copy = await SiteServer.start({ root: LIB });
  const host = await SiteServer.start({ headers: false });
  network.allow(host.origin, copy.origin);
  const chatTag = `<alcove-chat model="toy-f32-GGUF" catalogue="${site.origin}/catalogue.json"></alcove-chat>`;
  const frameHtml = `<!doctype html><title>Frame</title><script type="module" src="${copy.origin}/define.js"></script>${chatTag}`;
  host.serve('/frame', frameHtml, 'text/html');
  host.serve('/', '<iframe sandbox="allow-scripts" width="700" height="700" src="/frame"></iframe>', 'text/html');
  await page.goto(host.origin);
  const chat = page.frameLocator('iframe').locator('alcove-chat');
  await agree(chat);
  const composer = chat.getByRole('textbox', { name: 'Message' });
  await composer.fill('What is the capital of France?');
  await composer.press('Enter');
  await expect(chat.locator('article[part~="assistant"]')).toContainText('The capital of France is Paris.', {
    timeout: 60_000,
  });
  await Promise.all([host, copy].map((server) => server.stop()));
});

test('a page that is not secure says so, the site too, and methods reject with the reason', async ({
  page,
  network,
}) => {
  const origin = 'http://host.example';
  network.allow(origin);
  const html = `<!doctype html><title>Host</title><script type="module" src="define.js"></script><alcove-chat></alcove-chat>`;
  await page.route(`${origin}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    return pathname === '/'
      ? route.fulfill({ contentType: 'text/html', body: html })
      : route.fulfill({ path: join(LIB, pathname) });
  });
  await page.goto(origin);
  const chat = page.locator('alcove-chat');
  await expect(chat.getByText('This page is not secure')).toBeVisible();
  const code = await chat.evaluate((element) => {
    const { send } = element as unknown as { send(text: string): Promise<unknown> };
    return send.call(element, 'Hello').catch((error: unknown) => Reflect.get(Object(error), 'code'));
  });
  expect(code).toBe('insecure-context');

  const ownSite = 'http://alcove.example';
  network.allow(ownSite);
  await page.route(`${ownSite}/**`, (route) =>
    route.fulfill({ path: join(LIB, '..', 'dist', new URL(route.request().url()).pathname) }),
  );
  await page.goto(`${ownSite}/index.html`);
  await expect(page.getByText('This page is not secure')).toBeVisible();
  // Also where the text around it waits for its translation.
  await page.evaluate(() => document.documentElement.setAttribute('data-returning', ''));
  await expect(page.getByRole('heading', { level: 1 })).toBeHidden();
  await expect(page.getByText('This page is not secure')).toBeVisible();
});
