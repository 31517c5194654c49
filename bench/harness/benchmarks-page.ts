/** The table in docs/benchmarks.md, which `npm run bench` writes. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { LatestResults } from './latest-results.ts';
import type { Machine } from './machine.ts';
import { COLUMNS, cellsOf, markdownTable } from './row.ts';

const PAGE = new URL('../../docs/benchmarks.md', import.meta.url);
/** The table goes between these two lines. */
const START = '<!-- Written by `npm run bench` from bench/latest-results.json. -->';
const END = '<!-- End of the table. -->';
const HEAD = ['benchmark', ...COLUMNS, 'rounds', 'day'];

export function writeBenchmarksPage(results: LatestResults): void {
  writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), results));
}

/** @returns the page's text with the table of these results in place of the one in it */
export function withTable(page: string, results: LatestResults): string {
  const [before, rest] = page.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error('docs/benchmarks.md has no place for the table');
  return `${before}${START}\n\n${tableOf(results)}\n\n${END}${after}`;
}

function tableOf(results: LatestResults): string {
  const machines: string[] = [];
  const rows = Object.entries(results).flatMap(([name, { date, machine, rounds, otherLoad, results: all }]) => {
    const text = describeMachine(machine);
    if (!machines.includes(text)) machines.push(text);
    const day = `${date.slice(5)}, ${letterOf(machines.indexOf(text))}${otherLoad ? '*' : ''}`;
    return all.filter(({ bar }) => bar !== undefined).map((result) => [name, ...cellsOf(result), String(rounds), day]);
  });
  const legend = machines.map((text, index) => `${letterOf(index)}: ${text}.`).join(' ');
  return `${markdownTable(HEAD, rows)}\n\n${legend} \\*: other programs ran at the same time.`;
}

function letterOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function describeMachine({ processor, cores, memoryGib, chromium, webLlm, wllama }: Machine): string {
  return `${processor}, ${cores} cores, ${memoryGib} GiB, ${chromium}, web-llm ${webLlm}, wllama ${wllama}`;
}
