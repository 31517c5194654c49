import type { ModelTarget } from '../models/backend.ts';
import { AlcoveError, isAbortError } from '../platform/errors.ts';
import { type Degeneration, findDegeneration } from './degenerate-text.ts';
import type { Engine, GenerateCall } from './engine.ts';

export interface SelfTestResult {
  /** `undecided`: nothing shows that the text is what the model should write, or there was no time for enough of it. */
  readonly status: 'passed' | 'failed' | 'undecided';
  readonly reason?: Degeneration | 'other-answer' | 'perplexity';
  readonly text: string;
  readonly prefillTokensPerSecond: number | undefined;
  readonly decodeTokensPerSecond: number | undefined;
}

/** Any chat model, however small, answers this with numbers, and no good answer repeats itself. */
const QUESTION = 'Count from one to twenty.';

/** A few more tokens than a known answer has; enough of another answer to see a collapse and to measure the speed. */
const MAX_TOKENS = 24;

/** Every model has read this in some form, whatever its language. */
const KNOWN_QUESTION = 'What is the capital of France?';
const KNOWN_ANSWER = 'The capital of France is Paris.';

/**
 * Perplexity of the known answer. Measured: 1.0 for the toy, 1.1 for SmolLM2 135M; 2,600 and 2·10¹⁰ after signs or bits of
 * their weights were changed. Random numbers find all 30,000 to 250,000 tokens of a vocabulary equally likely.
 */
const MOST_PERPLEXITY = 1_000;

/** Numbers in a row, in digits or in words of the languages that small models answer in. */
const COUNTING = /1\D+2\D+3|one\W+two\W+three/i;

/**
 * Asks a model for a known answer, greedily, and judges it. It also measures the speeds, so that one short answer serves
 * for both.
 *
 * The model of a record with a reference must write exactly that text: the same weights, decoded greedily, do so on every
 * engine. The text of another model is judged by whether it is one at all. If that is undecided, and the engine reports
 * perplexity, the model is judged by how likely it finds a sentence that all models know.
 * @param limit cuts the test short: the model is judged by what it has written until then
 * @throws what `generate` throws
 */
export async function selfTest(
  engine: Engine,
  target: ModelTarget,
  signal: AbortSignal,
  limit: AbortSignal = new AbortController().signal,
): Promise<SelfTestResult> {
  const { prompt = QUESTION, expect: expected } = target.model.selfTest ?? {};
  const call: GenerateCall = {
    ...target,
    messages: [{ role: 'user', content: prompt }],
    sampling: { temperature: 0, maxTokens: MAX_TOKENS },
  };
  let text = '';
  let reasoning = '';
  let prefillTokensPerSecond: number | undefined;
  let decodeTokensPerSecond: number | undefined;
  const either = AbortSignal.any([signal, limit]);
  const isCut = await isCutShort(signal, async () => {
    for await (const event of engine.generate(call, either)) {
      if (event.type === 'text-delta') text += event.text;
      else if (event.type === 'reasoning-delta') reasoning += event.text;
      else if (event.type === 'usage') ({ prefillTokensPerSecond, decodeTokensPerSecond } = event.usage);
    }
  });
  let judgement = isCut ? judgePart(expected, text, reasoning) : judge(expected, text, reasoning);
  if (judgement.status === 'undecided' && !isCut && (await engine.capabilities(target.model)).perplexity) {
    await isCutShort(signal, async () => {
      judgement = judgePerplexity(await perplexityOfKnown(engine, target, either));
    });
  }
  return { ...judgement, text, prefillTokensPerSecond, decodeTokensPerSecond };
}

/** @returns whether the limit ended the call; a cancel of the test itself is thrown */
async function isCutShort(signal: AbortSignal, call: () => Promise<void>): Promise<boolean> {
  try {
    await call();
    return false;
  } catch (error) {
    if (!isAbortError(error) || signal.aborted) throw error;
    return true;
  }
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
  if (perplexity === undefined) return { status: 'undecided' };
  return perplexity <= MOST_PERPLEXITY ? { status: 'passed' } : { status: 'failed', reason: 'perplexity' };
}

type Judgement = Pick<SelfTestResult, 'status' | 'reason'>;

/** The beginning of an answer shows some defects, and nothing else. */
function judgePart(expected: string | undefined, text: string, reasoning: string): Judgement {
  if (expected?.startsWith(text.trim()) || reasoning + text === '') return { status: 'undecided' };
  return judge(expected, text, reasoning);
}

function judge(expected: string | undefined, text: string, reasoning: string): Judgement {
  if (expected !== undefined) {
    return text.trim() === expected ? { status: 'passed' } : { status: 'failed', reason: 'other-answer' };
  }
  const written = reasoning + text;
  const collapse = findDegeneration(written);
  if (collapse !== undefined) return { status: 'failed', reason: collapse };
  return { status: COUNTING.test(written) ? 'passed' : 'undecided' };
}
