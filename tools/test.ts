/**
 * All tests: finds or installs a browser, builds, then runs Vitest and Playwright one after the other. The last line is
 * the sum of both: "N passed, N failed".
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowser } from './ensure-browser.ts';

interface Totals {
  readonly passed: number;
  readonly failed: number;
}

ensureBrowser();
const folder = mkdtempSync(join(tmpdir(), 'alcove-tests-'));
const totals: Totals[] = [];
try {
  if (run('npm', ['run', 'build'])) {
    totals.push(runVitest(), runPlaywright());
  } else {
    console.error('The build failed: nothing was tested.');
    totals.push({ passed: 0, failed: 1 });
  }
} finally {
  rmSync(folder, { recursive: true });
}
const passed = totals.reduce((sum, part) => sum + part.passed, 0);
const failed = totals.reduce((sum, part) => sum + part.failed, 0);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);

function runVitest(): Totals {
  const report = join(folder, 'vitest.json');
  const args = ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ok = run('npx', args);
  const { numPassedTests, numFailedTests } = readReport(report);
  return totalsOf(ok, numPassedTests, numFailedTests);
}

function runPlaywright(): Totals {
  const report = join(folder, 'playwright.json');
  const args = ['playwright', 'test', '--config=e2e/playwright.config.ts', '--reporter=list,json'];
  const ok = run('npx', args, { PLAYWRIGHT_JSON_OUTPUT_NAME: report });
  const { stats } = readReport(report);
  const counts = typeof stats === 'object' && stats !== null ? (stats as Record<string, unknown>) : {};
  return totalsOf(ok, counts['expected'], counts['unexpected']);
}

/** A runner that ends badly without a failed test (a file that cannot be read, a crash) counts as one failure. */
function totalsOf(ok: boolean, passedCount: unknown, failedCount: unknown): Totals {
  const failures = Number(failedCount ?? 0);
  return { passed: Number(passedCount ?? 0), failed: ok ? failures : Math.max(1, failures) };
}

function readReport(path: string): Record<string, unknown> {
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
