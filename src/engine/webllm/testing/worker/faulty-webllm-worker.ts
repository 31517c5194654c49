import '../../worker/webllm-worker.ts';

/** The real worker with faults built in, for tests: they happen when the page asks for them. */
export type Fault = 'close' | 'hang' | 'destroy-device' | 'exhaust-memory' | 'throw' | 'reject' | 'fetch';

const devices: GPUDevice[] = [];
const { requestDevice } = GPUAdapter.prototype;
GPUAdapter.prototype.requestDevice = async function (descriptor) {
  const device = await requestDevice.call(this, descriptor);
  devices.push(device);
  return device;
};

/** The GPU has no room for the next buffer. web-llm's runtime asks after each, and destroys its device then. */
let isExhausted = false;
const { popErrorScope } = GPUDevice.prototype;
GPUDevice.prototype.popErrorScope = async function () {
  const error = await popErrorScope.call(this);
  return isExhausted ? new GPUOutOfMemoryError('no room, says the test') : error;
};

addEventListener('message', ({ data }: MessageEvent<{ readonly fault?: Fault }>) => {
  switch (data.fault) {
    case 'close':
      close();
      break;
    case 'hang':
      // Blocks endlessly, as an endless loop does, and leaves the core to other tests.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      break;
    case 'destroy-device':
      for (const device of devices) device.destroy();
      break;
    case 'exhaust-memory':
      isExhausted = true;
      break;
    case 'throw':
      throw new Error('thrown by the test');
    case 'reject':
      void Promise.reject(new Error('rejected by the test'));
      break;
    case 'fetch':
      void fetch(new URL('/models/toy/tokenizer.json', location.origin));
      break;
  }
});
