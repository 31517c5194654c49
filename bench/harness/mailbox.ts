import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Order } from '../pages/shared/order.ts';
import { Deferred } from './deferred.ts';

type Answer = { readonly result: unknown } | { readonly error: string };

const TIMEOUT_MS = 300_000;

/**
 * Sends orders to a page and takes its answers over plain HTTP. Developer tools could do that too, but they keep a copy of up
 * to 10 MiB of each response in the page's process, which would distort the measurement.
 */
export class Mailbox {
  #order = new Deferred<Order>();
  #answer = new Deferred<unknown>();

  /** Resolves with the answer of the page that asks for an order next, or has already asked. */
  async ask(order: Order): Promise<unknown> {
    this.#answer = new Deferred();
    this.#order.resolve(order);
    const answer = this.#answer;
    const timer = setTimeout(
      () => answer.reject(new Error(`the page has not answered in ${TIMEOUT_MS} ms`)),
      TIMEOUT_MS,
    );
    return answer.promise.finally(() => clearTimeout(timer));
  }

  /** Drops orders of pages that are gone. */
  reset(): void {
    this.#order = new Deferred();
  }

  /** GET: the page waits for an order; POST: it answers one. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') {
      const answer = JSON.parse(await text(request)) as Answer;
      if ('error' in answer) this.#answer.reject(new Error(answer.error));
      else this.#answer.resolve(answer.result);
      response.writeHead(204).end();
      return;
    }
    const order = await this.#order.promise;
    this.#order = new Deferred();
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(order));
  }
}
