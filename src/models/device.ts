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
  readonly crossOriginIsolated: boolean;
}
