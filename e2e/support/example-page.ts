import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { NetworkLog } from './network-log.ts';
import { SiteServer } from './site-server.ts';

/**
 * Serves built examples as another site, under the policy of docs/embedding.md.
 * @param pages folders with an index.html each. Default: the folder itself
 */
export async function serveExample(
  folder: string,
  modelHost: string,
  network: NetworkLog,
  pages: readonly string[] = [''],
): Promise<SiteServer> {
  const host = await SiteServer.start({ root: folder, headers: false });
  network.allow(host.origin);
  for (const name of pages) {
    const html = await readFile(join(folder, name, 'index.html'), 'utf8');
    host.route(name === '' ? '/' : `/${name}/`, (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': policyFor(html, modelHost) });
      response.end(html);
    });
  }
  return host;
}

/** What docs/embedding.md asks for with the package, and nothing else besides what the bundler wrote into the page (Parcel's import map). */
function policyFor(html: string, modelHost: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, code = '']) => {
    return `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
  });
  const scripts = ["'self'", "'wasm-unsafe-eval'", ...inline].join(' ');
  // What is not a script is the example's own.
  const rest = "style-src 'self' 'unsafe-inline'; connect-src 'self'";
  return `default-src 'none'; script-src ${scripts}; worker-src blob:; ${rest} ${modelHost}`;
}

/** Lets the toy of a site answer in an opened example, which then has counted the question and the answer. */
export async function talkToToy(page: Page, site: SiteServer): Promise<void> {
  const chat = page.locator('alcove-chat');
  await expect(page.locator('alcove-chat:defined')).toBeAttached();
  await chat.evaluate((element, catalogue) => Object.assign(element, { catalogue }), `${site.origin}/catalogue.json`);
  const composer = chat.getByRole('textbox', { name: 'Message' });
  await composer.fill('What is the capital of France?');
  await composer.press('Enter');
  // The weights may be stored by an earlier example of the same origin.
  const answer = chat.locator('article[part~="assistant"]');
  const download = chat.getByRole('button', { name: /^Download/ });
  await expect(answer.or(download)).toBeVisible();
  if (await download.isVisible()) await download.click();
  await expect(answer).toContainText('The capital of France is Paris.', { timeout: 60_000 });
  await expect(page.locator('output')).toHaveText('2');
}
