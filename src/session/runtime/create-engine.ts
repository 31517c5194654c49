import type { Engine, ModelOwner } from '../../engine/engine.ts';
import type { EngineId } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';

interface StoreNames {
  readonly weights: string;
  /** The prefix of the database that holds the custom servers and their keys. */
  readonly servers: string;
}

const CREATE: Readonly<Record<EngineId, (stores: StoreNames) => Promise<Engine>>> = {
  webllm: async ({ weights: storeName }) => {
    const { WebLlmEngine } = await import('../../engine/webllm/webllm-engine.ts');
    return share('webllm', storeName, () => new WebLlmEngine({ storeName }));
  },
  wllama: async ({ weights: storeName }) => {
    const { WllamaEngine } = await import('../../engine/wllama/wllama-engine.ts');
    return share('wllama', storeName, () => new WllamaEngine({ storeName }));
  },
  // Not shared: it holds nothing that tabs could share.
  server: async ({ servers }) => {
    const [{ ServerEngine }, { ServerStore }] = await Promise.all([
      import('../../engine/server/server-engine.ts'),
      import('../../storage/server-store.ts'),
    ]);
    const store = new ServerStore(servers);
    return new ServerEngine({ readKey: (serverId) => store.readKey(serverId), onDispose: () => store.close() });
  },
  // Not shared: the browser itself shares its model.
  browser: async () => {
    const { BrowserEngine } = await import('../../engine/browser/browser-engine.ts');
    return new BrowserEngine();
  },
  scripted: async () => {
    throw new AlcoveError('catalogue-invalid', 'the scripted engine is for tests');
  },
};

export function createDefaultEngine(id: EngineId, weights: string, servers: string): Promise<Engine> {
  return CREATE[id]({ weights, servers });
}

/** One engine for all tabs and sessions of this origin that use the same weight store. */
async function share(id: EngineId, storeName: string, create: () => ModelOwner): Promise<Engine> {
  const { SharedEngine } = await import('../../engine/shared/shared-engine.ts');
  return new SharedEngine(id, create, `${id}:${storeName}`);
}
