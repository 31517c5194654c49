import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseCatalogue } from '../catalogue/catalogue.ts';
import { bestVariant, recommend } from '../catalogue/recommend.ts';
import { completeDevice, type DeviceReport } from '../device.ts';
import { ENGINE_PROFILES } from '../engines/engine-profiles.ts';
import type { ModelRecord } from '../model-record.ts';
import { RECORDED_DEVICES } from '../testing/device-reports.ts';
import { MADE_UP_DEVICE, madeUpRecord } from '../testing/made-up.ts';
import { memoryWith, usualContextWindow } from './context-window.ts';
import { fitModel } from './fit.ts';
import type { FitInputs } from './fit-inputs.ts';
import { memoryBudget } from './fit-memory.ts';
import { canRun, type Fit, fittedRecord } from './fit-result.ts';
import type { RunResult } from './run-history.ts';
import { windowChoices } from './window-choices.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

const device = MADE_UP_DEVICE;
const record = madeUpRecord({
  memory: { layers: 16, kvLayers: 16, kvHeads: 8, headSize: 64 },
  requiredFeatures: ['shader-f16'],
});

function outcomeFacts(outcome: Partial<RunResult>): FitInputs {
  return { history: { of: ({ id }) => [{ recordId: id, revision: '1', at: 0, ...outcome }] } };
}

/** The catalogue that ships. */
let shipped: readonly ModelRecord[];
beforeAll(async () => {
  const url = new URL('/catalogue.json', location.href).href;
  shipped = parseCatalogue(await (await fetch(url)).json(), url).models;
});

describe('the requirements of a record', () => {
  test('a device that meets them runs the model', () => {
    expect(fitModel(record, device).status).toBe('runs-well');
    expect(fitModel(record, undefined)).toEqual({ status: 'unknown' });
  });

  test.each([
    [{ webgpu: 'no-api' }, 'webgpu-missing', {}],
    [{ webgpu: 'no-adapter' }, 'gpu-adapter-missing', {}],
    [{ features: [] }, 'gpu-feature-missing', { feature: 'shader-f16' }],
    [
      { limits: { ...device.limits, maxStorageBuffersPerShaderStage: 8 } },
      'gpu-limit-too-low',
      { limit: 'maxStorageBuffersPerShaderStage', needed: 10, available: 8 },
    ],
  ] as const)('a device with %o cannot run the model: %s', (difference, code, data) => {
    expect(fitModel(record, { ...device, ...difference })).toEqual({ status: 'cannot-run', code, data });
  });

  test('a record that binds more than 128 MiB at once is refused on a phone with that limit', () => {
    const phone = { ...device, limits: { ...device.limits, maxStorageBufferBindingSize: 128 * MIB } };
    expect(fitModel({ ...record, requiredBindingBytes: 256 * MIB }, phone).status).toBe('cannot-run');
  });

  test('llama.cpp runs its models without WebGPU', () => {
    const without = { ...device, webgpu: 'no-api', features: [] } as const;
    expect(canRun(fitModel({ ...record, engine: 'wllama', quantization: 'Q4_K_M' }, without))).toBe(true);
  });

  test('a model for a server, and one that computes embeddings, are refused by different codes', () => {
    const server = { ...record, engine: 'server', source: { kind: 'server', revision: '' } } as const;
    expect(fitModel(server, device)).toMatchObject({ code: 'model-too-large' });
    expect(fitModel({ ...record, abilities: ['embeddings'] }, device)).toMatchObject({ code: 'model-not-for-chat' });
  });
});

