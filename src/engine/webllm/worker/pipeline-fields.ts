import type { ChatCompletionTokenLogprob, MLCEngine } from '@mlc-ai/web-llm';
import { field } from '../../../platform/untrusted-json.ts';

/*
 * Reads what web-llm 0.2.86 keeps in private fields and tells in no public way; undefined where a newer version lacks them.
 */

/** Tokens in the KV cache. */
export function filledTokens(engine: MLCEngine, modelId: string): number | undefined {
  const filled = pipelineField(engine, modelId, 'filledKVCacheLength');
  return typeof filled === 'number' ? filled : undefined;
}

/** Of all tokens of the answer so far. Its chunks leave out those of a character that is not complete yet. */
export function tokenLogprobs(engine: MLCEngine, modelId: string): readonly ChatCompletionTokenLogprob[] | undefined {
  const tokens = pipelineField(engine, modelId, 'tokenLogprobArray');
  return Array.isArray(tokens) ? tokens : undefined;
}

/** Whether the model's conversation template has a role for the results of tools. */
export function hasToolRole(engine: MLCEngine, modelId: string): boolean {
  const conversation = pipelineField(engine, modelId, 'conversation');
  const roles = field(field(conversation, 'config'), 'roles');
  return typeof field(roles, 'tool') === 'string';
}

export function pipelineOf(engine: MLCEngine, modelId: string): object | undefined {
  const pipelines: unknown = Reflect.get(engine, 'loadedModelIdToPipeline');
  const pipeline: unknown = pipelines instanceof Map ? pipelines.get(modelId) : undefined;
  return typeof pipeline === 'object' && pipeline !== null ? pipeline : undefined;
}

function pipelineField(engine: MLCEngine, modelId: string, name: string): unknown {
  const pipeline = pipelineOf(engine, modelId);
  return pipeline === undefined ? undefined : Reflect.get(pipeline, name);
}
