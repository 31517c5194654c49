import { AlcoveError } from '../errors.ts';
import { fittedRecord } from '../models/fit-verdict.ts';
import type { ModelRecord } from '../models/model-record.ts';
import type { SessionState } from './session-state.ts';

/**
 * The record of a model that can answer now, with the context window that fits this device.
 * @throws AlcoveError `model-unknown`, `model-missing`, or why the model cannot run here
 */
export function runnableModel({ models }: SessionState, modelId: string | undefined): ModelRecord {
  const entry = models.find(({ record }) => record.id === modelId);
  if (entry === undefined) throw new AlcoveError('model-unknown', `no model ${modelId ?? 'is selected'}`);
  const { record, fit, weights } = entry;
  if (fit.verdict === 'cannot-run') throw new AlcoveError(fit.code, `${record.id} cannot run here`, { data: fit.data });
  if (weights.status === 'closed') throw weights.error;
  if (weights.status !== 'stored') throw new AlcoveError('model-missing', `${record.id} is not stored`);
  return fittedRecord(record, fit);
}
