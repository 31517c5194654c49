import { AlcoveError } from '../../platform/errors.ts';
import { WorkerClient } from '../../platform/worker-rpc.ts';
import type { HashMethods } from '../download-protocol.ts';
import hashWorker from './hash-worker.ts?worker-file';

/** One SHA-256 that is computed in the hash worker. The worker runs the calls in their order. */
export interface RemoteHash {
  /** Transfers the buffer to the worker and back. Returns it with the state after it. */
  update(buffer: ArrayBuffer, sizeBytes: number): Promise<{ buffer: ArrayBuffer; state: Uint8Array }>;
  /** Ends the hash: lower-case hex. */
  digest(): Promise<string>;
  close(): void;
}

export class HashClient {
  readonly #worker = new WorkerClient<HashMethods>(hashWorker, 'alcove-hash');
  #nextId = 0;

  async open(): Promise<RemoteHash> {
    const hash = await this.openAt(undefined);
    if (hash === undefined) throw new AlcoveError('internal', 'the hash worker opens no hash');
    return hash;
  }

  /** @returns undefined when the state is of another build of the hash */
  async openAt(state: Uint8Array | undefined): Promise<RemoteHash | undefined> {
    const id = this.#nextId++;
    if (!(await this.#worker.call('open', { id, state }))) return undefined;
    return {
      update: (buffer, sizeBytes) => this.#worker.call('update', { id, buffer, sizeBytes }, { transfer: [buffer] }),
      digest: () => this.#worker.call('digest', { id }),
      close: () => {
        if (this.#worker.isRunning) this.#worker.send('close', { id });
      },
    };
  }

  dispose(): void {
    this.#worker.end();
  }
}
