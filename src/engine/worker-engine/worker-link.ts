import { AlcoveError } from '../../platform/errors.ts';
import { type WorkerHandle, whyNotStarted, workerNotStarted } from '../../platform/module-worker.ts';
import { whenReleased } from '../../platform/web-locks.ts';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

const PING_INTERVAL_MS = 1_000;

export interface WorkerLinkHandlers {
  readonly onMessage: (message: FromWorker) => void;
  /** The worker crashed or hangs. It has been ended, and no message follows. */
  readonly onDeath: (error: AlcoveError) => void;
}

/**
 * The page's end of one worker. A worker that dies sends no message, so this detects its death in three ways: error
 * events; the Web Lock that the worker holds while it lives and for which the page queues; and, while a call is open,
 * a ping every second for a worker that hangs.
 */
export class WorkerLink {
  readonly #worker: WorkerHandle;
  readonly #handlers: WorkerLinkHandlers;
  readonly #closed = new AbortController();
  #timer: ReturnType<typeof setInterval> | undefined;
  #limitMs = 0;
  /** When the unanswered ping was sent. */
  #pingedAt: number | undefined;
  #tickedAt = 0;

  constructor(worker: WorkerHandle, handlers: WorkerLinkHandlers) {
    this.#worker = worker;
    this.#handlers = handlers;
    const { signal } = this.#closed;
    worker.addEventListener('message', (event: MessageEvent<FromWorker>) => this.#receive(event.data), { signal });
    worker.addEventListener(
      'error',
      (event) => {
        event.preventDefault();
        if (this.#closed.signal.aborted) return;
        const cause = whyNotStarted(event);
        if (cause !== undefined) return this.#die(workerNotStarted('of the engine', cause));
        console.error(`Alcove: the engine failed: ${event.message}`);
        this.#die(new AlcoveError('engine-crashed', event.message));
      },
      { signal },
    );
    worker.addEventListener('messageerror', () => this.#crash('a message was unreadable'), { signal });
  }

  post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** From now on the worker must answer every ping within `limitMs`. */
  watch(limitMs: number): void {
    this.unwatch();
    this.#limitMs = limitMs;
    this.#tickedAt = performance.now();
    this.#timer = setInterval(() => this.#tick(), PING_INTERVAL_MS);
  }

  unwatch(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#pingedAt = undefined;
  }

  /** Ends the worker, with its GPU memory. Safe to call twice. */
  terminate(): void {
    this.unwatch();
    this.#closed.abort();
    this.#worker.terminate();
  }

  #receive(message: FromWorker): void {
    // Any message is a sign of life.
    this.#pingedAt = undefined;
    if (message.type === 'started') this.#awaitDeath(message.lockName);
    else if (message.type !== 'pong') this.#handlers.onMessage(message);
  }

  #awaitDeath(lockName: string | undefined): void {
    if (lockName === undefined) return;
    whenReleased(lockName, this.#closed.signal)
      .then(() => this.#crash('the worker is gone'))
      // Aborted with the link, or a page that is being closed.
      .catch(() => {});
  }

  #tick(): void {
    const now = performance.now();
    // A page that was frozen with its worker receives the answer to its ping only after this timer.
    const wasFrozen = now - this.#tickedAt > 2 * PING_INTERVAL_MS;
    this.#tickedAt = now;
    if (this.#pingedAt === undefined || wasFrozen) {
      this.#pingedAt = now;
      this.post({ type: 'ping' });
    } else if (now - this.#pingedAt > this.#limitMs) {
      this.#die(new AlcoveError('engine-hung', `the worker did not answer for ${this.#limitMs} ms`));
    }
  }

  #crash(message: string): void {
    this.#die(new AlcoveError('engine-crashed', message));
  }

  #die(error: AlcoveError): void {
    if (this.#closed.signal.aborted) return;
    this.terminate();
    this.#handlers.onDeath(error);
  }
}
