import { type RankedBackend, rankBackends } from '../../models/fit/backend-ranking.ts';
import { fittedRecord } from '../../models/fit/fit-verdict.ts';
import { type ModelRecord, modelKeyOf } from '../../models/model-record.ts';
import { hasJspi, llamaBuild } from '../../platform/wasm-build.ts';
import type { SessionState } from '../state/session-state.ts';

/** All ways to run a model here, the first to take at the top; none before the device is known. */
export function rankedBackendsOf(
  { models, device, ladder }: SessionState,
  model: ModelRecord,
): readonly RankedBackend[] {
  if (device === undefined) return [];
  const variants = models
    .filter(({ record }) => modelKeyOf(record) === modelKeyOf(model))
    .map(({ record, fit, weights }) => ({ record: fittedRecord(record, fit), isStored: weights.status === 'stored' }));
  return rankBackends(model, variants, device, ladder.outcomes, llamaBuild() === 'compat' || hasJspi());
}
