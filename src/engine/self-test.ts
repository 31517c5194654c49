import type { ModelTarget } from '../models/backend.ts';
import { AlcoveError } from '../platform/errors.ts';
import { type Degeneration, findDegeneration } from './degenerate-text.ts';
import type { Engine, GenerateCall } from './engine.ts';

export interface SelfTestResult {
  /** `undecided`: the text may be one, but nothing shows that it is what the model should say. */
  readonly verdict: 'passed' | 'failed' | 'undecided';
  readonly reason?: Degeneration | 'other-answer' | 'perplexity';
  readonly text: string;
  readonly prefillTokensPerSecond: number | undefined;
  readonly decodeTokensPerSecond: number | undefined;
}

/** Any chat model, however small, answers it with numbers, and no good answer repeats itself. */
const QUESTION = 'Count from one to twenty.';

/** Of an answer whose text is known, a few more than it has; of another, enough to see a collapse and to take a speed. */
const MAX_TOKENS = 24;

/** What every model has read, in one way or another, whatever its language. */
const KNOWN_QUESTION = 'What is the capital of France?';
const KNOWN_ANSWER = 'The capital of France is Paris.';

/**
 * Of the known answer. Measured: 1.0 for the toy, 1.1 for SmolLM2 135M; 2,600 and 2·10¹⁰ where signs or bits of their weights
 * were changed. Numbers without sense find each token of a vocabulary, 30,000 to 250,000, as likely as the next, or less.
 */
const MOST_PERPLEXITY = 1_000;

/** Numbers in a row, in digits or in words of the languages that small models answer in. */
const COUNTING = /1\D+2\D+3|one\W+two\W+three/i;

/**
 * Asks a model for a known answer, greedily, and judges it. It also measures the speeds, so that one short answer serves
 * for both.
 *
 * A record with a reference must give exactly its text: the same weights, decoded greedily, do so on every engine. Of
 * other models it is judged whether the text is one at all; where that says little, and the engine can tell, how likely the
 * model finds a sentence that all models know.
 * @throws what `generate` throws
 */
export async function selfTest(engine: Engine, target: ModelTarget, signal: AbortSignal): Promise<SelfTestResult> {
  const { prompt = QUESTION, expect: expected } = target.model.selfTest ?? {};
  const call: GenerateCall = {
    ...target,
    messages: [{ role: 'user', content: prompt }],
    sampling: { temperature: 0, maxTokens: MAX_TOKENS },
  };
  let text = '';
  let thought = '';
  let prefillTokensPerSecond: number | undefined;
  let decodeTokensPerSecond: number | undefined;
  for await (const event of engine.generate(call, signal)) {
    if (event.type === 'text-delta') text += event.text;
    else if (event.type === 'reasoning-delta') thought += event.text;
    else if (event.type === 'usage') ({ prefillTokensPerSecond, decodeTokensPerSecond } = event.usage);
  }
  let judgement = judge(expected, text, thought);
  if (judgement.verdict === 'undecided' && (await engine.capabilities(target.model)).perplexity) {
    judgement = judgePerplexity(await perplexityOfKnown(engine, target, signal));
  }
  return { ...judgement, text, prefillTokensPerSecond, decodeTokensPerSecond };
}

/** @returns undefined for a model that cannot be made to write the sentence: some templates forbid it */
async function perplexityOfKnown(
  engine: Engine,
  target: ModelTarget,
  signal: AbortSignal,
): Promise<number | undefined> {
  const call: GenerateCall = {
    ...target,
    messages: [{ role: 'user', content: KNOWN_QUESTION }],
    sampling: { temperature: 0, maxTokens: MAX_TOKENS },
    responseFormat: { type: 'grammar', grammar: `root ::= ${JSON.stringify(KNOWN_ANSWER)}` },
    perplexity: true,
  };
  let perplexity: number | undefined;
  try {
    for await (const event of engine.generate(call, signal)) {
      if (event.type === 'usage') perplexity = event.usage.perplexity;
    }
  } catch (error) {
    if (!AlcoveError.isInstance(error) || error.code !== 'generation-failed') throw error;
  }
  return perplexity;
}

function judgePerplexity(perplexity: number | undefined): Judgement {
  if (perplexity === undefined) return { verdict: 'undecided' };
  return perplexity <= MOST_PERPLEXITY ? { verdict: 'passed' } : { verdict: 'failed', reason: 'perplexity' };
}

type Judgement = Pick<SelfTestResult, 'verdict' | 'reason'>;

function judge(expected: string | undefined, text: string, thought: string): Judgement {
  if (expected !== undefined) {
    return text.trim() === expected ? { verdict: 'passed' } : { verdict: 'failed', reason: 'other-answer' };
  }
  const written = thought + text;
  const collapse = findDegeneration(written);
  if (collapse !== undefined) return { verdict: 'failed', reason: collapse };
  return { verdict: COUNTING.test(written) ? 'passed' : 'undecided' };
}
