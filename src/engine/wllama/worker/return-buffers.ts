/** Runs in llama.cpp's worker: sends the buffers that carried a file's bytes back to their sender, to be used again. */
export function returnBuffers(): void {
  let copied: ArrayBuffer | undefined;
  addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    // The bytes of the previous message are in llama.cpp's heap by now: wllama asks for more only then.
    if (copied !== undefined) postMessage({ type: 'returned', buffer: copied }, { transfer: [copied] });
    copied = bufferOf(data);
  });
}

/** In wllama 3.13.0 `fs.read_res` carries a requested part of a file, `fs.write` the next part of its stream. */
function bufferOf(message: unknown): ArrayBuffer | undefined {
  if (typeof message !== 'object' || message === null || !('verb' in message && 'args' in message)) return undefined;
  const { verb, args } = message;
  if ((verb !== 'fs.read_res' && verb !== 'fs.write') || !Array.isArray(args)) return undefined;
  const bytes: unknown = args[verb === 'fs.read_res' ? 0 : 1];
  const buffer = bytes instanceof Uint8Array ? bytes.buffer : bytes;
  return buffer instanceof ArrayBuffer ? buffer : undefined;
}
