/** The values that the rounds of one measure gave. */
export interface Figure {
  readonly unit: string;
  readonly values: readonly number[];
}

export function figure(unit: string, values: readonly number[]): Figure {
  if (values.length === 0) throw new Error(`no value was measured (${unit})`);
  return { unit, values };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new Error('the median of nothing');
  return (low + high) / 2;
}

/** Each round's own quotient: what slows the machine down for a while slows both of a round. */
export function ratio(ours: Figure, peer: Figure): Figure {
  return figure(
    '',
    ours.values.map((value, round) => value / (peer.values[round] ?? Number.NaN)),
  );
}

/** `118 MB/s (112–121)`: median, then the least and the most where there was more than one round. */
export function formatFigure({ unit, values }: Figure): string {
  const text = `${formatNumber(median(values))}${unit === '' ? '' : ` ${unit}`}`;
  if (values.length === 1) return text;
  return `${text} (${formatNumber(Math.min(...values))}–${formatNumber(Math.max(...values))})`;
}

function formatNumber(value: number): string {
  const magnitude = Math.abs(value);
  const digits = Number.isInteger(value) || magnitude >= 1000 ? 0 : magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 3;
  return value.toFixed(digits);
}
