import type { CustomServer } from '../models/catalogue/custom-server.ts';
import { RecordStore } from './record-store.ts';

const SERVER = 'server:';
/** Of API keys: apart from all that is listed, shown or exported. */
const API_KEY = 'server-key:';

/** The user's custom servers and their API keys. A key is read by its server's id alone and is part of nothing else. */
export class ServerStore {
  readonly #records: RecordStore;

  /** @param name of all databases of a session */
  constructor(name = 'alcove') {
    this.#records = new RecordStore(name, {
      name: `${name}-servers`,
      toEntries: (stores) => [
        ...(stores.get('servers') ?? []).map(([id, value]) => [SERVER + id, value] as const),
        ...(stores.get('keys') ?? []).map(([id, value]) => [API_KEY + id, value] as const),
      ],
    });
  }

  async list(): Promise<readonly CustomServer[]> {
    return this.#records.list<CustomServer>(SERVER);
  }

  async put(server: CustomServer): Promise<void> {
    await this.#records.put([[SERVER + server.id, server]]);
  }

  /** @param key undefined removes it */
  async setKey(serverId: string, key: string | undefined): Promise<void> {
    if (key === undefined) await this.#records.delete([API_KEY + serverId]);
    else await this.#records.put([[API_KEY + serverId, key]]);
  }

  async readKey(serverId: string): Promise<string | undefined> {
    return this.#records.get<string>(API_KEY + serverId);
  }

  close(): void {
    this.#records.close();
  }

  async delete(serverId: string): Promise<void> {
    await this.#records.delete([SERVER + serverId, API_KEY + serverId]);
  }
}
