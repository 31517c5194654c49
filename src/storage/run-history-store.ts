import type { DBSchema } from 'idb';
import type { Backend } from '../models/backend.ts';
import type { RunResult } from '../models/fit/run-history.ts';
import { Database } from './database.ts';

/** A load that is under way. One whose tab is gone is one that ended it. */
export interface UnfinishedLoad {
  readonly id: string;
  /** The model that was asked for. */
  readonly modelId: string;
  /** The variant that was loaded for it. */
  readonly recordId: string;
  readonly way?: Backend;
  /** Date.now() */
  readonly startedAt: number;
}

interface OutcomeSchema extends DBSchema {
  /** Under device, variant and way; `device` is what deviceKey gives. */
  outcomes: { key: string; value: RunResult & { readonly device: string } };
  marks: { key: string; value: UnfinishedLoad };
}

/** What running models on this device came to, and the loads that are under way, in IndexedDB. */
export class RunHistoryStore {
  readonly #database: Database<OutcomeSchema>;

  constructor(name = 'alcove-outcomes') {
    this.#database = new Database<OutcomeSchema>(name, 1, (database) => {
      database.createObjectStore('outcomes');
      database.createObjectStore('marks', { keyPath: 'id' });
    });
  }

  /** Of one device; those that other devices or versions left behind are dropped. */
  async read(device: string): Promise<readonly RunResult[]> {
    return this.#database.run(async (database) => {
      const transaction = database.transaction('outcomes', 'readwrite');
      const found: RunResult[] = [];
      for await (const cursor of transaction.store) {
        const { device: itsDevice, ...outcome } = cursor.value;
        if (itsDevice === device) found.push(outcome);
        else await cursor.delete();
      }
      await transaction.done;
      return found;
    });
  }

  async write(device: string, outcome: RunResult): Promise<void> {
    const { recordId, way } = outcome;
    const key = JSON.stringify([device, recordId, way?.rung, way?.threadCount]);
    await this.#database.run((database) => database.put('outcomes', { ...outcome, device }, key));
  }

  /** Resolves when the mark is on the disk: what it is made for may end the browser, or the machine. */
  async setMark(mark: UnfinishedLoad): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction('marks', 'readwrite', { durability: 'strict' });
      await transaction.store.put(mark);
      await transaction.done;
    });
  }

  async removeMark(id: string): Promise<void> {
    await this.#database.run((database) => database.delete('marks', id));
  }

  async marks(): Promise<readonly UnfinishedLoad[]> {
    return this.#database.run((database) => database.getAll('marks'));
  }

  close(): void {
    this.#database.close();
  }
}
