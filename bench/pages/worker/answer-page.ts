/** The worker's side of askWorker. */
export function answerPage<Options, Result>(work: (options: Options) => Promise<Result>): void {
  globalThis.onmessage = async ({ data }: MessageEvent<Options>) => {
    try {
      globalThis.postMessage({ result: await work(data) });
    } catch (error) {
      globalThis.postMessage({ error: String(error) });
    }
  };
}
