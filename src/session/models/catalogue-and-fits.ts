/** What the list of models waits for at the start, as one script: apart, each would be a request of its own. */
export { DeviceBenchmarkRunner } from './device-benchmark.ts';
export { FitCache } from './fit-cache.ts';
export { readCatalogue } from './read-catalogue.ts';
export { RunHistoryFeed } from './run-history-feed.ts';
