import type { DBSchema } from 'idb';
import type { Backend, BackendKind } from '../models/backend.ts';
import type { RunResult } from '../models/fit/run-history.ts';
import { Database } from './database.ts';

/** A load that is under way. If its tab is gone, the load has ended it. */
export interface UnfinishedLoad {
  readonly id: string;
  /** The model that the user selected. */
  readonly modelId: string;
  /** The variant that was loaded for it. */
  readonly recordId: string;
  readonly backend?: Backend;
  /** Date.now() */
  readonly startedAt: number;
}

/** A backend as it is stored. Users have data in this form: another one needs a migration. */
interface StoredBackend {
  readonly way?: { readonly rung: BackendKind; readonly threadCount?: number };
}

interface RunHistorySchema extends DBSchema {
  /** Under device, variant and backend; `device` is what deviceKey gives. */
  outcomes: { key: string; value: Omit<RunResult, 'backend'> & StoredBackend & { readonly device: string } };
  marks: { key: string; value: Omit<UnfinishedLoad, 'backend'> & StoredBackend };
}

/** The results of running models on this device, and the loads that are under way, in IndexedDB. */
export class RunHistoryStore {
  readonly #database: Database<RunHistorySchema>;

  constructor(name = 'alcove-outcomes') {
    this.#database = new Database<RunHistorySchema>(name, 1, (database) => {
      database.createObjectStore('outcomes');
      database.createObjectStore('marks', { keyPath: 'id' });
    });
  }

  /** Of one device; results of other devices and versions are dropped. */
  async read(device: string): Promise<readonly RunResult[]> {
    return this.#database.run(async (database) => {
      const transaction = database.transaction('outcomes', 'readwrite');
      const found: RunResult[] = [];
      for await (const cursor of transaction.store) {
        const { device: itsDevice, ...result } = cursor.value;
        if (itsDevice === device) found.push(fromStored(result));
        else await cursor.delete();
      }
      await transaction.done;
      return found;
    });
  }

  async write(device: string, result: RunResult): Promise<void> {
    const { recordId, backend } = result;
    const key = JSON.stringify([device, recordId, backend?.kind, backend?.threadCount]);
    await this.#database.run((database) => database.put('outcomes', { ...toStored(result), device }, key));
  }

  /** Resolves when the mark is on the disk: the load may end the browser, or the computer. */
  async setMark(mark: UnfinishedLoad): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction('marks', 'readwrite', { durability: 'strict' });
      await transaction.store.put(toStored(mark));
      await transaction.done;
    });
  }

  async removeMark(id: string): Promise<void> {
    await this.#database.run((database) => database.delete('marks', id));
  }

  async marks(): Promise<readonly UnfinishedLoad[]> {
    return (await this.#database.run((database) => database.getAll('marks'))).map(fromStored);
  }

  close(): void {
    this.#database.close();
  }
}

function toStored<Value extends { readonly backend?: Backend }>({ backend, ...value }: Value) {
  if (backend === undefined) return value;
  const { kind: rung, threadCount } = backend;
  return { ...value, way: { rung, ...(threadCount !== undefined && { threadCount }) } };
}

function fromStored<Value extends StoredBackend>({ way, ...value }: Value) {
  if (way === undefined) return value;
  const { rung: kind, threadCount } = way;
  return { ...value, backend: { kind, ...(threadCount !== undefined && { threadCount }) } };
}
