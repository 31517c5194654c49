import type { Order } from './order.ts';

/** Makes a function the page's benchmark, which the harness calls through Playwright or by orders over HTTP. */
export function offer<Options, Result>(benchmark: (options: Options) => Promise<Result>): void {
  Object.assign(globalThis, { benchmark });
  if (location.search === '?mail') void obey(benchmark);
}

/** Sends one message to a worker and ends the worker after its answer. */
export async function askWorker<Result>(worker: Worker, message: object): Promise<Result> {
  try {
    return await new Promise<Result>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<{ result: Result } | { error: string }>) => {
        if ('error' in data) reject(new Error(data.error));
        else resolve(data.result);
      };
      worker.onerror = (event) => reject(new Error(event.message));
      worker.postMessage(message);
    });
  } finally {
    worker.terminate();
  }
}

async function obey<Options, Result>(benchmark: (options: Options) => Promise<Result>): Promise<void> {
  while (true) {
    const order = (await (await fetch('/mail')).json()) as Order;
    let answer: object;
    try {
      answer = { result: order.type === 'spin' ? spin(order.ms) : await benchmark(order.options as Options) };
    } catch (error) {
      answer = { error: String(error) };
    }
    await fetch('/mail', { method: 'POST', body: JSON.stringify(answer) });
  }
}

function spin(ms: number): number {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return ms;
}
