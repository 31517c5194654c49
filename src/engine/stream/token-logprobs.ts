import type { TokenLogprob, TokenLogprobs } from '../engine.ts';

/** Log probabilities of a token in the form of OpenAI's protocol, in which both engines give them. */
interface OpenAiLogprobs extends OpenAiLogprob {
  readonly top_logprobs: readonly OpenAiLogprob[];
}

interface OpenAiLogprob {
  readonly token: string;
  readonly bytes: readonly number[] | null;
  readonly logprob: number;
}

/** @param topCount how many alternatives were asked for; an engine may give one more, because it cannot give none */
export function toTokenLogprobs(token: OpenAiLogprobs, topCount: number): TokenLogprobs {
  return { ...toTokenLogprob(token), top: token.top_logprobs.slice(0, topCount).map(toTokenLogprob) };
}

function toTokenLogprob({ token, bytes, logprob }: OpenAiLogprob): TokenLogprob {
  return { token, bytes: bytes ?? undefined, logprob };
}
