import type { ModelEntry } from './session-state.ts';

/** The model of this id, with its weights and fit. Undefined for an id that is undefined or that no model has. */
export function findModel(
  { models }: { readonly models: readonly ModelEntry[] },
  modelId: string | undefined,
): ModelEntry | undefined {
  return models.find(({ record }) => record.id === modelId);
}
