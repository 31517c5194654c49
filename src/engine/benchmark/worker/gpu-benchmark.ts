import type { GpuBenchmark } from '../../../models/device.ts';

/** Larger than the caches of graphics cards and below WebGPU's default binding limit, 128 MiB. */
const BUFFER_BYTES = 96 * 1024 * 1024;
const SMALL_BYTES = 16 * 1024;
/** Values of GPUBufferUsage, which TypeScript's library lacks. */
const STORAGE = 0x80;
const COPY_DST = 0x08;
const WORKGROUP = 64;
/** Workgroups of a long read: enough for every core of a large card. */
const GROUPS = 4096;
/** Dispatches in a row, so that one round trip is a small part of their time. */
const CHAIN = 32;

/** Per kind of work, so that all four and the processor's take less than two seconds; a slow device repeats less. */
const BUDGET_MS = 180;

const READ = `
@group(0) @binding(0) var<storage, read> source: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> sink: array<f32>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let stride = ${GROUPS * WORKGROUP}u;
  let count = arrayLength(&source);
  var sum = vec4f();
  for (var at = id.x; at < count; at += stride) { sum += source[at]; }
  sink[id.x % arrayLength(&sink)] = sum.x + sum.y + sum.z + sum.w;
}`;

/** A matrix of 768 × 1,024 numbers, 3 MB: the size of a small model's, and within the caches of graphics cards. */
const PRODUCT_LENGTH = 768;
const PRODUCT_GROUPS = 64;
/**
 * A vector-matrix product as MLC compiles it for WebGPU: a workgroup computes 16 numbers with 16 threads each, which wait at a
 * barrier after each step. All workgroups read the same 3 MB, which stay in a cache, so this measures arithmetic and, on a
 * software adapter, the barriers, which cost more.
 */
const PRODUCTS = `
var<workgroup> part: array<f32, 256>;
@group(0) @binding(0) var<storage, read> source: array<f32>;
@group(0) @binding(1) var<storage, read_write> sink: array<f32>;
@compute @workgroup_size(16, 16)
fn main(@builtin(local_invocation_id) at: vec3u, @builtin(workgroup_id) group: vec3u) {
  var sum = 0.0;
  let column = (group.x % ${PRODUCT_GROUPS}u) * 16u + at.x;
  for (var step = 0u; step < ${PRODUCT_LENGTH / 16}u; step++) {
    let row = step * 16u + at.y;
    sum = fma(source[row], source[row * ${PRODUCT_GROUPS * 16}u + column], sum);
  }
  let place = at.x * 16u + at.y;
  part[place] = sum;
  workgroupBarrier();
  for (var half = 8u; half > 0u; half >>= 1u) {
    if (at.y < half) { part[place] += part[place + half]; }
    workgroupBarrier();
  }
  if (at.y == 0u) { sink[column % arrayLength(&sink)] = part[place]; }
}`;
/** A device that takes this long for PRODUCT_GROUPS workgroups (SwiftShader does) is not given MANY_TIMES as many. */
const SLOW_SECONDS = 0.01;
const MANY_TIMES = 64;

/** Measures bandwidth, arithmetic and dispatches of the GPU. Undefined without an adapter. Throws when the device fails. */
export async function benchmarkGpu(): Promise<GpuBenchmark | undefined> {
  const gpu: GPU | undefined = navigator.gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null || adapter === undefined) return undefined;
  const device = await adapter.requestDevice();
  try {
    return await new GpuBench(device).run();
  } finally {
    device.destroy();
  }
}

interface Work {
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
}

class GpuBench {
  readonly #device: GPUDevice;
  readonly #source: GPUBuffer;
  readonly #sink: GPUBuffer;

  constructor(device: GPUDevice) {
    this.#device = device;
    const sourceBytes = Math.min(BUFFER_BYTES, device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    this.#source = device.createBuffer({ size: sourceBytes, usage: STORAGE | COPY_DST });
    this.#sink = device.createBuffer({ size: SMALL_BYTES, usage: STORAGE });
  }

  async run(): Promise<GpuBenchmark> {
    const read = this.#work(READ);
    const products = this.#work(PRODUCTS);
    // The first run compiles the shader, touches the memory and raises the clock rate.
    for (const work of [read, products]) await this.#time(work, 1);
    const secondsPerRoundTrip = await least(() => this.#time(products, 1));
    const chain = await least(() => this.#timeChain(products));
    const secondsOf = async (work: Work, groups: number): Promise<number> =>
      Math.max(1e-7, (await least(() => this.#time(work, groups))) - secondsPerRoundTrip * 0.9);
    let groups = PRODUCT_GROUPS;
    let seconds = await secondsOf(products, groups);
    if (seconds < SLOW_SECONDS) {
      groups *= MANY_TIMES;
      seconds = await secondsOf(products, groups);
    }
    return {
      bytesPerSecond: this.#source.size / (await secondsOf(read, GROUPS)),
      weightsPerSecond: (groups * 16 * PRODUCT_LENGTH) / seconds,
      secondsPerDispatch: Math.max(1e-7, (chain - secondsPerRoundTrip) / (CHAIN - 1)),
      secondsPerRoundTrip,
    };
  }

  #work(code: string): Work {
    const module = this.#device.createShaderModule({ code });
    const pipeline = this.#device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
    const entries = [this.#source, this.#sink].map((buffer, binding) => ({ binding, resource: { buffer } }));
    return { pipeline, group: this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }) };
  }

  /** @returns seconds from the submission to the end of the work */
  async #time(work: Work, groups: number): Promise<number> {
    const startedAt = performance.now();
    this.#submit(work, groups);
    await this.#device.queue.onSubmittedWorkDone();
    return (performance.now() - startedAt) / 1000;
  }

  /** Submits CHAIN small dispatches one by one, each with its own uniform data, as web-llm's runtime does. @returns seconds */
  async #timeChain(work: Work): Promise<number> {
    const startedAt = performance.now();
    for (let count = 0; count < CHAIN; count++) {
      this.#device.queue.writeBuffer(this.#source, 0, new Uint32Array([count, 0, 0, 0]));
      this.#submit(work, 1);
    }
    await this.#device.queue.onSubmittedWorkDone();
    return (performance.now() - startedAt) / 1000;
  }

  #submit({ pipeline, group }: Work, groups: number): void {
    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(groups);
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
  }
}

/** The least of several times, because other programs slow runs down and none speeds them up. */
async function least(measure: () => Promise<number>): Promise<number> {
  const endsAt = performance.now() + BUDGET_MS;
  const times = [await measure()];
  while (times.length < 9 && performance.now() < endsAt) times.push(await measure());
  return Math.min(...times);
}