describe('memory', () => {
  test('a model above the certain memory may not fit, one above the possible memory cannot run', () => {
    expect(fitModel({ ...record, vramBytes: 6e9 }, device)).toMatchObject({
      status: 'may-not-fit',
      reason: { kind: 'memory' },
    });
    const small = { ...device, memoryBytes: 4 * GIB };
    expect(fitModel({ ...record, vramBytes: 30e9 }, small)).toMatchObject({
      status: 'cannot-run',
      code: 'memory-too-small',
      data: { neededBytes: 30e9 },
    });
  });

  test('a smaller context window is used if the configured one exceeds the memory', () => {
    const kvBytes = 2 * 16 * 8 * 64 * 2;
    const long = { ...record, contextWindow: 65_536, vramBytes: 600e6 + kvBytes * 65_536 };
    const fit = fitModel(long, { ...device, memoryBytes: 4 * GIB });
    if (!canRun(fit)) throw new Error(fit.status);
    expect(fit.status).toBe('runs-well');
    expect(fit.estimate.contextWindow).toBeLessThan(65_536);
    expect(fit.estimate.contextWindow).toBeGreaterThanOrEqual(1_024);
    expect(fit.estimate.memoryBytes).toBeLessThanOrEqual(fit.estimate.budgetBytes);
    const { contextWindow } = fit.estimate;
    expect(fittedRecord(long, fit)).toEqual({ ...long, contextWindow });
    const short = { ...record, trainedContextWindow: record.contextWindow };
    expect(fittedRecord(short, fitModel(short, device))).toBe(short);
  });

  test('a model that crashed on this device is no good fit, and one that worked is', () => {
    expect(fitModel(record, device, outcomeFacts({ failure: 'out-of-memory' }))).toMatchObject({
      status: 'may-not-fit',
      reason: { kind: 'failed-before', code: 'out-of-memory' },
    });
    const large = { ...record, vramBytes: 6e9 };
    const worked = fitModel(large, device, outcomeFacts({ decodeTokensPerSecond: 30 }));
    expect(worked).toMatchObject({ status: 'runs-well', estimate: { speed: { from: 'measured' } } });
  });

  test('a full disk is reported before the download', () => {
    expect(fitModel(record, device, { freeBytes: 100e6 })).toMatchObject({
      status: 'may-not-fit',
      reason: { kind: 'storage', freeBytes: 100e6 },
    });
  });
});

describe('speed', () => {
  test('the predicted range contains the measured speed, and a slow model is called slow', () => {
    const fit = fitModel(record, device, outcomeFacts({ decodeTokensPerSecond: 2 }));
    if (!canRun(fit)) throw new Error(fit.status);
    expect(fit.status).toBe('runs-slowly');
    expect(fit.estimate.speed.low).toBeLessThan(2);
    expect(fit.estimate.speed.high).toBeGreaterThan(2);
  });

  test('“well” begins where the user reads along, and under one token a second a model is too slow', () => {
    const statusAt = (decodeTokensPerSecond: number) =>
      fitModel(record, device, outcomeFacts({ decodeTokensPerSecond })).status;
    expect([8.1, 7.9, 1.1, 0.9].map(statusAt)).toEqual(['runs-well', 'runs-slowly', 'runs-slowly', 'too-slow']);
    const slow = fitModel(record, device, outcomeFacts({ decodeTokensPerSecond: 0.1 }));
    expect(recommend([{ record, fit: slow }])).toEqual({ first: undefined, second: undefined });
  });

  test('the predicted download time is the size divided by the last rate', () => {
    const fit = fitModel({ ...record, sizeBytes: 500e6 }, device, { downloadBytesPerSecond: 10e6 });
    expect(canRun(fit) && fit.estimate.downloadSeconds).toBe(50);
  });
});

/** Any report that a browser could give, and some that none would. */
const anyDevice: fc.Arbitrary<DeviceReport> = fc.record({
  webgpu: fc.constantFrom('available', 'no-api', 'no-adapter'),
  features: fc.constantFrom([], ['shader-f16']),
  limits: fc.record({
    maxBufferSize: fc.integer({ min: 0, max: 2 ** 33 }),
    maxStorageBufferBindingSize: fc.constantFrom(0, 128 * MIB, 1024 * MIB, 2 ** 32),
    maxComputeWorkgroupStorageSize: fc.constantFrom(16_384, 32_768),
    maxStorageBuffersPerShaderStage: fc.constantFrom(8, 10, 16),
  }),
  vendor: fc.constantFrom('', 'nvidia', 'amd', 'intel', 'apple', 'qualcomm', 'arm'),
  architecture: fc.constant(''),
  isFallbackAdapter: fc.boolean(),
  memoryBytes: fc.option(fc.constantFrom(0.5 * GIB, 2 * GIB, 4 * GIB, 8 * GIB, 32 * GIB), { nil: undefined }),
  cores: fc.integer({ min: 1, max: 128 }),
  sharedMemory: fc.boolean(),
  system: fc.constantFrom('ios', 'android', 'windows', 'mac', 'linux', 'other'),
});

