import type { ModelRecord as WebLlmRecord } from '@mlc-ai/web-llm';
import type { ModelRecord } from '../../../models/model-record.ts';
import type { ModelFiles } from './model-files.ts';

/** The record of a stored model as web-llm reads it. */
export function webLlmRecord(
  { id, requiredFeatures, overrides, modelManifest }: ModelRecord,
  files: ModelFiles,
): WebLlmRecord {
  return {
    model: files.baseUrl,
    model_id: id,
    model_lib: files.libraryUrl,
    required_features: [...requiredFeatures],
    overrides: { ...overrides },
    // A model that was stored before its record named a manifest has none, and is loaded as it was then.
    ...(modelManifest !== undefined && files.has(modelManifest) && { model_manifest: modelManifest }),
  };
}
