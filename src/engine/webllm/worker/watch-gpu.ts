import { AlcoveError } from '../../../platform/errors.ts';

export interface GpuListeners {
  readonly onDevice: () => void;
  /** The first shader is about to be compiled. */
  readonly onShaders: () => void;
  readonly onLost: (error: AlcoveError) => void;
}

/**
 * Watches every device that code in this worker asks for. web-llm 0.2.86 only logs a device that is lost after the load.
 * Nothing in this worker destroys a device on purpose, the page ends the worker instead; so every loss is one, also
 * with reason "destroyed", which is what TVM's runtime does itself when a buffer cannot be allocated.
 */
export function watchGpu(listeners: GpuListeners): void {
  if (typeof GPUAdapter === 'undefined') return;
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    listeners.onDevice();
    watchDevice(device, listeners);
    return device;
  };
}

function watchDevice(device: GPUDevice, { onShaders, onLost }: GpuListeners): void {
  let outOfMemory = false;
  device.addEventListener('uncapturederror', ({ error }) => {
    if (error instanceof GPUOutOfMemoryError) outOfMemory = true;
  });
  const popErrorScope = device.popErrorScope.bind(device);
  const createComputePipelineAsync = device.createComputePipelineAsync.bind(device);
  let compiling = false;
  Object.defineProperties(device, {
    popErrorScope: {
      value: async () => {
        const error = await popErrorScope();
        if (error instanceof GPUOutOfMemoryError) outOfMemory = true;
        return error;
      },
    },
    createComputePipelineAsync: {
      value: (descriptor: GPUComputePipelineDescriptor) => {
        if (!compiling) onShaders();
        compiling = true;
        return createComputePipelineAsync(descriptor);
      },
    },
  });
  device.lost.then(({ reason, message }) => {
    const code = outOfMemory ? 'out-of-memory' : 'device-lost';
    onLost(new AlcoveError(code, message, { data: { reason } }));
  });
}
