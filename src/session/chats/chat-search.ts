import { WorkerClient } from '../../platform/worker-rpc.ts';
import type { Excerpts, SearchMethods } from '../../storage/chats/search-protocol.ts';
import searchWorker from '../../storage/chats/worker/search-worker.ts?worker-file';
import type { ChatRepository } from './chat-repository.ts';

/** Searches the text of all chats, in a worker that starts with the first query. */
export class ChatSearch {
  readonly #repository: ChatRepository;
  readonly #databaseName: string;
  readonly #worker = new WorkerClient<SearchMethods>(searchWorker, 'alcove-search');
  #unfollow: (() => void) | undefined;

  constructor(repository: ChatRepository, databaseName: string) {
    this.#repository = repository;
    this.#databaseName = databaseName;
  }

  /** Builds the index, so that the first query does not wait for it. */
  prepare(): void {
    if (this.#worker.isRunning) return;
    this.#worker.send('open', { databaseName: this.#databaseName });
    this.#unfollow ??= this.#repository.onChange((id) => {
      // A worker that failed reads all chats when it starts again.
      if (this.#worker.isRunning) this.#worker.send('changed', { id });
    });
  }

  /**
   * Finds the chats whose messages have, for each word of the query, a word that begins with it. Ignores case and
   * diacritics. Resolves with their ids.
   * @param onPart called with the ids so far while the index is being built, for the newest query only
   * @throws AlcoveError of the store
   */
  async find(query: string, onPart: (ids: readonly string[]) => void = () => {}): Promise<readonly string[]> {
    this.prepare();
    return this.#worker.call('find', { query }, { onProgress: onPart });
  }

  /** Excerpts of these chats around the words of the query. @throws AlcoveError of the store */
  async excerpts(query: string, ids: readonly string[]): Promise<Excerpts> {
    this.prepare();
    return this.#worker.call('excerpts', { query, ids });
  }

  dispose(): void {
    this.#unfollow?.();
    this.#worker.end();
  }
}
