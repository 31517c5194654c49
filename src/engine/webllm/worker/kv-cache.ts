import type { MLCEngine } from '@mlc-ai/web-llm';

/**
 * Tokens in the KV cache of a loaded model. web-llm 0.2.86 has no public member for it, so this reads two private
 * fields; undefined if a newer version no longer has them.
 */
export function filledTokens(engine: MLCEngine, modelId: string): number | undefined {
  const pipelines: unknown = Reflect.get(engine, 'loadedModelIdToPipeline');
  if (!(pipelines instanceof Map)) return undefined;
  const pipeline: unknown = pipelines.get(modelId);
  if (typeof pipeline !== 'object' || pipeline === null) return undefined;
  const filled: unknown = Reflect.get(pipeline, 'filledKVCacheLength');
  return typeof filled === 'number' ? filled : undefined;
}
