import { parseCatalogue } from '../../src/models/catalogue/catalogue.ts';
import { recommend } from '../../src/models/catalogue/recommend.ts';
import type { DeviceReport } from '../../src/models/device.ts';
import { FitCache } from '../../src/session/models/fit-cache.ts';
import { offer } from './shared/offer.ts';

const DEVICE: DeviceReport = {
  webgpu: 'available',
  features: ['shader-f16'],
  limits: {
    maxBufferSize: 2 ** 32,
    maxStorageBufferBindingSize: 2 ** 31,
    maxComputeWorkgroupStorageSize: 32_768,
    maxStorageBuffersPerShaderStage: 10,
  },
  vendor: 'intel',
  architecture: 'xe',
  isFallbackAdapter: false,
  memoryBytes: 8 * 2 ** 30,
  cores: 8,
  sharedMemory: true,
};

/** Times the fit of all variants of the catalogue and the recommendation, for the first time in a visit. */
offer(async ({ catalogueUrl }: { catalogueUrl: string }) => {
  const { models } = parseCatalogue(await (await fetch(catalogueUrl)).json(), catalogueUrl);
  const startedAt = performance.now();
  const book = new FitCache({ databasePrefix: 'bench', disposed: new AbortController().signal, onChange: () => {} });
  book.setDevice(DEVICE);
  const fitted = models.map((record) => ({ record, fit: book.of(record, false) }));
  const fitMs = performance.now() - startedAt;
  recommend(fitted);
  return { fitMs, recommendMs: performance.now() - startedAt - fitMs, count: models.length };
});
