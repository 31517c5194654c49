import { profileOf } from '../../../models/engines/engine-profiles.ts';
import { canRun, type Fit } from '../../../models/fit/fit-result.ts';
import type { ModelRecord } from '../../../models/model-record.ts';
import type { ModelEntry, SessionState } from '../../../session/state/session-state.ts';
import { hasWeights } from '../../models/model-labels.ts';

const ORDER: readonly Fit['status'][] = ['runs-well', 'runs-slowly', 'may-not-fit', 'too-slow'];

/** Whether pictures reach the model; of a server's, which nobody knows before they are sent, they may. */
export function seesPictures(record: ModelRecord): boolean {
  return profileOf(record).imageTokens(record) > 0;
}

/**
 * A model of this device that sees pictures: one that is here or on its way, else the largest of those that run best.
 * Undefined where none can run.
 */
export function seeingModel({ models }: SessionState): ModelEntry | undefined {
  const rank = (entry: ModelEntry): number => (hasWeights(entry) ? -1 : ORDER.indexOf(entry.fit.status));
  return models
    .filter(({ record, fit }) => profileOf(record).local !== undefined && seesPictures(record) && canRun(fit))
    .sort((one, other) => rank(one) - rank(other) || other.record.parameterCount - one.record.parameterCount)[0];
}
