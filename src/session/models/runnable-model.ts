import { fittedRecord } from '../../models/fit/fit-result.ts';
import type { ModelRecord } from '../../models/model-record.ts';
import { AlcoveError } from '../../platform/errors.ts';
import { findModel } from '../state/find-model.ts';
import type { SessionState } from '../state/session-state.ts';
import { variantsOf } from '../state/variants-of.ts';

/**
 * Finds the record to run for a model, with the context window that fits this device: the model's own record, or another
 * stored variant of the model that runs here.
 * @throws AlcoveError `model-unknown`, `model-missing`, or why the model cannot run here
 */
export function runnableModel(state: SessionState, modelId: string | undefined): ModelRecord {
  const entry = findModel(state, modelId);
  if (entry === undefined) throw new AlcoveError('model-unknown', `no model ${modelId ?? 'is selected'}`);
  const variants = [entry, ...variantsOf(state, entry.record)];
  const found = variants.find(({ fit, weights }) => weights.status === 'stored' && fit.status !== 'cannot-run');
  if (found !== undefined) return fittedRecord(found.record, found.fit);
  const { record, fit } = entry;
  if (fit.status === 'cannot-run') throw new AlcoveError(fit.code, `${record.id} cannot run here`, { data: fit.data });
  if (entry.weights.status === 'closed') throw entry.weights.error;
  throw new AlcoveError('model-missing', `${record.id} is not stored`);
}
