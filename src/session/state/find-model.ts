import type { ModelEntry } from './session-state.ts';

/** Finds a model by its id. Undefined if the id is undefined or no model has it. */
export function findModel(
  { models }: { readonly models: readonly ModelEntry[] },
  modelId: string | undefined,
): ModelEntry | undefined {
  return models.find(({ record }) => record.id === modelId);
}
