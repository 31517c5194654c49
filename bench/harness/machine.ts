import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { requireChromium } from '../../tools/find-chromium.ts';

/** What the numbers were measured on. */
export function machine(): Readonly<Record<string, string | number>> {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    chromium: command(requireChromium(), '--version'),
    commit: command('git', 'rev-parse', '--short', 'HEAD'),
  };
}

function command(name: string, ...args: readonly string[]): string {
  try {
    return execFileSync(name, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