const anyFacts: fc.Arbitrary<FitInputs> = fc.record({
  benchmark: fc.option(
    fc.record({
      gpu: fc.option(
        fc.record({
          bytesPerSecond: fc.double({ min: 1e8, max: 4e12, noNaN: true }),
          weightsPerSecond: fc.double({ min: 1e6, max: 1e13, noNaN: true }),
          secondsPerDispatch: fc.double({ min: 1e-7, max: 1e-2, noNaN: true }),
          secondsPerRoundTrip: fc.double({ min: 1e-5, max: 1e-1, noNaN: true }),
        }),
        { nil: undefined },
      ),
      cpu: fc.record({
        operationsPerSecond: fc.double({ min: 1e8, max: 1e12, noNaN: true }),
        bytesPerSecond: fc.double({ min: 1e8, max: 1e12, noNaN: true }),
        secondsPerMessage: fc.double({ min: 1e-6, max: 1e-2, noNaN: true }),
        threads: fc.option(
          fc.record({
            count: fc.integer({ min: 2, max: 16 }),
            operationsPerSecond: fc.double({ min: 1e8, max: 1e13, noNaN: true }),
            bytesPerSecond: fc.double({ min: 1e8, max: 1e12, noNaN: true }),
            secondsPerBarrier: fc.double({ min: 1e-8, max: 1e-3, noNaN: true }),
            secondsPerMessage: fc.double({ min: 1e-6, max: 1e-2, noNaN: true }),
          }),
          { nil: undefined },
        ),
      }),
    }),
    { nil: undefined },
  ),
  freeBytes: fc.option(fc.integer({ min: 0, max: 2 ** 40 }), { nil: undefined }),
});

const ORDER: readonly Fit['status'][] = ['cannot-run', 'too-slow', 'may-not-fit', 'runs-slowly', 'runs-well'];

