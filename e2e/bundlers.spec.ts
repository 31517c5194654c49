import { BUNDLERS, buildFrameworks } from './support/bundlers.ts';
import { serveExample, talkToToy } from './support/example-page.ts';
import { test } from './support/fixtures.ts';
import { HostProject } from './support/host-project.ts';

// One after another: all build from one installed package.
test.describe.configure({ mode: 'default' });

const FRAMEWORKS = ['react', 'vue', 'svelte'];

let project: HostProject;

test.beforeAll(async () => {
  project = await HostProject.create();
  await project.link('react', 'react-dom', 'vue', 'svelte');
  await project.addExamples('vite', 'webpack', ...FRAMEWORKS);
});

test.afterAll(() => project.remove());

for (const [name, build] of Object.entries(BUNDLERS)) {
  test(`a page that ${name} has built answers, under the policy of docs/embedding.md`, async ({
    site,
    page,
    network,
  }) => {
    const host = await serveExample(await build(project.folder), site.origin, network);
    await page.goto(host.origin);
    await talkToToy(page, site);
    await host.stop();
  });
}

test('components in React, Vue and Svelte answer, and hear of it by their own listeners', async ({
  site,
  page,
  network,
}) => {
  const output = await buildFrameworks(project.folder, FRAMEWORKS);
  const host = await serveExample(output, site.origin, network, FRAMEWORKS);
  for (const name of FRAMEWORKS) {
    await page.goto(`${host.origin}/${name}/`);
    await talkToToy(page, site);
  }
  await host.stop();
});
