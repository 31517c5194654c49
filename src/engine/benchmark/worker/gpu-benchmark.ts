import type { GpuBenchmark } from '../../../models/device.ts';

/** Larger than the caches of any card that a browser meets, and within what every adapter binds at once. */
const BUFFER_BYTES = 96 * 1024 * 1024;
const SMALL_BYTES = 16 * 1024;
/** GPUBufferUsage, whose names TypeScript's library lacks. */
const STORAGE = 0x80;
const COPY_DST = 0x08;
const WORKGROUP = 64;
/** Groups of the long reads and of the long calculation: enough for every core of a large card. */
const GROUPS = 4096;
const CHAIN = 32;

/** Of one kind of work, at most: a slow device does little of it and is measured all the same. */
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

const PRODUCT_LENGTH = 768;
const PRODUCT_GROUPS = 64;
/**
 * A product of a token's numbers with a matrix, as MLC compiles it for WebGPU: a group works out 16 numbers with 16 threads
 * each, which wait for each other at the end of every step. All groups take the same 3 MB, which lie in a cache: what is
 * measured is the arithmetic, and on a processor that plays a graphics card the waits, which cost more than it.
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
/** For a device that takes so long for a few, a few are enough. */
const SLOW_SECONDS = 0.01;
const MANY_TIMES = 64;

/** How fast the graphics card reads, calculates and takes orders. Undefined without one, or when its work fails. */
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
    // The first run compiles, and brings memory and clock rates up.
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

  /** Seconds from handing the work over until it is done. */
  async #time(work: Work, groups: number): Promise<number> {
    const startedAt = performance.now();
    this.#submit(work, groups);
    await this.#device.queue.onSubmittedWorkDone();
    return (performance.now() - startedAt) / 1000;
  }

  /** Small pieces of work one by one, each with its own numbers, as web-llm's runtime hands them over. */
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

/** The least of some times: what a device can do, not what else it had to do just then. */
async function least(measure: () => Promise<number>): Promise<number> {
  const endsAt = performance.now() + BUDGET_MS;
  const times = [await measure()];
  while (times.length < 9 && performance.now() < endsAt) times.push(await measure());
  return Math.min(...times);
}