describe('the fit on any device', () => {
  test('has a reason and a valid range for every model of the catalogue', () => {
    fc.assert(
      fc.property(anyDevice, anyFacts, fc.integer({ min: 0, max: 1e6 }), (report, facts, pick) => {
        const model = shipped[pick % shipped.length];
        if (model === undefined) return;
        const fit = fitModel(model, report, facts);
        expect(fit.status).not.toBe('unknown');
        if (!canRun(fit)) return;
        const { speed, memoryBytes, budgetBytes, contextWindow } = fit.estimate;
        expect(speed.low).toBeGreaterThan(0);
        expect(speed.high).toBeGreaterThanOrEqual(speed.low);
        expect(Number.isFinite(speed.high)).toBe(true);
        expect(contextWindow).toBeGreaterThan(0);
        expect(contextWindow).toBeLessThanOrEqual(Math.max(model.contextWindow, model.trainedContextWindow ?? 0));
        if (fit.status === 'runs-well' || fit.status === 'runs-slowly')
          expect(memoryBytes).toBeLessThanOrEqual(budgetBytes);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is never worse with more memory', () => {
    fc.assert(
      fc.property(anyDevice, fc.integer({ min: 0, max: 1e6 }), (report, pick) => {
        const model = shipped[pick % shipped.length];
        if (model === undefined) return;
        const little = fitModel(model, { ...report, memoryBytes: 2 * GIB });
        const more = fitModel(model, { ...report, memoryBytes: 4 * GIB });
        expect(ORDER.indexOf(more.status)).toBeGreaterThanOrEqual(ORDER.indexOf(little.status));
      }),
      { numRuns: 1_000 },
    );
  });

  test('chooses a variant that can be loaded, if there is one', () => {
    fc.assert(
      fc.property(anyDevice, (report) => {
        const variants = shipped
          .filter(({ name }) => name === 'Llama 3.2 1B Instruct')
          .map((model) => ({ record: model, fit: fitModel(model, report) }));
        const best = bestVariant(variants);
        expect(best !== undefined && canRun(best.fit)).toBe(variants.some(({ fit }) => canRun(fit)));
      }),
    );
  });
});

function fitted(report: DeviceReport) {
  return shipped.map((model) => ({ record: model, fit: fitModel(model, report) }));
}

describe('the recommendation', () => {
  const variantsOf = (name: string, report: DeviceReport) =>
    bestVariant(fitted(report).filter((entry) => entry.record.name === name))?.record;

  test('is f32 without shader-f16, and llama.cpp without WebGPU', () => {
    const name = 'Llama 3.2 1B Instruct';
    expect(variantsOf(name, device)?.quantization).toBe('q4f16_1');
    expect(variantsOf(name, { ...device, features: [] })).toMatchObject({ engine: 'webllm', quantization: 'q4f32_1' });
    expect(variantsOf(name, { ...device, webgpu: 'no-api', features: [] })?.engine).toBe('wllama');
  });

  test('has a first and a smaller second choice for a laptop, a phone and a device without WebGPU', () => {
    const phone: DeviceReport = { ...device, system: 'android', vendor: 'arm', memoryBytes: 8 * GIB };
    for (const report of [device, phone, { ...device, webgpu: 'no-api', features: [] } as const]) {
      const { first, second } = recommend(fitted(report));
      if (first === undefined || second === undefined) throw new Error('two choices');
      expect(canRun(first.fit)).toBe(true);
      expect(second.fit.status).toBe('runs-well');
      expect(second.record.vramBytes).toBeLessThan(first.record.vramBytes);
      expect(first.record.abilities).toContain('chat');
    }
  });
});

describe('the devices from reported issues', () => {
  test('are thirty in number', () => {
    expect(RECORDED_DEVICES).toHaveLength(30);
  });

  test.each(RECORDED_DEVICES.map((recorded) => [`${recorded.name} (${recorded.issue})`, recorded] as const))(
    '%s: no model that crashed there is predicted to run well',
    (_, { device: report, failed, worked = [] }) => {
      for (const id of failed) {
        const model = shipped.find((candidate) => candidate.id === id);
        if (model === undefined) throw new Error(`the catalogue has no ${id}`);
        expect(fitModel(model, report).status, id).not.toBe('runs-well');
      }
      for (const id of worked) {
        const model = shipped.find((candidate) => candidate.id === id);
        if (model === undefined) throw new Error(`the catalogue has no ${id}`);
        expect(canRun(fitModel(model, report)), id).toBe(true);
      }
    },
  );

  test('each get a first recommendation', () => {
    for (const { name, device: report } of RECORDED_DEVICES) {
      expect(recommend(fitted(report)).first, name).toBeDefined();
    }
  });

  test('become a valid report with the lowest values when fields are missing or invalid', () => {
    expect(completeDevice({})).toMatchObject({ webgpu: 'no-api', cores: 1, memoryBytes: undefined });
    const nonsense = completeDevice({ ...device, memoryBytes: Number.NaN, cores: Number.NaN });
    expect(nonsense).toMatchObject({ cores: 1, memoryBytes: undefined });
    for (const report of [completeDevice({}), nonsense]) {
      for (const model of shipped) {
        const fit = fitModel(model, report);
        expect(fit.status).not.toBe('unknown');
        if (canRun(fit)) expect(fit.estimate.speed.low).toBeGreaterThan(0);
      }
    }
  });
});

describe('the context window', () => {
  const KV_BYTES = 2 * 16 * 8 * 64 * 2;
  const weights = 600e6;
  /** Weights of 600 MB, 32 KB a token, and nothing else. */
  const trained = {
    ...record,
    sizeBytes: weights,
    trainedContextWindow: 131_072,
    vramBytes: weights + KV_BYTES * record.contextWindow,
  };
  const windowOf = (model: ModelRecord, report: DeviceReport, facts: FitInputs = {}): number => {
    const fit = fitModel(model, report, facts);
    if (!canRun(fit)) throw new Error(fit.status);
    return fit.estimate.contextWindow;
  };
  const engine = ENGINE_PROFILES.webllm.local;
  if (engine === undefined) throw new Error('web-llm runs here');

  test('is by default what fits comfortably: more than the configured one, and at most 16,384 on a graphics card', () => {
    expect(windowOf(trained, device)).toBe(16_384);
    expect(windowOf({ ...trained, trainedContextWindow: 8_192 }, device)).toBe(8_192);
    expect(windowOf({ ...trained, trainedContextWindow: 6_000 }, device)).toBe(6_000);
    // A software adapter reads prompts at the processor's speed.
    expect(windowOf(trained, { ...device, isFallbackAdapter: true })).toBe(8_192);
    const small = fitModel(trained, { ...device, memoryBytes: 3 * GIB });
    if (!canRun(small)) throw new Error(small.status);
    // 0.75 of 1.22 GB, less 600 MB: 9.6K tokens of 32 KB.
    expect(small.estimate.contextWindow).toBe(9_216);
    expect(small.estimate.memoryBytes).toBeLessThanOrEqual(0.75 * small.estimate.budgetBytes);
  });

  test('stays the same when answers and benchmarks make more known of the device', () => {
    const long = { ...trained, contextWindow: 65_536, vramBytes: weights + KV_BYTES * 65_536 };
    const report = { ...device, memoryBytes: 4 * GIB };
    expect(windowOf(long, report)).toBeLessThan(65_536);
    expect(windowOf(long, report, outcomeFacts({ decodeTokensPerSecond: 30 }))).toBe(windowOf(long, report));
  });

  test('is the one that the user has chosen, within what the model was trained for and the device may hold', () => {
    expect(windowOf(trained, device, { contextWindow: 2_048 })).toBe(2_048);
    expect(windowOf(trained, device, { contextWindow: 32_768 })).toBe(32_768);
    expect(windowOf(trained, device, { contextWindow: 10_000_000 })).toBe(131_072);
    expect(windowOf(trained, device, { contextWindow: 1 })).toBe(1_024);
    const phone: DeviceReport = { ...device, system: 'android', memoryBytes: 4 * GIB };
    const most = windowOf(trained, phone, { contextWindow: 131_072 });
    expect(most).toBeLessThan(131_072);
    expect(fitModel(trained, phone, { contextWindow: most }).status).toBe('may-not-fit');
  });

  test('can be chosen in steps whose memory rises, none of which exceeds what the device may hold', () => {
    fc.assert(
      fc.property(anyDevice, fc.integer({ min: 0, max: 1e6 }), (report, pick) => {
        const model = shipped[pick % shipped.length];
        const local = model && ENGINE_PROFILES[model.engine].local;
        if (model === undefined || local === undefined) return;
        const { choices } = windowChoices(model, local, report);
        const usual = usualContextWindow(model, local, report);
        expect(choices.map(({ tokens }) => tokens)).toContain(usual);
        const most = Math.max(memoryBudget(local, report).possibleBytes, memoryWith(model, usual));
        for (const [index, { tokens, memoryBytes }] of choices.entries()) {
          expect(memoryBytes).toBeLessThanOrEqual(most);
          expect(tokens).toBeLessThanOrEqual(Math.max(model.contextWindow, model.trainedContextWindow ?? 0));
          if (index > 0) expect(tokens).toBeGreaterThan(choices[index - 1]?.tokens ?? 0);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('is bounded by the training, by the memory, or by the buffers of the graphics card, and says which', () => {
    const limitOf = (model: ModelRecord, report: DeviceReport) => windowChoices(model, engine, report);
    expect(limitOf(trained, device).limit).toBe('trained');
    expect(limitOf(trained, { ...device, memoryBytes: 2 * GIB }).limit).toBe('memory');
    // A token's keys and values take 2 KiB in each layer.
    const limits = { ...device.limits, maxStorageBufferBindingSize: 128 * MIB };
    const bound = limitOf(trained, { ...device, limits });
    expect([bound.limit, bound.choices.at(-1)?.tokens]).toEqual(['binding', 65_536]);
    const { memory: _, ...unknown } = trained;
    expect(limitOf(unknown, device)).toMatchObject({ limit: 'unknown', choices: [{ tokens: 4_096 }] });
  });
});
