import type { ErrorCode } from '../../platform/errors.ts';
import { type Backend, isSameBackend } from '../backend.ts';
import type { DeviceReport } from '../device.ts';
import type { ModelRecord } from '../model-record.ts';

/** Result of running one variant of a model on one backend, on this device and with these versions. Plain data. */
export interface RunResult {
  readonly recordId: string;
  /** Of the variant's files. Results of other files do not count. */
  readonly revision: string;
  /** For an engine that offers several. */
  readonly backend?: Backend;
  /** Date.now() of the last change. */
  readonly at: number;
  /** The error for which this backend is not tried by itself any more. Undefined while it works. */
  readonly failure?: ErrorCode;
  /** Whether the model answered a known prompt as it should. Undefined: not tested yet. */
  readonly selfTest?: 'passed' | 'failed' | 'undecided' | 'skipped';
  readonly loadMs?: number;
  readonly prefillTokensPerSecond?: number;
  readonly decodeTokensPerSecond?: number;
}

/** The results of running models on this device. */
export interface DeviceRunHistory {
  /** The results of one variant, one for each backend. */
  of(record: ModelRecord): readonly RunResult[];
}

/** From this on the user reads along: 250 words a minute are some 5.5 tokens/s in English, and more in other languages. */
export const READING_TOKENS_PER_SECOND = 8;

/** Below this an answer of three sentences takes a minute or more. */
export const TOO_SLOW_TOKENS_PER_SECOND = 1;

export function findRunResult(
  results: readonly RunResult[],
  record: ModelRecord,
  backend: Backend | undefined,
): RunResult | undefined {
  return results.find((result) => isOf(result, record) && isSameBackend(result.backend, backend));
}

export function isOf(result: RunResult, record: ModelRecord): boolean {
  return result.recordId === record.id && result.revision === record.source.revision;
}

/**
 * Identifies what results depend on besides the model: the versions of the engines and of the browser (which brings the
 * WebGPU implementation), the graphics card, the cores. When one of them changes everything is measured again.
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
