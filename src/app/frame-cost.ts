/**
 * How long this thread is busy with the next frame of the page, ms: the frame's callbacks, style, layout and painting.
 * Resolves after it, which may be late: a hidden page draws none.
 */
export function costOfNextFrame(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const began = performance.now();
      // A task of its own: it runs when the frame is done, which no callback of the frame itself can tell.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve(performance.now() - began);
      };
      port2.postMessage(undefined);
    });
  });
}
