import { join } from 'node:path';
import { serveExample, talkToToy } from './support/example-page.ts';
import { test } from './support/fixtures.ts';
import { HostProject } from './support/host-project.ts';

/** The folder that each example is built into. */
const EXAMPLES = {
  vite: 'dist',
  webpack: '.',
  react: 'dist',
  vue: 'dist',
  svelte: 'dist',
  next: 'out',
  astro: 'dist',
  sveltekit: 'build',
};

for (const [name, output] of Object.entries(EXAMPLES)) {
  test(`examples/${name} is installed, built and answers`, async ({ site, page, network }) => {
    const project = await HostProject.install(name);
    await project.run('build');
    // For the table in docs/embedding.md.
    console.log(`${name}: ${(await project.versions()).join(', ')}`);
    const host = await serveExample(join(project.folder, output), site.origin, network);
    await page.goto(host.origin);
    await talkToToy(page, site);
    await host.stop();
    await project.remove();
  });
}
