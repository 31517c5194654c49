import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { createModuleWorker } from '../../platform/module-worker.ts';
import { unsupported } from '../capabilities.ts';
import type { Capabilities, EngineProbe } from '../engine.ts';
import { probeDevice } from '../probe-device.ts';
import { WorkerEngine, type WorkerEngineOptions } from '../worker-engine/worker-engine.ts';
import { webLlmCapabilities } from './webllm-capabilities.ts';
import workerScript from './worker/webllm-worker.ts?worker-file';

/** Compiling shaders may block the worker for seconds. */
const HUNG_AFTER_MS = { loading: 30_000, generating: 10_000 } as const;

/** web-llm on WebGPU, in a worker that makes no network request. */
export class WebLlmEngine extends WorkerEngine {
  readonly id = 'webllm';

  constructor({ createWorker, hungAfterMs = HUNG_AFTER_MS, storeName }: WorkerEngineOptions = {}) {
    const create = createWorker ?? (() => createModuleWorker(workerScript, 'alcove-webllm'));
    super(create, hungAfterMs, async () => ({ storeName }));
  }

  async probe(): Promise<EngineProbe> {
    const device = await probeDevice();
    if (device.webgpu === 'available') return { supported: true, device };
    const code = device.webgpu === 'no-api' ? 'webgpu-missing' : 'gpu-adapter-missing';
    return { supported: false, device, reason: new AlcoveError(code, device.webgpu) };
  }

  protected expectedCapabilities(model: ModelRecord): Capabilities {
    return webLlmCapabilities(model.id);
  }

  async embed(): Promise<never> {
    throw unsupported('embed');
  }
}
