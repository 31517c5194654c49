import { chromium } from '@playwright/test';
import { AlcovePage } from './support/alcove-page.ts';
import { serveCatalogue, toyRecord } from './support/catalogues.ts';
import { expect, test } from './support/fixtures.ts';
import { MIB } from './support/model-host.ts';
import { launchOptions } from './support/test-browser.ts';

test('a browser without WebGPU gets a plain explanation, and the toy that does not need it answers', async ({
  site,
  network,
}) => {
  const browser = await chromium.launch(launchOptions({ webgpu: false }));
  const context = await browser.newContext();
  network.watch(context);
  const app = new AlcovePage(await context.newPage(), site.origin);
  await app.open();
  await expect(
    app.page.getByText(/This browser cannot run models on the graphics card|No graphics card is available/).first(),
  ).toBeVisible();
  // What can be downloaded runs without a graphics card.
  await expect(app.page.getByRole('button', { name: /^(try|download)/i, disabled: false })).not.toHaveCount(0);
  await expect(app.page.getByText(/Runs (well|slowly) here/).first()).toBeVisible();
  expect(site.requests.filter((path) => path.startsWith('/models/'))).toEqual([]);
  await app.download('Toy for llama.cpp');
  await app.expectStored('Toy for llama.cpp');
  await app.ask('What is the capital of France?', 'The capital of France is Paris.');
  await browser.close();
});

// As WebKitGTK does: a way with threads would be tried in vain there, and its failure told.
test('an isolated page without shared memory runs the model on one thread', async ({ app, page }) => {
  await app.open();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await app.tryLlamaToy();
  await app.ask('What is the capital of France?', 'The capital of France is Paris.');
  await app.showStatistics();
  await expect(app.answers.last()).toContainText('CPU, 1 thread');
});

/** Wraps every adapter with lower limits or fewer features; `Reflect` keeps the rest as it is. */
interface AdapterChange {
  readonly withoutFeature?: string;
  readonly limits?: Readonly<Record<string, number>>;
}

function changeAdapter({ withoutFeature, limits = {} }: AdapterChange): void {
  const requestAdapter = GPU.prototype.requestAdapter;
  GPU.prototype.requestAdapter = async function (options) {
    const adapter = await requestAdapter.call(this, options);
    if (adapter === null) return null;
    const shown = new Proxy(adapter.limits, {
      get: (target, name) => limits[String(name)] ?? Reflect.get(target, name),
    });
    const features = new Set([...adapter.features].filter((feature) => feature !== withoutFeature));
    return new Proxy(adapter, {
      get: (target, name) => {
        if (name === 'limits') return shown;
        if (name === 'features') return features;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
}

for (const { title, change, model, words } of [
  {
    title: 'a card without shader-f16',
    change: { withoutFeature: 'shader-f16' },
    model: { requiredFeatures: ['shader-f16'] },
    words: /16-bit numbers \(shader-f16\)/,
  },
  {
    title: 'a card with bindings of 128 MiB',
    change: { limits: { maxStorageBufferBindingSize: 128 * MIB } },
    model: { requiredBindingBytes: 256 * MIB },
    words: /maxStorageBufferBindingSize.*the model needs/,
  },
  {
    title: 'a card with 8 storage buffers a stage',
    change: { limits: { maxStorageBuffersPerShaderStage: 8 } },
    model: {},
    words: /8 \(maxStorageBuffersPerShaderStage\); the model needs 10/,
  },
]) {
  test(`row 30: ${title} gets the reason why a model does not fit before any download`, async ({ app, page, site }) => {
    await page.addInitScript(changeAdapter, change);
    serveCatalogue(site, [{ ...toyRecord(), ...model, id: 'demanding', name: 'Demanding' }]);
    await app.open();
    const card = app.model('Demanding');
    await expect(card.getByText(words)).toBeVisible();
    await expect(card.getByRole('button', { name: /^(try|download)/i, disabled: false })).toHaveCount(0);
    expect(site.requests.filter((path) => path.startsWith('/models/'))).toEqual([]);
  });
}
