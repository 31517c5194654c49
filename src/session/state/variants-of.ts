import { type ModelRecord, modelKeyOf } from '../../models/model-record.ts';
import { findModel } from './find-model.ts';
import type { ModelEntry } from './session-state.ts';

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
