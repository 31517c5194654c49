/** What is known of this device before anything is downloaded. Plain data, so that fit is a pure function of it. */
export interface DeviceReport {
  readonly webgpu: 'available' | 'no-api' | 'no-adapter';
  /** WebGPU feature names of the adapter; empty without one. */
  readonly features: readonly string[];
  readonly limits: {
    readonly maxBufferSize: number;
    readonly maxStorageBufferBindingSize: number;
    readonly maxComputeWorkgroupStorageSize: number;
    readonly maxStorageBuffersPerShaderStage: number;
  };
  /** As the browser gives it: "nvidia", "apple"; empty where it hides it. */
  readonly vendor: string;
  readonly architecture: string;
  /** True for a software adapter such as SwiftShader. */
  readonly isFallbackAdapter: boolean;
  /** `navigator.deviceMemory`, in bytes; undefined where the browser does not say. */
  readonly memoryBytes: number | undefined;
  readonly cores: number;
  /** Workers may share memory, as threads must. Browsers allow it on isolated pages alone; WebKitGTK not even there. */
  readonly sharedMemory: boolean;
  /** What the browser runs on, as far as it says; undefined in reports of before this was asked. */
  readonly system?: 'ios' | 'android' | 'windows' | 'mac' | 'linux' | 'other';
}

/** Makers of adapters that only phones and tablets have, in browsers' words. */
const PHONE_VENDORS: ReadonlySet<string> = new Set(['qualcomm', 'arm', 'img-tec', 'samsung']);

export function isPhone({ system, vendor }: DeviceReport): boolean {
  if (system === undefined) return PHONE_VENDORS.has(vendor.toLowerCase());
  return system === 'ios' || system === 'android';
}

const NO_LIMITS: DeviceReport['limits'] = {
  maxBufferSize: 0,
  maxStorageBufferBindingSize: 0,
  maxComputeWorkgroupStorageSize: 0,
  maxStorageBuffersPerShaderStage: 0,
};

/** A whole report from one that lacks fields, as a browser or an older page may give it: what is not told is not there. */
export function completeDevice(report: Partial<DeviceReport>): DeviceReport {
  const { memoryBytes, cores } = report;
  return {
    webgpu: 'no-api',
    features: [],
    vendor: '',
    architecture: '',
    isFallbackAdapter: false,
    sharedMemory: false,
    ...report,
    limits: { ...NO_LIMITS, ...report.limits },
    memoryBytes: memoryBytes !== undefined && memoryBytes > 0 ? memoryBytes : undefined,
    cores: cores !== undefined && cores >= 1 ? cores : 1,
  };
}

/** What this device did in less than two seconds of work; see src/engine/benchmark. */
export interface DeviceBenchmark {
  /** Undefined where no adapter answers, or its work failed. */
  readonly gpu: GpuBenchmark | undefined;
  readonly cpu: CpuBenchmark;
}

export interface GpuBenchmark {
  /** Read from a buffer far larger than the caches. */
  readonly bytesPerSecond: number;
  /** Of a product with a matrix that fits a cache, in the shape that web-llm's products have. */
  readonly weightsPerSecond: number;
  /** Of one small piece of work in a long row of them. */
  readonly secondsPerDispatch: number;
  /** From handing over a piece of work to having its result. */
  readonly secondsPerRoundTrip: number;
}

/** Of one core. */
export interface CpuBenchmark {
  /** Multiplications and additions in WebAssembly, in the inner loop of llama.cpp, over weights that fit the cache. */
  readonly operationsPerSecond: number;
  /** Of weights, over more than the caches hold. */
  readonly bytesPerSecond: number;
  /** From one worker to another and back. */
  readonly secondsPerMessage: number;
  /** Share of the cores' time that other programs took meanwhile, 0–1; undefined in what was stored before this was measured. */
  readonly stolenFraction?: number;
  /** The same with all cores at once; undefined where the page may not use threads, or there is one core. */
  readonly threads:
    | {
        readonly count: number;
        /** Of all together. */
        readonly operationsPerSecond: number;
        readonly bytesPerSecond: number;
        /** Until all have reached the end of a step, as llama.cpp's do some 20 times a layer. */
        readonly secondsPerBarrier: number;
        /** While all cores have their hands full. */
        readonly secondsPerMessage: number;
      }
    | undefined;
}

/** On an idle device the system itself takes a few percent. */
const MOST_STOLEN = 0.1;

/** Whether other programs kept the device busy while it was measured: it is faster than its figures say. */
export function wasUnderLoad({ cpu: { stolenFraction = 0 } }: DeviceBenchmark): boolean {
  return stolenFraction > MOST_STOLEN;
}
