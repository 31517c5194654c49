import { askWorker, offer } from './shared/offer.ts';

export interface WebLlmDownloadOptions {
  readonly modelUrl: string;
  readonly libraryUrl: string;
  readonly backend: 'cache' | 'indexeddb';
}

/** web-llm's own download, as its `reload` does it. */
offer((options: WebLlmDownloadOptions) =>
  askWorker(new Worker(new URL('./worker/web-llm-download.ts', import.meta.url), { type: 'module' }), options),
);
