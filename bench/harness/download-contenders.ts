import { DEFAULT_DOWNLOAD_OPTIONS } from '../../src/download/download-options.ts';
import type { ModelRecord } from '../../src/models/model-record.ts';
import { PlainBrowser } from './plain-browser.ts';
import { shardFile, toyRecord, withFiles } from './records.ts';
import { MIB, type SyntheticShard, syntheticShards, tensorCacheEntry } from './synthetic-model.ts';
import type { Workbench } from './workbench.ts';

/** Size of every download. */
export const DOWNLOAD_MIB = 256;

/** 1 Gbit/s in bytes per second. */
export const GIGABIT = 125_000_000;

/** Requests that our downloader has open at a time; web-llm has 4 too. */
export const LANES = DEFAULT_DOWNLOAD_OPTIONS.slotCount;

const PREFIX = 'hf/noise/resolve/main/';

/** One of bench/pages and the options of its benchmark. */
export interface Contender {
  readonly pageName: string;
  readonly options: object;
}

interface Timed {
  readonly ms: number;
  /** ms from the click to the start of the clock; only for our own page. */
  readonly startMs?: number;
  readonly bytes: number;
}

/** Our downloader, web-llm's and a bare fetch, downloading the same 256 MiB. */
export class DownloadContenders {
  readonly record: ModelRecord;
  readonly ours: Contender;
  readonly cache: Contender;
  readonly indexeddb: Contender;
  readonly #bench: Workbench;
  readonly #urls: readonly string[];

  private constructor(bench: Workbench, record: ModelRecord, shards: readonly SyntheticShard[], modelUrl: string) {
    this.#bench = bench;
    this.#urls = shards.map(({ path }) => `${modelUrl}${path}`);
    this.record = record;
    this.ours = { pageName: 'alcove-download', options: { record } };
    this.cache = webLlm(modelUrl, 'cache');
    this.indexeddb = webLlm(modelUrl, 'indexeddb');
  }

  /** Serves 8 shards of 32 MiB and the toy's configuration, tokenizer and library, which web-llm loads first. */
  static async serve(bench: Workbench): Promise<DownloadContenders> {
    const shards = syntheticShards(DOWNLOAD_MIB / 32);
    const index = { metadata: { ParamSize: shards.length }, records: shards.map(tensorCacheEntry) };
    const modelUrl = await bench.serveToy(PREFIX, {
      ...Object.fromEntries(shards.map(({ path, bytes }) => [path, bytes])),
      'tensor-cache.json': Buffer.from(JSON.stringify(index)),
    });
    const files = shards.map((shard) => shardFile(modelUrl, shard));
    return new DownloadContenders(bench, withFiles(await toyRecord(modelUrl), 'noise', files), shards, modelUrl);
  }

  bareFetch(lanes: number): Contender {
    return { pageName: 'bare-fetch', options: { urls: this.#urls, lanes } };
  }

  /** Bytes of the shards sent since `server.forget()`. */
  sentBytes(): number {
    return this.#bench.server.sentBytes(`${PREFIX}noise_shard_`);
  }

  /**
   * Runs in a fresh browser. Throws unless server and page agree that each byte was sent once.
   * @param watch starts to watch the browser before the run; its result ends that
   */
  async run({ pageName, options }: Contender, watch?: (browser: PlainBrowser) => () => void): Promise<Timed> {
    const { server } = this.#bench;
    const browser = await PlainBrowser.open(server, pageName);
    try {
      server.forget();
      const end = watch?.(browser);
      const timed = await browser.run<Timed>(options).finally(end);
      for (const [who, count] of [
        ['the page got', timed.bytes],
        ['the server sent', this.sentBytes()],
      ] as const) {
        if (count !== DOWNLOAD_MIB * MIB)
          throw new Error(`${pageName}: ${who} ${count} bytes, not ${DOWNLOAD_MIB} MiB`);
      }
      return timed;
    } finally {
      await browser.dispose();
    }
  }

  /** @returns a run that resolves with its speed in MB/s */
  speed(contender: Contender, onStart?: (startMs: number) => void): () => Promise<number> {
    return async () => {
      const { ms, startMs, bytes } = await this.run(contender);
      if (startMs !== undefined) onStart?.(startMs);
      return bytes / ms / 1000;
    };
  }
}

function webLlm(modelUrl: string, backend: 'cache' | 'indexeddb'): Contender {
  return { pageName: 'web-llm-download', options: { modelUrl, libraryUrl: `${modelUrl}library.wasm`, backend } };
}
