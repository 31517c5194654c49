/**
 * Holds a page's engine in the middle of its work, so that what a test does there happens there on a machine of any speed:
 * the toy writes its longest answer in a second on a fast one.
 */
import type { Page, Worker } from '@playwright/test';
import type { FromWorker } from '../../src/engine/worker-engine/worker-protocol.ts';

/** At the beginning of a load, or right after the engine has written what matches. */
export type HoldPoint = 'loading' | RegExp;

/** What `installHold` leaves in an engine's worker. */
interface WorkerHold {
  readonly reached: Promise<void>;
  readonly open: () => void;
}

declare global {
  var testHolds: WorkerHold[];
}

interface HeldWorker {
  readonly worker: Worker;
  readonly index: number;
}

export class HeldEngine {
  readonly #page: Page;
  readonly #pattern: string | undefined;
  readonly #held: Promise<HeldWorker>;
  #onHeld: (held: HeldWorker) => void = () => {};
  readonly #onWorker = (worker: Worker): void => void this.#install(worker);

  private constructor(page: Page, point: HoldPoint) {
    this.#page = page;
    this.#pattern = point === 'loading' ? undefined : point.source;
    this.#held = new Promise((resolve) => {
      this.#onHeld = resolve;
    });
  }

  /** Holds the first engine of the page that gets to this point: one that runs already, or one that is still to start. */
  static async at(page: Page, point: HoldPoint): Promise<HeldEngine> {
    const hold = new HeldEngine(page, point);
    page.on('worker', hold.#onWorker);
    await Promise.all(page.workers().map((worker) => hold.#install(worker)));
    return hold;
  }

  /** Waits until the engine is held. It still answers pings, and a stop releases it, so that it can end its answer. */
  async reached(): Promise<void> {
    await this.#held;
  }

  /** Lets the engine continue. */
  async release(): Promise<void> {
    const { worker, index } = await this.#held;
    await worker.evaluate((at) => globalThis.testHolds[at]?.open(), index);
  }

  async #install(worker: Worker): Promise<void> {
    // One that ends while it is asked never answers.
    const gone = worker.waitForEvent('close').then(() => -1);
    const index = await Promise.race([worker.evaluate(installHold, this.#pattern), gone]).catch(() => -1);
    if (index >= 0) void this.#awaitHold({ worker, index });
  }

  async #awaitHold(held: HeldWorker): Promise<void> {
    try {
      await held.worker.evaluate((at) => globalThis.testHolds[at]?.reached, held.index);
      this.#page.off('worker', this.#onWorker);
      this.#onHeld(held);
    } catch {
      // The worker is gone: another one is held.
    }
  }
}

/**
 * Runs in a worker. Once it has posted what matches, each step of the engine waits: web-llm's for its graphics card,
 * llama.cpp's for its inner worker. A stop opens the hold: the engine sees it before its next step.
 * @param pattern undefined: the first word of a load
 * @returns its place in `testHolds`; -1 where the worker is no engine's
 */
function installHold(pattern: string | undefined): number {
  if (self.name !== 'alcove-webllm' && self.name !== 'alcove-wllama') return -1;
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  let state: 'waiting' | 'held' | 'over' = 'waiting';
  let written = '';
  const isReached = (message: FromWorker): boolean => {
    if (pattern === undefined) return message.type === 'load-progress';
    if (message.type !== 'events') return false;
    for (const event of message.events) if (event.type === 'text-delta') written += event.text;
    return new RegExp(pattern, 's').test(written);
  };
  const post = self.postMessage.bind(self) as (message: FromWorker) => void;
  self.postMessage = (message: FromWorker) => {
    post(message);
    if (state !== 'waiting' || !isReached(message)) return;
    state = 'held';
    reach();
  };
  void opened.then(() => {
    state = 'over';
  });
  addEventListener('message', ({ data }: MessageEvent<{ readonly type: string }>) => {
    if (data.type === 'interrupt' && state === 'held') open();
  });
  const wait = (prototype: object, name: string): void => {
    const step = Reflect.get(prototype, name) as (...values: unknown[]) => Promise<unknown>;
    Reflect.set(prototype, name, async function (this: unknown, ...values: unknown[]) {
      if (state === 'held') await opened;
      return step.apply(this, values);
    });
  };
  if (self.name === 'alcove-webllm') {
    wait(GPUBuffer.prototype, 'mapAsync');
    wait(GPUQueue.prototype, 'onSubmittedWorkDone');
    wait(GPUDevice.prototype, 'createComputePipelineAsync');
  } else {
    const ask = Worker.prototype.postMessage as (this: Worker, ...values: unknown[]) => void;
    Reflect.set(Worker.prototype, 'postMessage', function (this: Worker, ...values: unknown[]) {
      const [question] = values as [{ readonly verb?: string }];
      if (state === 'held' && question.verb !== 'ping') void opened.then(() => ask.apply(this, values));
      else ask.apply(this, values);
    });
  }
  globalThis.testHolds ??= [];
  return globalThis.testHolds.push({ reached, open }) - 1;
}
