const encoder = new TextEncoder();

/** One server-sent event. */
export function toSse(data: unknown, event?: string): Uint8Array<ArrayBuffer> {
  const name = event === undefined ? '' : `event: ${event}\n`;
  return encoder.encode(`${name}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
}

/**
 * A stream of events as a body. A cancel of the body leaves the loop, which ends the answer.
 * @param toEvent the bytes of an item
 * @param toLast what ends the stream: after an error, it is the error's
 */
export function toBody<Item>(
  items: AsyncIterable<Item>,
  toEvent: (item: Item) => Uint8Array<ArrayBuffer>,
  toLast: (error: unknown) => Uint8Array<ArrayBuffer> | undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = items[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await iterator.next();
        if (done !== true) {
          controller.enqueue(toEvent(value));
          return;
        }
        const last = toLast(undefined);
        if (last !== undefined) controller.enqueue(last);
        controller.close();
      } catch (error) {
        const last = toLast(error);
        // An abort: the body fails as that of a real fetch does.
        if (last === undefined) return controller.error(error);
        controller.enqueue(last);
        controller.close();
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
