import type { ModelRecord } from '../models/model-record.ts';
import { type Collapse, findCollapse } from './collapse.ts';
import type { Engine, GenerateRequest } from './engine.ts';

export interface SelfTestResult {
  /** `undecided`: the text may be one, but nothing shows that it is what the model should say. */
  readonly verdict: 'passed' | 'failed' | 'undecided';
  readonly reason?: Collapse | 'other-answer';
  readonly text: string;
  readonly prefillTokensPerSecond: number | undefined;
  readonly decodeTokensPerSecond: number | undefined;
}

/** Any chat model, however small, answers it with numbers, and no good answer repeats itself. */
const QUESTION = 'Count from one to twenty.';

/** Of an answer whose text is known, a few more than it has; of another, enough to see a collapse and to take a speed. */
const MAX_TOKENS = 24;

/** Numbers in a row, in digits or in words of the languages that small models answer in. */
const COUNTING = /1\D+2\D+3|one\W+two\W+three/i;

/**
 * Asks the loaded model for a known answer, greedily, and judges it. It also takes the speeds, so that one short answer
 * serves for both.
 *
 * A record with a reference must give exactly its text: the same weights, decoded greedily, do so on every engine. Of
 * other models it is judged whether the text is one at all.
 * @throws what `generate` throws
 */
export async function selfTest(engine: Engine, record: ModelRecord, signal: AbortSignal): Promise<SelfTestResult> {
  const { prompt = QUESTION, expect: expected } = record.selfTest ?? {};
  const request: GenerateRequest = {
    messages: [{ role: 'user', content: prompt }],
    sampling: { temperature: 0, maxTokens: MAX_TOKENS },
  };
  let text = '';
  let thought = '';
  let prefillTokensPerSecond: number | undefined;
  let decodeTokensPerSecond: number | undefined;
  for await (const event of engine.generate(request, signal)) {
    if (event.type === 'text-delta') text += event.text;
    else if (event.type === 'reasoning-delta') thought += event.text;
    else if (event.type === 'usage') ({ prefillTokensPerSecond, decodeTokensPerSecond } = event.usage);
  }
  return { ...judge(expected, text, thought), text, prefillTokensPerSecond, decodeTokensPerSecond };
}

function judge(
  expected: string | undefined,
  text: string,
  thought: string,
): Pick<SelfTestResult, 'verdict' | 'reason'> {
  if (expected !== undefined) {
    return text.trim() === expected ? { verdict: 'passed' } : { verdict: 'failed', reason: 'other-answer' };
  }
  const written = thought + text;
  const collapse = findCollapse(written);
  if (collapse !== undefined) return { verdict: 'failed', reason: collapse };
  return { verdict: COUNTING.test(written) ? 'passed' : 'undecided' };
}
