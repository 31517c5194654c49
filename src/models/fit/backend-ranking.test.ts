import { describe, expect, it } from 'vitest';
import type { Backend } from '../backend.ts';
import type { DeviceReport } from '../device.ts';
import type { ModelRecord } from '../model-record.ts';
import { MADE_UP_DEVICE, madeUpRecord } from '../testing/made-up.ts';
import { backendToTry, type RankedBackend, rankBackends } from './backend-ranking.ts';
import { deviceKey, type RunResult } from './run-history.ts';

const device = MADE_UP_DEVICE;
const mlc = madeUpRecord({ id: 'mlc', requiredFeatures: ['shader-f16'] });
const gguf: ModelRecord = { ...mlc, id: 'gguf', engine: 'wllama', requiredFeatures: [] };

function result(record: ModelRecord, backend: Backend | undefined, more: Partial<RunResult> = {}): RunResult {
  return { recordId: record.id, revision: '1', at: 0, ...(backend && { backend }), ...more };
}

interface Situation {
  readonly selected?: ModelRecord;
  readonly stored?: readonly ModelRecord[];
  readonly on?: Partial<DeviceReport>;
  readonly results?: readonly RunResult[];
  readonly hasGpuLlama?: boolean;
}

function ranking(situation: Situation = {}): readonly RankedBackend[] {
  const { selected = mlc, stored = [mlc, gguf], on = {}, results = [], hasGpuLlama = true } = situation;
  const variants = [gguf, mlc].map((record) => ({ record, isStored: stored.includes(record) }));
  return rankBackends(selected, variants, { ...device, ...on }, results, { hasGpuLlama });
}

function names(ranked: readonly RankedBackend[]): string[] {
  return ranked.map(nameOf);
}

function nameOf({ record, backend }: RankedBackend): string {
  return [record.id, backend?.kind, backend?.threadCount].filter((part) => part !== undefined).join(' ');
}

function tried(situation: Situation = {}): string | undefined {
  const found = backendToTry(ranking(situation));
  return found && nameOf(found);
}

describe('the ranking of backends', () => {
  it('ranks WebGPU, then threads, then one thread, and the selected variant first', () => {
    const processor = ['gguf threads 8', 'gguf threads 4', 'gguf single'];
    expect(names(ranking())).toEqual(['mlc', 'gguf webgpu', ...processor]);
    expect(names(ranking({ selected: gguf }))).toEqual(['gguf webgpu', 'mlc', ...processor]);
  });

  it.each<[string, Situation, string[]]>([
    ['no adapter', { on: { webgpu: 'no-adapter' } }, ['gguf threads 8', 'gguf threads 4', 'gguf single']],
    ['no shader-f16', { on: { features: [] } }, ['gguf threads 8', 'gguf threads 4', 'gguf single']],
    [
      'a software adapter',
      { on: { isFallbackAdapter: true } },
      ['mlc', 'gguf threads 8', 'gguf threads 4', 'gguf single'],
    ],
    ['no JSPI', { hasGpuLlama: false }, ['mlc', 'gguf threads 8', 'gguf threads 4', 'gguf single']],
    ['no isolation', { on: { sharedMemory: false } }, ['mlc', 'gguf webgpu', 'gguf single']],
    ['two cores', { on: { cores: 2 } }, ['mlc', 'gguf webgpu', 'gguf threads 2', 'gguf single']],
    ['one core', { on: { cores: 1 } }, ['mlc', 'gguf webgpu', 'gguf single']],
  ])('has only the backends that %s leaves', (_, situation, expected) => {
    expect(names(ranking(situation))).toEqual(expected);
  });

  it('puts failed backends last, with the reason', () => {
    const all = ranking({ results: [result(mlc, undefined, { failure: 'device-lost' })] });
    expect(names(all)).toEqual(['gguf webgpu', 'gguf threads 8', 'gguf threads 4', 'gguf single', 'mlc']);
    expect(all.at(-1)?.failure).toBe('device-lost');
  });

  it('reorders only measured backends, by their speed', () => {
    const rate = (decodeTokensPerSecond: number) => ({ decodeTokensPerSecond });
    const results = [
      result(mlc, undefined, rate(10)),
      result(gguf, { kind: 'threads', threadCount: 8 }, rate(20)),
      result(gguf, { kind: 'threads', threadCount: 4 }, rate(30)),
    ];
    expect(names(ranking({ results }))).toEqual([
      'gguf threads 4',
      'gguf webgpu',
      'gguf threads 8',
      'mlc',
      'gguf single',
    ]);
  });

  it('keeps the order if the difference could come from a busy machine', () => {
    const results = [
      result(mlc, undefined, { decodeTokensPerSecond: 20 }),
      result(gguf, { kind: 'webgpu' }, { decodeTokensPerSecond: 24 }),
    ];
    expect(names(ranking({ results })).slice(0, 2)).toEqual(['mlc', 'gguf webgpu']);
  });

  it('ignores results of other files', () => {
    const old = { ...result(mlc, undefined, { failure: 'device-lost' }), revision: '0' };
    expect(names(ranking({ results: [old] }))[0]).toBe('mlc');
  });
});

describe('the backend to try', () => {
  it('is the highest-ranked one whose files are stored', () => {
    expect(tried()).toBe('mlc');
    expect(tried({ stored: [gguf] })).toBe('gguf webgpu');
    expect(tried({ stored: [] })).toBeUndefined();
  });

  it('is a failed one if nothing else is stored', () => {
    expect(tried({ stored: [mlc], results: [result(mlc, undefined, { failure: 'engine-crashed' })] })).toBe('mlc');
  });

  it('is an untried one while the best known one is slow', () => {
    const slow = result(mlc, undefined, { decodeTokensPerSecond: 9 });
    expect(tried({ results: [slow] })).toBe('gguf webgpu');
    expect(tried({ results: [slow], stored: [mlc] })).toBe('mlc');
    expect(tried({ results: [result(mlc, undefined, { decodeTokensPerSecond: 21 })] })).toBe('mlc');
  });

  it('is never one thread if several threads were measured', () => {
    const threads = result(gguf, { kind: 'threads', threadCount: 2 }, { decodeTokensPerSecond: 3 });
    const situation = { selected: gguf, stored: [gguf], on: { webgpu: 'no-api', cores: 2 } } as const;
    expect(tried({ ...situation, results: [threads] })).toBe('gguf threads 2');
  });
});

describe('a result', () => {
  it('applies to its browser version, graphics card and engines, also after a patch of the browser', () => {
    const engines = { webllm: '1' };
    const key = deviceKey(device, 'Chrome/156.0.1', engines);
    expect(deviceKey(device, 'Chrome/156.0.2', engines)).toBe(key);
    expect(deviceKey(device, 'Chrome/157.0.1', engines)).not.toBe(key);
    expect(deviceKey({ ...device, vendor: 'intel' }, 'Chrome/156.0.1', engines)).not.toBe(key);
    expect(deviceKey(device, 'Chrome/156.0.1', { webllm: '2' })).not.toBe(key);
  });
});
