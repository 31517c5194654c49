/** bench/latest-results.json: what each benchmark's last run gave, on which machine and when. In git, for docs/benchmarks.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from './machine.ts';
import type { Result } from './row.ts';

const FILE = new URL('../latest-results.json', import.meta.url);

export interface BenchmarkRun {
  /** The day, as YYYY-MM-DD. */
  readonly date: string;
  readonly machine: Machine;
  readonly rounds: number;
  /** Whether other programs ran at the start, which makes figures worse and spreads wider. */
  readonly otherLoad: boolean;
  readonly results: readonly Result[];
}

/** By the benchmark's name, in the order of the table. */
export type LatestResults = Readonly<Record<string, BenchmarkRun>>;

export function readLatestResults(): LatestResults {
  return JSON.parse(readFileSync(FILE, 'utf8')) as LatestResults;
}

/** Replaces the benchmark's earlier run and keeps the other benchmarks' results. @returns all of them */
export function addRun(name: string, run: BenchmarkRun): LatestResults {
  const all = { ...readLatestResults(), [name]: run };
  const text = JSON.stringify(all, undefined, 2);
  // The values of a figure on one line.
  writeFileSync(FILE, `${text.replace(/\[[\d\s.,e-]+\]/g, (values) => values.replace(/\s+/g, ' '))}\n`);
  return all;
}
