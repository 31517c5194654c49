/** Connects callbacks with one consumer's `for await`, which gets the items in the order in which they were pushed. */
export class EventQueue<Item> implements AsyncIterable<Item> {
  readonly #items: Item[] = [];
  #end: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** Ignored after the end. */
  push(item: Item): void {
    if (this.#end !== undefined) return;
    this.#items.push(item);
    this.#wake?.();
  }

  /** The consumer gets what was pushed before, then its iterator returns. The first end counts. */
  end(): void {
    this.#finish(undefined);
  }

  /** The consumer gets what was pushed before, then its iterator throws `error`. The first end counts. */
  fail(error: Error): void {
    this.#finish(error);
  }

  /** Drops unread items and fails with `error`; no effect if the consumer has read everything up to the end. */
  cutShort(error: Error): void {
    if (this.#end !== undefined && this.#items.length === 0) return;
    this.#items.length = 0;
    this.#end = { error };
    this.#wake?.();
  }

  /** Drops all items, and resolves at the end, whether it is a failure or not. For a consumer that has left. */
  async drained(): Promise<void> {
    try {
      for await (const item of this) void item;
    } catch {
      // Nobody waits for these items any more, nor for their error.
    }
  }

  /** Not a generator: a token passes here on its way, and a generator costs two more microtasks for each. */
  [Symbol.asyncIterator](): AsyncIterator<Item, undefined> {
    return { next: () => this.#next() };
  }

  async #next(): Promise<IteratorResult<Item, undefined>> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) return { done: false, value: item };
      if (this.#end === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (this.#end.error === undefined) {
        return { done: true, value: undefined };
      } else {
        throw this.#end.error;
      }
    }
  }

  #finish(error: Error | undefined): void {
    this.#end ??= { error };
    this.#wake?.();
  }
}
