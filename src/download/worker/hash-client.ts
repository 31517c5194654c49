import { AlcoveError } from '../../platform/errors.ts';
import { createModuleWorker } from '../../platform/module-worker.ts';
import type { HashCommand, HashReply } from '../download-protocol.ts';
import hashWorkerUrl from './hash-worker.ts?worker&url';

/** One SHA-256 that is computed in the hash worker. Calls are answered in the order in which they were made. */
export interface RemoteHash {
  /** Gives the buffer away and brings it back, with the state after it. */
  update(buffer: ArrayBuffer, sizeBytes: number): Promise<{ buffer: ArrayBuffer; state: Uint8Array }>;
  /** Ends the hash: lower-case hex. */
  digest(): Promise<string>;
  close(): void;
}

/** The hash worker of one download. */
export class HashClient {
  readonly #worker = createModuleWorker(hashWorkerUrl, 'alcove-hash');
  readonly #pending: PromiseWithResolvers<HashReply>[] = [];
  #nextId = 0;

  constructor() {
    this.#worker.addEventListener('message', ({ data }: MessageEvent<HashReply>) => {
      const pending = this.#pending.shift();
      if (data.type === 'failed') pending?.reject(new AlcoveError('internal', data.message));
      else pending?.resolve(data);
    });
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      for (const pending of this.#pending.splice(0)) pending.reject(new AlcoveError('internal', event.message));
    });
  }

  async open(): Promise<RemoteHash> {
    const hash = await this.openAt(undefined);
    if (hash === undefined) throw new AlcoveError('internal', 'the hash worker opens no hash');
    return hash;
  }

  /** @returns undefined when the state is of another build of the hash */
  async openAt(state: Uint8Array | undefined): Promise<RemoteHash | undefined> {
    const id = this.#nextId++;
    const reply = await this.#ask({ type: 'open', id, state });
    if (reply.type !== 'opened' || !reply.goesOn) return undefined;
    return {
      update: async (buffer, sizeBytes) => {
        const reply = await this.#ask({ type: 'update', id, buffer, sizeBytes }, [buffer]);
        if (reply.type !== 'updated') throw new AlcoveError('internal', 'the hash worker is out of step');
        return reply;
      },
      digest: async () => {
        const reply = await this.#ask({ type: 'digest', id });
        if (reply.type !== 'digest') throw new AlcoveError('internal', 'the hash worker is out of step');
        return reply.sha256;
      },
      close: () => this.#post({ type: 'close', id }),
    };
  }

  dispose(): void {
    this.#worker.terminate();
  }

  #ask(command: HashCommand, transfer?: Transferable[]): Promise<HashReply> {
    const pending = Promise.withResolvers<HashReply>();
    this.#pending.push(pending);
    this.#post(command, transfer);
    return pending.promise;
  }

  #post(command: HashCommand, transfer: Transferable[] = []): void {
    this.#worker.postMessage(command, transfer);
  }
}
