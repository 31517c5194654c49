import { canRun } from '../fit/fit-result.ts';
import { type Fitted, isChatModel } from './recommend.ts';

/** Whether a variant can be called the best for this device: tried, a model to talk to, at a speed that allows it. */
export function isGoodChoice(variant: Fitted): boolean {
  const { status } = variant.fit;
  return isChatModel(variant.record) && isTried(variant) && (status === 'runs-well' || status === 'runs-slowly');
}

/**
 * Whether this variant is known to have run: it has answered on this device; or the record holds what it answered elsewhere;
 * or web-llm's makers publish it with a library that they compiled for it.
 */
function isTried({ record, fit }: Fitted): boolean {
  if (canRun(fit) && fit.estimate.speed.from === 'measured') return true;
  const { source, selfTest } = record;
  return selfTest !== undefined || (source.kind === 'huggingface' && source.library !== undefined);
}
