import { WorkerClient } from '../../platform/worker-rpc.ts';
import type { Excerpts, SearchMethods } from '../../storage/chats/search-protocol.ts';
import searchWorkerUrl from '../../storage/chats/worker/search-worker.ts?worker&url';
import type { ChatRepository } from './chat-repository.ts';

/** Searches the text of all chats, in a worker that starts with the first query. */
export class ChatSearch {
  readonly #library: ChatRepository;
  readonly #databaseName: string;
  readonly #worker = new WorkerClient<SearchMethods>(searchWorkerUrl, 'alcove-search');
  #unfollow: (() => void) | undefined;

  constructor(library: ChatRepository, databaseName: string) {
    this.#library = library;
    this.#databaseName = databaseName;
  }

  /** Makes the index, so that the first query need not wait for it. */
  prepare(): void {
    if (this.#worker.isRunning) return;
    this.#worker.send('open', { databaseName: this.#databaseName });
    this.#unfollow ??= this.#library.onChange((id) => {
      // A worker that failed reads all chats when it starts again.
      if (this.#worker.isRunning) this.#worker.send('changed', { id });
    });
  }

  /**
   * Ids of the chats in whose messages all words of the query begin words; case and marks do not matter.
   * @param onPart called with what is found so far while there is no whole index yet, for the query that is asked last
   * @throws AlcoveError those of the store
   */
  async find(query: string, onPart: (ids: readonly string[]) => void = () => {}): Promise<readonly string[]> {
    this.prepare();
    return this.#worker.call('find', { query }, { onProgress: onPart });
  }

  /** Where these chats say it, with its words marked. @throws AlcoveError those of the store */
  async excerpts(query: string, ids: readonly string[]): Promise<Excerpts> {
    this.prepare();
    return this.#worker.call('excerpts', { query, ids });
  }

  dispose(): void {
    this.#unfollow?.();
    this.#worker.end();
  }
}
