import { askWorker, offer } from './shared/offer.ts';

export interface BareFetchOptions {
  readonly urls: readonly string[];
  /** Requests at the same time. */
  readonly lanes: number;
}

/** The peer that does least: reads the bytes in a worker and drops them. */
offer((options: BareFetchOptions) =>
  askWorker(new Worker(new URL('./worker/bare-fetch.ts', import.meta.url), { type: 'module' }), options),
);
