import type { DBSchema } from 'idb';
import type { ModelRecord } from '../../models/model-record.ts';
import { plainDatabaseName } from '../../platform/storage-access.ts';
import { Database } from '../database.ts';

export interface CustomModel {
  readonly id: string;
  readonly record: ModelRecord;
  /** ms since the epoch */
  readonly addedAt: number;
  /** Of a model on the disk: handles that open its files again, in the order of its source's files. */
  readonly handles?: readonly FileSystemFileHandle[];
}

interface CustomSchema extends DBSchema {
  models: { key: string; value: CustomModel };
}

/**
 * The models that the user added, in IndexedDB: records and handles, never weights. For pages and workers.
 *
 * Every method may throw AlcoveError `quota-exceeded`, `storage-unavailable` or `storage-blocked`.
 */
export class CustomModelStore {
  readonly #database: Database<CustomSchema>;

  /** @param weightsName of the weight store that goes with it. Of a shared one, this is not shared: it has the user's own files */
  constructor(weightsName = 'alcove-weights') {
    this.#database = new Database<CustomSchema>(`${plainDatabaseName(weightsName)}-custom`, 1, (database) => {
      database.createObjectStore('models', { keyPath: 'id' });
    });
  }

  /** In the order in which they were added. */
  async list(): Promise<CustomModel[]> {
    const models = await this.#database.run((database) => database.getAll('models'));
    return models.sort((a, b) => a.addedAt - b.addedAt);
  }

  async get(id: string): Promise<CustomModel | undefined> {
    return this.#database.run((database) => database.get('models', id));
  }

  async put(model: CustomModel): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction('models', 'readwrite', { durability: 'strict' });
      await Promise.all([transaction.store.put(model), transaction.done]);
    });
  }

  async delete(id: string): Promise<void> {
    await this.#database.run((database) => database.delete('models', id));
  }

  close(): void {
    this.#database.close();
  }
}
