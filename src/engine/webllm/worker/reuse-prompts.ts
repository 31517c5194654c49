import type { MLCEngine } from '@mlc-ai/web-llm';
import type { ReadingProgress } from '../../engine.ts';
import { pipelineOf } from './pipeline-fields.ts';
import { type KvSequences, PromptCache } from './prompt-cache.ts';

/*
 * web-llm 0.2.86 keeps its KV cache only for a prompt that continues the one before, and reads any other prompt as a whole. The
 * runtime in its model libraries can do more: it holds several sequences and takes tokens back. This file puts that in place
 * of three methods of web-llm's pipeline. tools/web-llm-pipeline.test.ts fails when a newer web-llm has changed them.
 */

type PackedFunction = (...parameters: unknown[]) => unknown;
type InputData = [data: unknown[], tokens: number, embedSize: unknown];

interface Pipeline {
  readonly kvCache: unknown;
  readonly tvm: {
    beginScope(): void;
    endScope(): void;
    getGlobalFunc(name: string): PackedFunction;
    detachFromCurrentScope(func: PackedFunction): PackedFunction;
    scalar(value: number, type: string): unknown;
    makeShapeTuple(shape: readonly number[]): unknown;
  };
  readonly device: { sync(): Promise<void> };
  readonly fclearKVCaches: PackedFunction;
  readonly fKVCacheAddSequence: PackedFunction;
  readonly fKVCacheRemoveSequence: PackedFunction;
  fKVCacheBeginForward: PackedFunction;
  filledKVCacheLength: number;
  prefillChunkSize: number;
  resetKVCache(): void;
  getInputData(): Promise<InputData>;
  embedAndForward(data: readonly unknown[], tokens: number): Promise<unknown>;
}

const METHODS = [
  'fclearKVCaches',
  'fKVCacheAddSequence',
  'fKVCacheRemoveSequence',
  'fKVCacheBeginForward',
  'resetKVCache',
  'getInputData',
  'embedAndForward',
];

interface ReadingHooks {
  throwIfInterrupted(): void;
  mostStepTokens(): number;
  onRead(progress: ReadingProgress): void;
}

/**
 * Lets web-llm read only what a prompt does not share with earlier ones. Call `resetChat` before each request, which then keeps
 * the KV cache and makes web-llm build the whole prompt.
 * @param throwIfInterrupted called before each step of reading a prompt
 * @param mostStepTokens tokens that the steps of the next prompt may have
 * @param onRead called between two steps of a prompt
 * @returns whether it can. Not with a sliding window or recurrent state, which cannot be rolled back, nor in the newer form of
 * model (`artifact`), whose prompts may hold images and sound.
 */
export function reusePrompts(
  engine: MLCEngine,
  modelId: string,
  { throwIfInterrupted, mostStepTokens, onRead }: ReadingHooks,
): boolean {
  const pipeline = pipelineOf(engine, modelId);
  if (!canRollBack(pipeline)) return false;
  let kv: KvSequences;
  try {
    kv = sequencesOf(pipeline);
  } catch {
    // The model's library has an older runtime.
    return false;
  }
  const { tvm, device, prefillChunkSize } = pipeline;
  const cache = new PromptCache(kv);
  const beginForward = pipeline.fKVCacheBeginForward;
  const getInputData = pipeline.getInputData.bind(pipeline);
  const embedAndForward = pipeline.embedAndForward.bind(pipeline);
  /** Whether a step is on the GPU's queue that no sampling has waited for. */
  let isReading = false;
  let totalTokens = 0;

  pipeline.resetKVCache = () => {};
  pipeline.fKVCacheBeginForward = (state, _sequence, lengths) =>
    beginForward(state, tvm.makeShapeTuple([cache.activeId]), lengths);
  pipeline.getInputData = async () => {
    pipeline.filledKVCacheLength = 0;
    const [data, count, embedSize] = await getInputData();
    isReading = false;
    totalTokens = count;
    pipeline.prefillChunkSize = Math.min(prefillChunkSize, mostStepTokens());
    const tokens = tokensOf(data);
    const kept = cache.begin(tokens ?? []);
    pipeline.filledKVCacheLength = kept;
    return [tokens === undefined ? data : [tokens.slice(kept)], count - kept, embedSize];
  };
  pipeline.embedAndForward = async (data, count) => {
    if (count > 1) {
      if (isReading) {
        await device.sync();
        onRead({ readTokens: pipeline.filledKVCacheLength, totalTokens });
      }
      throwIfInterrupted();
      isReading = true;
    }
    cache.append(tokensOf(data), count);
    try {
      return await embedAndForward(data, count);
    } catch (error) {
      cache.forget();
      throw error;
    }
  };
  return true;
}

function canRollBack(pipeline: object | undefined): pipeline is Pipeline {
  if (pipeline === undefined) return false;
  const get = (name: string): unknown => Reflect.get(pipeline, name);
  return (
    METHODS.every((name) => typeof get(name) === 'function') &&
    typeof get('tvm') === 'object' &&
    typeof get('device') === 'object' &&
    get('kvCache') !== undefined &&
    get('rnnState') === undefined &&
    get('artifact') === undefined &&
    get('slidingWindowSize') === -1
  );
}

/** @throws if the runtime lacks a function */
function sequencesOf(pipeline: Pipeline): KvSequences {
  const { tvm, kvCache } = pipeline;
  tvm.beginScope();
  const [popTokens, countTokens, countFreePages] = [
    'vm.builtin.kv_state_popn',
    'vm.builtin.attention_kv_cache_get_total_sequence_length',
    'vm.builtin.attention_kv_cache_get_num_available_pages',
  ].map((name) => tvm.detachFromCurrentScope(tvm.getGlobalFunc(name)));
  tvm.endScope();
  const idOf = (id: number): unknown => tvm.scalar(id, 'int64');
  return {
    add: (id) => void pipeline.fKVCacheAddSequence(kvCache, idOf(id)),
    remove: (id) => void pipeline.fKVCacheRemoveSequence(kvCache, idOf(id)),
    pop: (id, tokens) => void popTokens?.(kvCache, idOf(id), tvm.scalar(tokens, 'int32')),
    clear: () => void pipeline.fclearKVCaches(kvCache),
    tokenCount: () => Number(countTokens?.(kvCache)),
    freePages: () => Number(countFreePages?.(kvCache)),
  };
}

/** The tokens of a prompt or a part of it; undefined if it holds an image. */
function tokensOf(data: readonly unknown[]): number[] | undefined {
  return data.every((part) => Array.isArray(part)) ? data.flat() : undefined;
}
