import { fromWireError } from '../errors.ts';
import { createModuleWorker } from '../module-worker.ts';
import type { SearchCommand, SearchReply } from '../storage/search-messages.ts';
import searchWorkerUrl from '../storage/worker/search-worker.ts?worker&url';
import type { ChatLibrary } from './chat-library.ts';

/** Looks through the words of all chats, in a worker that is made with the first query. */
export class ChatSearch {
  readonly #library: ChatLibrary;
  readonly #databaseName: string;
  readonly #calls = new Map<number, PromiseWithResolvers<readonly string[]>>();
  #worker: Worker | undefined;
  #unfollow: (() => void) | undefined;
  #callCount = 0;

  constructor(library: ChatLibrary, databaseName: string) {
    this.#library = library;
    this.#databaseName = databaseName;
  }

  /** Makes the index, so that the first query need not wait for it. */
  prepare(): void {
    this.#open();
  }

  /**
   * Ids of the chats in whose messages all words of the query begin words; case and marks do not matter.
   * @throws AlcoveError those of the store
   */
  find(query: string): Promise<readonly string[]> {
    const callId = this.#callCount++;
    const call = Promise.withResolvers<readonly string[]>();
    this.#calls.set(callId, call);
    this.#post({ type: 'find', callId, query });
    return call.promise;
  }

  dispose(): void {
    this.#unfollow?.();
    this.#worker?.terminate();
    for (const call of this.#calls.values()) call.resolve([]);
    this.#calls.clear();
  }

  #open(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = createModuleWorker(searchWorkerUrl, 'alcove-search');
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<SearchReply>) => {
      const call = this.#calls.get(data.callId);
      this.#calls.delete(data.callId);
      if (data.type === 'found') call?.resolve(data.ids);
      else call?.reject(fromWireError(data.error));
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      // The next query makes another one.
      this.#worker = undefined;
      this.dispose();
    });
    worker.postMessage({ type: 'open', databaseName: this.#databaseName } satisfies SearchCommand);
    this.#unfollow = this.#library.onChange((id) => this.#post({ type: 'changed', id }));
    return worker;
  }

  #post(command: SearchCommand): void {
    this.#open().postMessage(command);
  }
}
