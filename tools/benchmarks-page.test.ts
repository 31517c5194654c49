import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withTable } from '../bench/harness/benchmarks-page.ts';
import { readLatestResults } from '../bench/harness/latest-results.ts';

const page = readFileSync(new URL('../docs/benchmarks.md', import.meta.url), 'utf8');

test('docs/benchmarks.md shows the kept results, in at most 80 lines', () => {
  expect(withTable(page, readLatestResults())).toBe(page);
  expect(page.trimEnd().split('\n').length).toBeLessThanOrEqual(80);
});

test('a ratio is judged where there is a peer, and other load is marked', () => {
  const [run] = Object.values(readLatestResults());
  if (run === undefined) throw new Error('no results are kept');
  const figure = (value: number) => ({ unit: 'ms', values: [value] });
  const ratio = { unit: '', values: [0.5] };
  const result = {
    measure: 'a',
    ours: figure(10),
    peer: { name: 'b', figure: figure(20) },
    ratio,
    bar: { atMost: 0.4 },
  };
  const text = withTable(page, { x: { ...run, date: '2026-12-01', otherLoad: true, rounds: 3, results: [result] } });
  expect(text).toMatch(/\| x +\| a +\| 10 ms +\| b: 20 ms \| 0\.5 +\| ≤ 0\.4 +\| \*\*no\*\* +\| 3 +\| 12-01, A\* +\|/);
});
