import type { ErrorCode } from '../../platform/errors.ts';
import { type Backend, isSameBackend } from '../backend.ts';
import type { DeviceReport } from '../device.ts';
import type { ModelRecord } from '../model-record.ts';

/** What came of running one variant of a model in one way, on this device and with these versions. Plain data. */
export interface RunResult {
  readonly recordId: string;
  /** Of the variant's files. What is known of others does not count. */
  readonly revision: string;
  /** For an engine that knows several ways. */
  readonly way?: Backend;
  /** Date.now() of the last change. */
  readonly at: number;
  /** Why it is not tried by itself any more: the error that struck it out. Undefined while it is good. */
  readonly failure?: ErrorCode;
  /** Whether a known prompt had the answer that it should have. Undefined: not tested, or the test could not tell. */
  readonly selfTest?: 'passed' | 'failed';
  readonly loadMs?: number;
  readonly prefillTokensPerSecond?: number;
  readonly decodeTokensPerSecond?: number;
}

/** What is known of running models on this device. Who wants to say how well a model runs reads this. */
export interface DeviceRunHistory {
  /** Of one variant, a way each. */
  of(record: ModelRecord): readonly RunResult[];
}

/** Below this an answer comes slower than it is read: a reader's 250 words a minute are some 5.5 tokens/s. */
export const SLOW_TOKENS_PER_SECOND = 5;

export type RunVerdict = 'untried' | 'worked' | 'slow' | 'failed';

export function verdictOf(outcome: RunResult | undefined): RunVerdict {
  if (outcome?.failure !== undefined) return 'failed';
  const rate = outcome?.decodeTokensPerSecond;
  if (rate === undefined) return outcome?.selfTest === 'passed' ? 'worked' : 'untried';
  return rate < SLOW_TOKENS_PER_SECOND ? 'slow' : 'worked';
}

export function findRunResult(
  outcomes: readonly RunResult[],
  record: ModelRecord,
  way: Backend | undefined,
): RunResult | undefined {
  return outcomes.find((outcome) => isOf(outcome, record) && isSameBackend(outcome.way, way));
}

export function isOf(outcome: RunResult, record: ModelRecord): boolean {
  return outcome.recordId === record.id && outcome.revision === record.source.revision;
}

/**
 * What an outcome depends on besides the model: the engines' versions, the browser's (which brings the WebGPU
 * implementation), the graphics card, the cores. When one of them changes all is measured anew.
 */
export function deviceKey(
  device: DeviceReport,
  browser: string,
  engineVersions: Readonly<Record<string, string>>,
): string {
  const { webgpu, vendor, architecture, isFallbackAdapter, cores, sharedMemory, features } = device;
  const version = /(?:Firefox|Chrome|Version)\/(\d+)/.exec(browser)?.[0] ?? browser;
  return JSON.stringify([
    version,
    webgpu,
    vendor,
    architecture,
    isFallbackAdapter,
    features.includes('shader-f16'),
    cores,
    sharedMemory,
    engineVersions,
  ]);
}
