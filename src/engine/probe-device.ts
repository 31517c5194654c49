import type { DeviceReport } from '../models/device.ts';

const NO_LIMITS: DeviceReport['limits'] = {
  maxBufferSize: 0,
  maxStorageBufferBindingSize: 0,
  maxComputeWorkgroupStorageSize: 0,
  maxStorageBuffersPerShaderStage: 0,
};

/** Reads what the browser reports about this device; for the page and for workers. Never throws. */
export async function probeDevice(): Promise<DeviceReport> {
  // Absent in an insecure context and in browsers without WebGPU, whatever the type says.
  const gpu: GPU | undefined = navigator.gpu;
  const adapter = await requestAdapter(gpu);
  return {
    webgpu: gpu === undefined ? 'no-api' : adapter === null ? 'no-adapter' : 'available',
    features: adapter === null ? [] : [...adapter.features].sort(),
    limits: adapter === null ? NO_LIMITS : readLimits(adapter.limits),
    vendor: adapter?.info.vendor ?? '',
    architecture: adapter?.info.architecture ?? '',
    isFallbackAdapter: adapter?.info.isFallbackAdapter ?? false,
    memoryBytes: readMemoryBytes(),
    cores: navigator.hardwareConcurrency,
    sharedMemory: 'SharedArrayBuffer' in globalThis,
    system: readSystem(),
  };
}

async function requestAdapter(gpu: GPU | undefined): Promise<GPUAdapter | null> {
  if (gpu === undefined) return null;
  try {
    // The adapter that web-llm will ask for (0.2.86, detectGPUDevice).
    return await gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch {
    return null;
  }
}

function readLimits(limits: GPUSupportedLimits): DeviceReport['limits'] {
  return {
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
  };
}

/** `navigator.deviceMemory` is in GiB, rounded by the browser; Chromium alone has it. */
function readMemoryBytes(): number | undefined {
  const gibibytes: unknown = Reflect.get(navigator, 'deviceMemory');
  return typeof gibibytes === 'number' ? gibibytes * 1024 ** 3 : undefined;
}

/** From the user agent: no better source exists in all browsers. An iPad reports itself as a Mac, but one with touch. */
function readSystem(): NonNullable<DeviceReport['system']> {
  const agent = navigator.userAgent;
  const touchPoints: unknown = Reflect.get(navigator, 'maxTouchPoints');
  if (/iPhone|iPad|iPod/.test(agent)) return 'ios';
  if (/Macintosh/.test(agent)) return typeof touchPoints === 'number' && touchPoints > 1 ? 'ios' : 'mac';
  if (/Android/.test(agent)) return 'android';
  if (/Windows/.test(agent)) return 'windows';
  return /Linux|CrOS|X11/.test(agent) ? 'linux' : 'other';
}
