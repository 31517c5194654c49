import { AlcoveError, abortError, fromWireError } from '../../platform/errors.ts';
import { createModuleWorker } from '../../platform/module-worker.ts';
import type { Excerpts, SearchCommand, SearchReply } from '../../storage/chats/search-protocol.ts';
import searchWorkerUrl from '../../storage/chats/worker/search-worker.ts?worker&url';
import type { ChatRepository } from './chat-repository.ts';

interface Call extends PromiseWithResolvers<SearchReply> {
  readonly onPart: (ids: readonly string[]) => void;
}

/** Looks through the words of all chats, in a worker that is made with the first query. */
export class ChatSearch {
  readonly #library: ChatRepository;
  readonly #databaseName: string;
  readonly #calls = new Map<number, Call>();
  #worker: Worker | undefined;
  #unfollow: (() => void) | undefined;
  #callCount = 0;

  constructor(library: ChatRepository, databaseName: string) {
    this.#library = library;
    this.#databaseName = databaseName;
  }

  /** Makes the index, so that the first query need not wait for it. */
  prepare(): void {
    this.#open();
  }

  /**
   * Ids of the chats in whose messages all words of the query begin words; case and marks do not matter.
   * @param onPart called with what is found so far while there is no whole index yet, for the query that is asked last
   * @throws AlcoveError those of the store
   */
  async find(query: string, onPart?: (ids: readonly string[]) => void): Promise<readonly string[]> {
    const reply = await this.#ask((callId) => ({ type: 'find', callId, query }), onPart);
    return reply.type === 'found' ? reply.ids : [];
  }

  /** Where these chats say it, with its words marked. @throws AlcoveError those of the store */
  async excerpts(query: string, ids: readonly string[]): Promise<Excerpts> {
    const reply = await this.#ask((callId) => ({ type: 'excerpts', callId, query, ids }));
    return reply.type === 'excerpts' ? reply.excerpts : new Map();
  }

  dispose(): void {
    this.#end(abortError());
  }

  #end(reason: Error): void {
    this.#unfollow?.();
    this.#worker?.terminate();
    // The next query makes another one.
    this.#worker = undefined;
    for (const call of this.#calls.values()) call.reject(reason);
    this.#calls.clear();
  }

  #open(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = createModuleWorker(searchWorkerUrl, 'alcove-search');
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<SearchReply>) => {
      const call = this.#calls.get(data.callId);
      if (data.type === 'found' && !data.isAll) {
        call?.onPart(data.ids);
        return;
      }
      this.#calls.delete(data.callId);
      if (data.type === 'failed') call?.reject(fromWireError(data.error));
      else call?.resolve(data);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#end(new AlcoveError('internal', `the search failed: ${event.message}`));
    });
    worker.postMessage({ type: 'open', databaseName: this.#databaseName } satisfies SearchCommand);
    this.#unfollow = this.#library.onChange((id) => this.#post({ type: 'changed', id }));
    return worker;
  }

  #ask(command: (callId: number) => SearchCommand, onPart: Call['onPart'] = () => {}): Promise<SearchReply> {
    const callId = this.#callCount++;
    const call = { ...Promise.withResolvers<SearchReply>(), onPart };
    this.#calls.set(callId, call);
    this.#post(command(callId));
    return call.promise;
  }

  #post(command: SearchCommand): void {
    this.#open().postMessage(command);
  }
}
