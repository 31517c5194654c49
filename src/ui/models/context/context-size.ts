import { formatNumber } from '../../lib/format.ts';

/** `8K` for 8,192 tokens, `128K`, `1M`: as the makers of models write context windows, in units of 1,024 tokens. */
export function contextSize(tokens: number): string {
  if (tokens < 1_024) return formatNumber(tokens);
  const thousands = tokens / 1_024;
  return thousands < 1_000
    ? `${formatNumber(thousands, thousands < 10 ? 1 : 0)}K`
    : `${formatNumber(thousands / 1_024, 1)}M`;
}
