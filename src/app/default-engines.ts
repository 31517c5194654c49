import type { Engine } from '../engine/engine.ts';
import { AlcoveError } from '../errors.ts';
import type { EngineId } from '../models/model-record.ts';

/**
 * The engines of the app: fetched when first needed, each shared by all tabs and sessions of this origin that use the
 * same weight store.
 */
export async function createDefaultEngine(id: EngineId, storeName: string): Promise<Engine> {
  const [{ SharedEngine }, create] = await Promise.all([import('./shared-engine.ts'), importEngine(id)]);
  return new SharedEngine(id, () => create(storeName), `${id}:${storeName}`);
}

async function importEngine(id: EngineId): Promise<(storeName: string) => Engine> {
  switch (id) {
    case 'webllm': {
      const { WebLlmEngine } = await import('../engine/webllm/webllm-engine.ts');
      return (storeName) => new WebLlmEngine({ storeName });
    }
    case 'wllama': {
      const { WllamaEngine } = await import('../engine/wllama/wllama-engine.ts');
      return (storeName) => new WllamaEngine({ storeName });
    }
    case 'server':
      throw new AlcoveError('model-too-large', 'no server is set up');
    case 'scripted':
      throw new AlcoveError('catalogue-invalid', 'the scripted engine is for tests');
  }
}
