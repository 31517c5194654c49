import type { DeviceBenchmark } from '../../../models/device.ts';

/** Larger than the caches of any card that a browser meets, and within what every adapter binds at once. */
const BUFFER_BYTES = 96 * 1024 * 1024;
const SMALL_BYTES = 16 * 1024;
/** GPUBufferUsage, whose names TypeScript's library lacks. */
const STORAGE = 0x80;
const COPY_DST = 0x08;
const WORKGROUP = 64;
/** Groups of the long reads and of the long calculation: enough for every core of a large card. */
const GROUPS = 4096;
const FMA_STEPS = 512;
const CHAIN = 32;

/** Of one kind of work, at most: a slow device does little of it and is measured all the same. */
const BUDGET_MS = 350;

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

const CALCULATE = `
@group(0) @binding(1) var<storage, read_write> sink: array<f32>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  var a = vec4f(f32(id.x) * 1e-6);
  var b = vec4f(0.5);
  for (var step = 0u; step < ${FMA_STEPS}u; step++) { a = fma(a, b, vec4f(1e-3)); b = fma(b, a, vec4f(1e-4)); }
  let sum = a + b;
  sink[id.x % arrayLength(&sink)] = sum.x + sum.y + sum.z + sum.w;
}`;

/** A small piece of work of the kind that a token has some hundreds of: a sum over what a group holds, in steps that wait. */
const REDUCE = `
var<workgroup> part: array<f32, 256>;
@group(0) @binding(1) var<storage, read_write> sink: array<f32>;
@compute @workgroup_size(256)
fn main(@builtin(local_invocation_index) at: u32, @builtin(workgroup_id) group: vec3u) {
  part[at] = sink[at] + f32(group.x);
  workgroupBarrier();
  for (var half = 128u; half > 0u; half >>= 1u) {
    if (at < half) { part[at] += part[at + half]; }
    workgroupBarrier();
  }
  if (at == 0u) { sink[256u + group.x] = part[0] * 1e-3; }
}`;
const REDUCE_GROUPS = 32;

/** How fast the graphics card reads, calculates and takes orders. Undefined without one, or when its work fails. */
export async function benchmarkGpu(): Promise<DeviceBenchmark['gpu']> {
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

  async run(): Promise<NonNullable<DeviceBenchmark['gpu']>> {
    const read = this.#work(READ, true);
    const calculate = this.#work(CALCULATE, false);
    const reduce = this.#work(REDUCE, false);
    // The first run compiles, and brings memory and clock rates up.
    for (const work of [read, calculate, reduce]) await this.#time(work, 1);
    const secondsPerRoundTrip = await typical(() => this.#time(reduce, REDUCE_GROUPS));
    const chain = await typical(() => this.#timeChain(reduce));
    const secondsOfRead = await typical(() => this.#time(read, GROUPS));
    const secondsOfCalculation = await typical(() => this.#time(calculate, GROUPS));
    const operations = GROUPS * WORKGROUP * FMA_STEPS * 2 * 4 * 2;
    return {
      bytesPerSecond: this.#source.size / Math.max(1e-7, secondsOfRead - secondsPerRoundTrip * 0.9),
      operationsPerSecond: operations / Math.max(1e-7, secondsOfCalculation - secondsPerRoundTrip * 0.9),
      secondsPerDispatch: Math.max(1e-7, (chain - secondsPerRoundTrip) / (CHAIN - 1)),
      secondsPerRoundTrip,
    };
  }

  #work(code: string, readsSource: boolean): Work {
    const module = this.#device.createShaderModule({ code });
    const pipeline = this.#device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
    const entries = [{ binding: 1, resource: { buffer: this.#sink } }];
    if (readsSource) entries.push({ binding: 0, resource: { buffer: this.#source } });
    return { pipeline, group: this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }) };
  }

  /** Seconds from handing the work over until it is done. */
  async #time(work: Work, groups: number): Promise<number> {
    const startedAt = performance.now();
    this.#submit(work, groups);
    await this.#device.queue.onSubmittedWorkDone();
    return (performance.now() - startedAt) / 1000;
  }

  /** Pieces of work one by one, each with its own numbers, as web-llm's runtime hands them over. */
  async #timeChain(work: Work): Promise<number> {
    const startedAt = performance.now();
    for (let count = 0; count < CHAIN; count++) {
      this.#device.queue.writeBuffer(this.#source, 0, new Uint32Array([count, 0, 0, 0]));
      this.#submit(work, REDUCE_GROUPS);
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

/** The middle of some times: what else the device has to do is there too when it writes an answer. */
async function typical(measure: () => Promise<number>): Promise<number> {
  const endsAt = performance.now() + BUDGET_MS;
  const times = [await measure()];
  while (times.length < 9 && performance.now() < endsAt) times.push(await measure());
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
