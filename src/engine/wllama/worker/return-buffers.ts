/** In llama.cpp's worker: sends the buffers that a file's bytes come in back to whom they came from, to be used again. */
export function returnBuffers(): void {
  let copied: ArrayBuffer | undefined;
  addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    // What the message before this one brought is in llama.cpp's heap by now: wllama asks for more only then.
    if (copied !== undefined) postMessage({ type: 'returned', buffer: copied }, { transfer: [copied] });
    copied = bufferOf(data);
  });
}

/** In wllama 3.8.1 `fs.read_res` brings a part of a file that was asked for, `fs.write` the next part of its stream. */
function bufferOf(message: unknown): ArrayBuffer | undefined {
  if (typeof message !== 'object' || message === null || !('verb' in message && 'args' in message)) return undefined;
  const { verb, args } = message;
  if ((verb !== 'fs.read_res' && verb !== 'fs.write') || !Array.isArray(args)) return undefined;
  const bytes: unknown = args[verb === 'fs.read_res' ? 0 : 1];
  const buffer = bytes instanceof Uint8Array ? bytes.buffer : bytes;
  return buffer instanceof ArrayBuffer ? buffer : undefined;
}
