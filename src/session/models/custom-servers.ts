import { listModels } from '../../engine/server/list-models.ts';
import { readModelTypes } from '../../engine/server/model-types.ts';
import { type CustomServer, serverRecords, toBaseUrl } from '../../models/catalogue/custom-server.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError, isAbortError, toAlcoveError } from '../../platform/errors.ts';
import type { ServerStore } from '../../storage/server-store.ts';
import type { ServerEntry } from '../state/session-state.ts';
import { allowHost, forbidHost, mayAsk, readHosts } from './allowed-hosts.ts';
import { markServers } from './server-mark.ts';

/** Default addresses of programs that serve models. */
const USUAL_ADDRESSES = [
  { name: 'Ollama', url: 'http://localhost:11434/v1' },
  { name: 'LM Studio', url: 'http://localhost:1234/v1' },
  { name: 'llama.cpp', url: 'http://localhost:8080/v1' },
  { name: 'Jan', url: 'http://localhost:1337/v1' },
] as const;

/** A server on this computer that has answered. */
export interface FoundServer {
  readonly name: string;
  readonly url: string;
  /** Why it refuses this page until the user changes its settings; undefined if it does not. */
  readonly error: AlcoveError | undefined;
}

export type PublishServers = (records: readonly ModelRecord[], entries: readonly ServerEntry[]) => void;

/** Stores the user's servers with their keys and models. Sends requests only to servers that the user has added. */
export class CustomServers {
  readonly #store: ServerStore;
  readonly #publish: PublishServers;
  readonly #databasePrefix: string | undefined;
  #entries: readonly ServerEntry[] = [];

  /**
   * @param publish called whenever the servers or their models change
   * @param databasePrefix of the store
   */
  constructor(store: ServerStore, publish: PublishServers, databasePrefix?: string) {
    this.#store = store;
    this.#publish = publish;
    this.#databasePrefix = databasePrefix;
  }

  get entries(): readonly ServerEntry[] {
    return this.#entries;
  }

  list(): readonly ServerEntry[] {
    return this.#entries;
  }

  /** Reads the stored servers. Lists the models of those for which that had to wait for a reload. */
  async start(): Promise<void> {
    const servers = await this.#store.list();
    this.#set(servers.map((server) => ({ server, error: undefined, needsReload: !mayAsk(server.baseUrl) })));
    for (const { server, needsReload } of this.#entries) {
      if (server.listedAt === undefined && !needsReload) void this.refresh(server.id);
    }
  }

  /**
   * Adds a server, or changes the key of one that is there, and looks for its models. How that went is in `entries`.
   * @throws AlcoveError `address-invalid`, and those of the store
   */
  async add(address: string, key: string): Promise<void> {
    const baseUrl = toBaseUrl(address);
    if (baseUrl === undefined) throw new AlcoveError('address-invalid', 'no http or https address');
    const known = this.#entries.find(({ server }) => server.baseUrl === baseUrl)?.server;
    const server: CustomServer = {
      ...(known ?? { id: crypto.randomUUID(), baseUrl, kind: 'other', models: [], listedAt: undefined }),
      hasKey: key !== '',
    };
    await this.#store.put(server);
    await this.#store.setKey(server.id, key === '' ? undefined : key);
    if (!mayAsk(baseUrl)) allowHost(new URL(baseUrl).origin);
    this.#put({ server, error: undefined, needsReload: !mayAsk(baseUrl) });
    if (mayAsk(baseUrl)) await this.refresh(server.id);
  }

  /** Lists the models of a server again. The result is in `entries`. */
  async refresh(serverId: string): Promise<void> {
    const entry = this.#entries.find(({ server }) => server.id === serverId);
    if (entry === undefined) return;
    try {
      const key = await this.#store.readKey(serverId);
      const { baseUrl } = entry.server;
      const options = { key, signal: new AbortController().signal };
      const listing = await readModelTypes(baseUrl, await listModels(baseUrl, options), options);
      // The user may have removed it meanwhile.
      if (!this.#has(serverId)) return;
      const server = { ...entry.server, ...listing, listedAt: Date.now() };
      await this.#store.put(server);
      // The user may have removed it during `put`, which then undid the deletion.
      if (!this.#has(serverId)) return await this.#store.delete(serverId);
      this.#put({ server, error: undefined, needsReload: false });
    } catch (error) {
      if (this.#has(serverId)) this.#put({ ...entry, error: toAlcoveError(error, 'server-failed') });
    }
  }

  #has(serverId: string): boolean {
    return this.#entries.some(({ server }) => server.id === serverId);
  }

  /** Removes a server with its key, and forbids requests to it. */
  async remove(serverId: string): Promise<void> {
    const entry = this.#entries.find(({ server }) => server.id === serverId);
    if (entry === undefined) return;
    await this.#store.delete(serverId);
    this.#set(this.#entries.filter(({ server }) => server.id !== serverId));
    const { origin } = new URL(entry.server.baseUrl);
    const isShared = this.#entries.some(({ server }) => new URL(server.baseUrl).origin === origin);
    if (!isShared && readHosts().allowed.includes(origin)) forbidHost(origin);
  }

  /** Looks for servers at the usual addresses of this computer. Needs a click: Chrome may ask the user for permission. */
  async detect(signal: AbortSignal): Promise<readonly FoundServer[]> {
    const requests = USUAL_ADDRESSES.map(async ({ name, url }): Promise<FoundServer | undefined> => {
      try {
        await listModels(url, { key: undefined, signal, silentAfterMs: 3_000 });
        return { name, url, error: undefined };
      } catch (cause) {
        if (isAbortError(cause)) throw cause;
        const error = toAlcoveError(cause);
        const isThere = error.code === 'server-forbids-page' || error.code === 'server-key-refused';
        return isThere ? { name, url, error } : undefined;
      }
    });
    return (await Promise.all(requests)).filter((found) => found !== undefined);
  }

  #put(entry: ServerEntry): void {
    const others = this.#entries.filter(({ server }) => server.id !== entry.server.id);
    this.#set([...others, entry]);
  }

  #set(entries: readonly ServerEntry[]): void {
    this.#entries = entries.toSorted((a, b) => a.server.baseUrl.localeCompare(b.server.baseUrl));
    markServers(this.#entries.length > 0, this.#databasePrefix);
    this.#publish(
      this.#entries.flatMap(({ server }) => serverRecords(server)),
      this.#entries,
    );
  }
}
