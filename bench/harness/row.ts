import { type Figure, formatFigure, median, ratio } from './figure.ts';

/** What a measure must reach: a limit on the ratio where there is a peer, else on our own figure. */
export type Bar = { readonly atLeast: number } | { readonly atMost: number };

/** One line of the table. */
export interface Row {
  readonly measure: string;
  readonly ours: Figure;
  readonly peer?: { readonly name: string; readonly figure: Figure };
  /** Undefined for a figure that is printed to be known. */
  readonly bar?: Bar;
}

/** A row as it is printed and saved. */
export interface Result extends Row {
  readonly ratio: Figure | undefined;
  readonly met: boolean | undefined;
}

export function toResult(row: Row): Result {
  const quotient = row.peer === undefined ? undefined : ratio(row.ours, row.peer.figure);
  const judged = median((quotient ?? row.ours).values);
  return { ...row, ratio: quotient, met: row.bar === undefined ? undefined : isMet(judged, row.bar) };
}

export function formatTable(results: readonly Result[]): string {
  const lines = [
    ['measure', 'ours', 'peer', 'ratio', 'bar', 'met'],
    ...results.map(({ measure, ours, peer, ratio, bar, met }) => [
      measure,
      formatFigure(ours),
      peer === undefined ? '–' : `${peer.name}: ${formatFigure(peer.figure)}`,
      ratio === undefined ? '–' : formatFigure(ratio),
      bar === undefined ? '–' : 'atLeast' in bar ? `≥ ${bar.atLeast}` : `≤ ${bar.atMost}`,
      met === undefined ? '–' : met ? 'yes' : 'NO',
    ]),
  ];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const rows = lines.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  rows.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  return rows.join('\n');
}

function isMet(value: number, bar: Bar): boolean {
  return 'atLeast' in bar ? value >= bar.atLeast : value <= bar.atMost;
}
