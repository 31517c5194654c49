/**
 * How long this thread is busy with a step of an answer, ms: with the rest of this task, which writes it into the page and
 * lays it out, and with the next frame. Resolves after that, which may be late: a hidden page draws none.
 */
export async function measureFlushCost(): Promise<number> {
  const frame = costOfNextFrame();
  return (await restOfTask()) + (await frame);
}

function costOfNextFrame(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve(restOfTask()));
  });
}

/** Resolves in a task of its own, with the time until then, which no callback of this one can tell. */
function restOfTask(): Promise<number> {
  const began = performance.now();
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(performance.now() - began);
    };
    port2.postMessage(undefined);
  });
}
