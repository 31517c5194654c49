/** Rows of the benchmarks' table: what was measured, beside a peer and a target. */
import { type Figure, formatFigure, median, ratio } from './figure.ts';

/** What a measure must reach: a limit on the ratio where there is a peer, else on our own figure. */
export type Bar = { readonly atLeast: number } | { readonly atMost: number };

/** What one benchmark returns for one measure. */
export interface Row {
  /** Says what was measured without the rows around it. */
  readonly measure: string;
  readonly ours: Figure;
  readonly peer?: { readonly name: string; readonly figure: Figure };
  /** Left out for a figure without a target: docs/benchmarks.md does not show it. */
  readonly bar?: Bar;
}

/** A row as it is kept and printed. */
export interface Result extends Row {
  /** Ours ÷ the peer's, round by round. */
  readonly ratio?: Figure;
}

export function toResult(row: Row): Result {
  return row.peer === undefined ? row : { ...row, ratio: ratio(row.ours, row.peer.figure) };
}

export const COLUMNS = ['measure', 'ours', 'peer', 'ratio', 'target', 'met'] as const;

/** A result's cells, in the order of COLUMNS. */
export function cellsOf(result: Result): readonly string[] {
  const { measure, ours, peer, bar } = result;
  const met = isMet(result);
  return [
    measure,
    formatFigure(ours),
    peer === undefined ? '–' : `${peer.name}: ${formatFigure(peer.figure)}`,
    result.ratio === undefined ? '–' : formatFigure(result.ratio),
    bar === undefined ? '–' : 'atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`,
    met === undefined ? '–' : met ? 'yes' : '**no**',
  ];
}

/** Undefined without a target. */
export function isMet(result: Result): boolean | undefined {
  const { bar, ours, ratio: quotient = ours } = result;
  if (bar === undefined) return undefined;
  const value = median(quotient.values);
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost;
}

/** A Markdown table whose columns are aligned. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
