/** Joins a side that reports by calls to one that reads with `for await`. One reader; what is pushed first comes first. */
export class EventQueue<Item> {
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

  /** The reader gets what was pushed before, then its iterator returns. The first end counts. */
  end(): void {
    this.#finish(undefined);
  }

  /** The reader gets what was pushed before, then its iterator throws `error`. The first end counts. */
  fail(error: Error): void {
    this.#finish(error);
  }

  /** Drops what is unread and fails with `error`; no effect when the reader has read all up to the end. */
  cutShort(error: Error): void {
    if (this.#end !== undefined && this.#items.length === 0) return;
    this.#items.length = 0;
    this.#end = { error };
    this.#wake?.();
  }

  async *read(): AsyncGenerator<Item, void> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
      } else if (this.#end === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (this.#end.error === undefined) {
        return;
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
