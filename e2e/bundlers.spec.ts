import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUNDLERS } from './support/bundlers.ts';
import { expect, test } from './support/fixtures.ts';
import { HostProject } from './support/host-project.ts';
import { SiteServer } from './support/site-server.ts';

// One after another: all build from one installed package.
test.describe.configure({ mode: 'default' });

const MAIN = `import 'alcove-chat/define';
const chat = document.createElement('alcove-chat');
chat.model = 'toy-f32-GGUF';
chat.catalogue = new URLSearchParams(location.search).get('catalogue');
document.body.append(chat);
`;

let project: HostProject;

test.beforeAll(async () => {
  project = await HostProject.create();
  await project.write('main.js', MAIN);
});

test.afterAll(() => project.remove());

for (const [name, build] of Object.entries(BUNDLERS)) {
  test(`a page that ${name} has built answers, under the policy of docs/embedding.md`, async ({
    site,
    page,
    network,
  }) => {
    const output = join(project.folder, `dist-${name}`);
    await build(project.folder, output);
    const host = await SiteServer.start({ root: output, headers: false });
    network.allow(host.origin);
    const html = await readFile(join(output, 'index.html'), 'utf8');
    host.route('/', (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': policyFor(html, site.origin) });
      response.end(html);
    });
    await page.goto(`${host.origin}/?catalogue=${site.origin}/catalogue.json`);
    const chat = page.locator('alcove-chat');
    await chat.getByRole('button', { name: /^Download/ }).click();
    const composer = chat.getByRole('textbox', { name: 'Message' });
    await composer.fill('What is the capital of France?');
    await composer.press('Enter');
    await expect(chat.locator('article[part~="assistant"]')).toContainText('The capital of France is Paris.', {
      timeout: 60_000,
    });
    await host.stop();
  });
}

/** What docs/embedding.md asks for with the package, and nothing else besides what the bundler wrote into the page (Parcel's import map). */
function policyFor(html: string, modelHost: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(([, code = '']) => {
    return `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
  });
  const scripts = ["'self'", "'wasm-unsafe-eval'", ...inline].join(' ');
  return `default-src 'none'; script-src ${scripts}; worker-src blob:; connect-src ${modelHost}`;
}
