import { askWorker, offer } from './shared/offer.ts';

export interface BareFetchOptions {
  readonly urls: readonly string[];
  /** Number of concurrent requests. */
  readonly lanes: number;
}

/** The peer with the least work: reads the bytes in a worker and drops them. */
offer((options: BareFetchOptions) =>
  askWorker(new Worker(new URL('./worker/bare-fetch.ts', import.meta.url), { type: 'module' }), options),
);
