import { type ModelRecord, modelKeyOf } from '../../models/model-record.ts';
import type { ModelEntry } from './session-state.ts';

/** Finds a model by its id. Undefined if the id is undefined or no model has it. */
export function findModel(
  { models }: { readonly models: readonly ModelEntry[] },
  modelId: string | undefined,
): ModelEntry | undefined {
  return models.find(({ record }) => record.id === modelId);
}

/**
 * The variants of a model, which may run in its place. A model that the user has added is its only one: its name, which may
 * come from a link, must not put it in the place of another.
 */
export function variantsOf(
  { models }: { readonly models: readonly ModelEntry[] },
  model: ModelRecord,
): readonly ModelEntry[] {
  const own = findModel({ models }, model.id);
  if (own?.isCustom) return [own];
  return models.filter(({ record, isCustom }) => !isCustom && modelKeyOf(record) === modelKeyOf(model));
}
