import type { MLCEngine } from '@mlc-ai/web-llm';

/** Reads two private fields of web-llm 0.2.86, which has no public one; undefined where a newer version lacks them. */
export function filledTokens(engine: MLCEngine, modelId: string): number | undefined {
  const pipelines: unknown = Reflect.get(engine, 'loadedModelIdToPipeline');
  if (!(pipelines instanceof Map)) return undefined;
  const pipeline: unknown = pipelines.get(modelId);
  if (typeof pipeline !== 'object' || pipeline === null) return undefined;
  const filled: unknown = Reflect.get(pipeline, 'filledKVCacheLength');
  return typeof filled === 'number' ? filled : undefined;
}
