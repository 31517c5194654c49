import type { DBSchema } from 'idb';
import type { CustomServer } from '../models/catalogue/custom-server.ts';
import { Database } from './database.ts';

interface ServerSchema extends DBSchema {
  servers: { key: string; value: CustomServer };
  /** Under the server's id, apart from all that is listed, shown or exported. */
  keys: { key: string; value: string };
}

/** The reader's own servers, in IndexedDB. A key is read by its name alone and is part of nothing else. */
export class ServerStore {
  readonly #database: Database<ServerSchema>;

  constructor(name = 'alcove-servers') {
    this.#database = new Database<ServerSchema>(name, 1, (database) => {
      database.createObjectStore('servers', { keyPath: 'id' });
      database.createObjectStore('keys');
    });
  }

  async list(): Promise<readonly CustomServer[]> {
    return this.#database.run((database) => database.getAll('servers'));
  }

  async put(server: CustomServer): Promise<void> {
    await this.#database.run((database) => database.put('servers', server));
  }

  /** @param key undefined takes it away */
  async setKey(serverId: string, key: string | undefined): Promise<void> {
    await this.#database.run(async (database) => {
      if (key === undefined) await database.delete('keys', serverId);
      else await database.put('keys', key, serverId);
    });
  }

  async readKey(serverId: string): Promise<string | undefined> {
    return this.#database.run((database) => database.get('keys', serverId));
  }

  /** With its key. */
  async delete(serverId: string): Promise<void> {
    await this.#database.run(async (database) => {
      const transaction = database.transaction(['servers', 'keys'], 'readwrite');
      await transaction.objectStore('servers').delete(serverId);
      await transaction.objectStore('keys').delete(serverId);
      await transaction.done;
    });
  }

  close(): void {
    this.#database.close();
  }
}
