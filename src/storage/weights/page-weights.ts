import { fromWireError, toWireError, type WireError } from '../../platform/errors.ts';
import { isInMemory } from '../../platform/storage-access.ts';
import { TabChannel } from '../../platform/tab-channel.ts';
import { MemoryDatabase } from './memory-database.ts';
import { verifyStoredModel } from './verify-model.ts';
import { WeightStore, weightStoreOver } from './weight-store.ts';

/** Of the messages below, and of what the methods take and return. */
const VERSION = 1;

/** The methods that workers call. */
const METHODS = [
  'listModels',
  'getModel',
  'addModel',
  'setPauseReason',
  'readProgress',
  'readChunk',
  'writeChunk',
  'dropChunks',
  'markDamaged',
  'finishFile',
  'readFile',
  'markUsed',
  'markVerified',
  'deleteModel',
] as const satisfies readonly (keyof WeightStore)[];

type Method = (...parameters: unknown[]) => Promise<unknown>;

interface Call {
  readonly callId: string;
  readonly method: (typeof METHODS)[number];
  readonly parameters: unknown[];
}

type Reply = { readonly callId: string } & ({ readonly value: unknown } | { readonly error: WireError });

/** The stores of this page, by name. */
const stores = new Map<string, Promise<WeightStore>>();

/**
 * Weights that only the page has access to, and serves to its workers over a channel:
 *
 * - in memory, for a page that may store nothing. They are Blobs; the bytes are the browser's, which may put them on its own
 *   disk, and go when the page does;
 * - in the storage that a frame shares with the pages of its origin.
 */
export async function openPageWeights(name: string): Promise<WeightStore> {
  if (!('document' in globalThis)) return connect(name);
  const known = stores.get(name);
  if (known !== undefined) return known;
  const opening = isInMemory(name)
    ? Promise.resolve(weightStoreOver(new MemoryDatabase(name)))
    : WeightStore.open(name);
  stores.set(name, opening);
  try {
    const store = await opening;
    serve(name, store);
    return store;
  } catch (error) {
    stores.delete(name);
    throw error;
  }
}

function serve(name: string, store: WeightStore): void {
  const channel = new TabChannel<Call | Reply>(name, VERSION, (message) => {
    if ('method' in message) void answer(message);
  });
  const answer = async ({ callId, method, parameters }: Call): Promise<void> => {
    try {
      channel.post({ callId, value: await (store[method] as Method)(...parameters) });
    } catch (error) {
      channel.post({ callId, error: toWireError(error) });
    }
  };
}

/** In a worker: a store whose methods run on the page that owns it. */
function connect(name: string): WeightStore {
  const calls = new Map<string, PromiseWithResolvers<unknown>>();
  const channel = new TabChannel<Call | Reply>(name, VERSION, (message) => {
    const call = calls.get(message.callId);
    if (call === undefined || 'method' in message) return;
    calls.delete(message.callId);
    if ('error' in message) call.reject(fromWireError(message.error));
    else call.resolve(message.value);
  });
  // Several workers share the channel.
  const workerId = Math.random().toString(36).slice(2);
  let count = 0;
  const remote = METHODS.map((method) => {
    const call: Method = (...parameters) => {
      const callId = `${workerId}:${count++}`;
      const result = Promise.withResolvers<unknown>();
      calls.set(callId, result);
      channel.post({ callId, method, parameters });
      return result.promise;
    };
    return [method, call] as const;
  });
  const store = {
    ...(Object.fromEntries(remote) as unknown as Pick<WeightStore, (typeof METHODS)[number]>),
    verifyModel: (modelId, options = {}) => verifyStoredModel(store, modelId, options),
    close: () => channel.close(),
  } satisfies WeightStore as WeightStore;
  return store;
}
