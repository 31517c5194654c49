import type { ModelRecord as WebLlmRecord } from '@mlc-ai/web-llm';
import type { ModelRecord } from '../../../models/model-record.ts';
import type { ModelFiles } from './model-files.ts';

/** web-llm's name for the context window: it makes a KV cache of that size, whatever the library was compiled for. */
const WINDOW = 'context_window_size';

/** The record of a stored model as web-llm reads it. */
export function webLlmRecord(model: ModelRecord, files: ModelFiles): WebLlmRecord {
  const { id, requiredFeatures, overrides, modelManifest, contextWindow, trainedContextWindow } = model;
  // Of a checkpoint that nothing is known of the configuration holds: web-llm refuses a window beside a sliding one.
  const isKnown = trainedContextWindow !== undefined || overrides?.[WINDOW] !== undefined;
  return {
    model: files.baseUrl,
    model_id: id,
    model_lib: files.libraryUrl,
    required_features: [...requiredFeatures],
    overrides: { ...overrides, ...(isKnown && { [WINDOW]: contextWindow }) },
    // A model that was stored before its record named a manifest has none, and is loaded as it was then.
    ...(modelManifest !== undefined && files.has(modelManifest) && { model_manifest: modelManifest }),
  };
}
