import type { Engine } from '../../engine/engine.ts';
import type { EngineId } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';

/**
 * The engines of the app: fetched when first needed, each shared by all tabs and sessions of this origin that use the
 * same weight store.
 */
export async function createDefaultEngine(id: EngineId, storeName: string, serverStoreName: string): Promise<Engine> {
  // It holds nothing that tabs could share.
  if (id === 'server') return createServerEngine(serverStoreName);
  const [{ SharedEngine }, create] = await Promise.all([
    import('../../engine/shared/shared-engine.ts'),
    importEngine(id),
  ]);
  return new SharedEngine(id, () => create(storeName), `${id}:${storeName}`);
}

async function importEngine(id: Exclude<EngineId, 'server'>): Promise<(storeName: string) => Engine> {
  switch (id) {
    case 'webllm': {
      const { WebLlmEngine } = await import('../../engine/webllm/webllm-engine.ts');
      return (storeName) => new WebLlmEngine({ storeName });
    }
    case 'wllama': {
      const { WllamaEngine } = await import('../../engine/wllama/wllama-engine.ts');
      return (storeName) => new WllamaEngine({ storeName });
    }
    case 'scripted':
      throw new AlcoveError('catalogue-invalid', 'the scripted engine is for tests');
  }
}

async function createServerEngine(storeName: string): Promise<Engine> {
  const [{ ServerEngine }, { ServerStore }] = await Promise.all([
    import('../../engine/server/server-engine.ts'),
    import('../../storage/server-store.ts'),
  ]);
  const store = new ServerStore(storeName);
  return new ServerEngine({ readKey: (serverId) => store.readKey(serverId) });
}
