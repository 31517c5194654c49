/** The values of one measure, one per round. */
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

/** Quotients within each round, because a slow minute of the machine slows both contenders of that round. */
export function ratio(ours: Figure, peer: Figure): Figure {
  return figure(
    '',
    ours.values.map((value, round) => value / (peer.values[round] ?? Number.NaN)),
  );
}

/** `118 MB/s (112–121)`: the median, then least and most if there was more than one round. */
export function formatFigure({ unit, values }: Figure): string {
  const text = `${formatNumber(median(values))}${unit === '' ? '' : ` ${unit}`}`;
  if (values.length === 1) return text;
  return `${text} (${formatNumber(Math.min(...values))}–${formatNumber(Math.max(...values))})`;
}

/** At most 3 decimals, fewer for larger numbers, without trailing zeros. */
function formatNumber(value: number): string {
  const magnitude = Math.abs(value);
  return String(Number(value.toFixed(magnitude >= 100 ? 0 : magnitude >= 10 ? 1 : 3)));
}
